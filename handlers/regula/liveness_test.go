package regula_test

import (
	"net/http"
	"testing"
)

func TestLivenessTransactions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		confirmed *bool
		age       *float64
		answer    string
	}{
		{"passed", new(true), new(33.6), `"code":0,"status":0,"age":[{"name":"Age","value":[31,37]}]`},
		{"failed", new(false), new(1.2), `"code":254,"status":1,"age":[{"name":"Age","value":[0,4]}]`},
		{"not performed", nil, nil, `"code":252,"status":null,"age":[]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := sampleGallery()
			g.liveness.Confirmed, g.liveness.Age = tt.confirmed, tt.age
			rec := newServer(t, g).do(t, http.MethodGet, transactionRoute+"?transactionId="+faceID, "", transactionRoute)
			if rec.Code != http.StatusOK {
				t.Fatalf("got %d %s, want 200", rec.Code, rec.Body)
			}
			sameJSON(t, rec.Body.String(), `{`+tt.answer+`,"tag":"s-1","transactionId":"`+faceID+`","type":1,
				"metadata":{"score":97.2,"createdAt":"2026-01-05T12:54:01.000000Z"}}`)
		})
	}
}
