package regula_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers"
)

// FuzzBodies holds every operation that reads a body to answering it, whatever it
// is, with a success or with the client's fault.
func FuzzBodies(f *testing.F) {
	g := sampleGallery()
	g.enrolled = &gallery.Enrolment{Member: g.members[0]}
	h, err := handlers.New(handlers.Options{Gallery: g})
	if err != nil {
		f.Fatal(err)
	}
	var bodies []int
	for i, op := range operations {
		if op.body != "" {
			bodies = append(bodies, i)
			f.Add(uint8(len(bodies)-1), op.body)
		}
	}
	for _, body := range []string{
		`{"name":"a","ttl":1e400,"expireAt":"9999-99-99","metadata":{"a":{"b":[1,2,{}]}},"groups":["` + groupID + `"]}`,
		`{"image":{"content":"data:image/png;base64,AAAA","imageUrl":"http://127.0.0.1/","resizeOptions":{"width":1}},"filter":{"op":"nin","value":null},"threshold":-0.0,"limit":1e3}`,
		`{"addItems":["` + annID + `",null],"removeItems":[]}`,
	} {
		for i := range bodies {
			f.Add(uint8(i), body)
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, body string) {
		op := operations[bodies[int(which)%len(bodies)]]
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest(op.method, at(op.route), strings.NewReader(body)))
		if rec.Code >= http.StatusInternalServerError {
			t.Errorf("%s %s with %s: got %d %s", op.method, op.route, body, rec.Code, rec.Body)
		}
		g.did = nil
	})
}
