package regula_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers"
)

// inPlace finds one face in every picture that it is shown.
type inPlace struct{ fakeLook }

func (g *inPlace) Match(_ context.Context, q gallery.MatchQuery) (gallery.Matched, error) {
	out := gallery.Matched{Sides: make([]gallery.MatchSide, len(q.Pictures))}
	for i, p := range q.Pictures {
		f := sampleInspected()
		if p.Inspect.Portrait == nil {
			f.Portrait = nil
		}
		out.Sides[i].Faces = []face.Inspected{f}
		for first := range i {
			out.Pairs = append(out.Pairs, gallery.MatchPair{First: first, Second: i})
		}
	}
	return out, nil
}

// FuzzLook holds detect and match to answering every body with a success or with the
// client's fault.
func FuzzLook(f *testing.F) {
	for _, body := range []string{
		`{"image":"cGljdHVyZQ==","processParam":{"quality":{"config":[{"name":"Yaw","range":[-1e308,1e308]}]},"attributes":{},"outputImageParams":{"crop":{"type":4,"size":[7,9],"padColor":[0,0,0]}}}}`,
		`{"image":"cGljdHVyZQ==","processParam":{"scenario":"QualityICAO"},"thumbnails":"true"}`,
		`{"images":[{"index":2147483647,"data":"YQ=="},{"data":"","detectAll":true},{"data":"*"}],"thumbnails":{},"outputImageParams":{"crop":{"returnOriginalRect":true}}}`,
		`{"images":[],"tag":"a"}`, `{"images":[null]}`, `{"processParam":{"quality":{"config":[null]}}}`,
	} {
		f.Add(body)
	}
	h, err := handlers.New(handlers.Options{Gallery: &inPlace{fakeLook: *sampleLook()}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body string) {
		for _, route := range []string{detectRoute, matchRoute} {
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, httptest.NewRequest(http.MethodPost, route, strings.NewReader(body)))
			if rec.Code >= http.StatusInternalServerError {
				t.Errorf("%s with %s: got %d %s", route, body, rec.Code, rec.Body)
			}
		}
	})
}
