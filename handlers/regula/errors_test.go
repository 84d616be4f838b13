package regula

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

func TestWriteError(t *testing.T) {
	t.Parallel()
	tests := []struct {
		err  error
		want operationLog
	}{
		{face.FieldErrorf("name", "name is required"),
			operationLog{StatusCode: 400, Type: "BadParamsException", Msg: "name is required", Metadata: map[string]string{"field": "name"}}},
		{face.Errorf(face.NotFound, "gone"), operationLog{StatusCode: 404, Type: "NotFoundException", Msg: "gone"}},
		{face.Errorf(face.Conflict, "taken"), operationLog{StatusCode: 409, Type: "ConflictException", Msg: "taken"}},
		{fmt.Errorf("enrol: %w", face.Errorf(face.NoFace, "no face")), operationLog{StatusCode: 400, Type: "BadParamsException", Msg: "no face"}},
		{face.Errorf(face.ManyFaces, "two"), operationLog{StatusCode: 400, Type: "BadParamsException", Msg: "two"}},
		{face.Errorf(face.LowQuality, "dim"), operationLog{StatusCode: 400, Type: "BadParamsException", Msg: "dim"}},
		{face.Errorf(face.TooLarge, "picture"), operationLog{StatusCode: 400, Type: "BadParamsException", Msg: "picture"}},
		{face.Wrap(face.TooLarge, &http.MaxBytesError{Limit: 1}, "body"), operationLog{StatusCode: 413, Type: "BadParamsException", Msg: "body"}},
		{face.Errorf(face.Overloaded, "busy"), operationLog{StatusCode: 503, Type: "ServiceUnavailableException", Msg: "busy"}},
		{face.Errorf(face.Unavailable, "away"), operationLog{StatusCode: 503, Type: "ServiceUnavailableException", Msg: "away"}},
		{face.Errorf(face.Timeout, "slow"), operationLog{StatusCode: 504, Type: "TimeoutException", Msg: "slow"}},
		{errors.New("disk on fire"), operationLog{StatusCode: 500, Type: "InternalServerException", Msg: "internal error"}},
	}
	for _, tt := range tests {
		t.Run(tt.err.Error(), func(t *testing.T) {
			t.Parallel()
			rec := httptest.NewRecorder()
			engine := httpx.NewEngine()
			engine.GET("/", func(c *gin.Context) { WriteError(c, tt.err) })
			engine.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", http.NoBody))
			var got operationLog
			if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			delete(got.Metadata, "requestId")
			if tt.want.Metadata == nil {
				tt.want.Metadata = map[string]string{}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			if rec.Code != tt.want.StatusCode {
				t.Errorf("status: got %d, want %d", rec.Code, tt.want.StatusCode)
			}
			if got := rec.Header().Get("Retry-After") != ""; got != (rec.Code == http.StatusServiceUnavailable) {
				t.Errorf("Retry-After with %d: got %t", rec.Code, got)
			}
		})
	}
}
