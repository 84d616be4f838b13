package facesearch_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/facekeep/facekeep/face"
)

func get(h http.Handler, target string) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, target, http.NoBody))
	return rec
}

// FuzzBodies sends any body to every operation that takes one: the answer keeps the
// documents, and is never a fault of ours.
func FuzzBodies(f *testing.F) {
	targets := []struct{ method, target, route string }{
		{"POST", "/face-search", "/face-search"},
		{"POST", "/multi-face-search", "/multi-face-search"},
		{"POST", "/collections", "/collections"},
		{"POST", "/collections/x/persons", "/collections/{collection_name}/persons"},
		{"PATCH", "/persons/x", "/persons/{person_id}"},
		{"POST", "/persons/x/faces", "/persons/{person_id}/faces"},
	}
	for i, body := range []string{
		searchBody(f), searchBody(f, "check_liveness=true"), multiBody(f), `{"collection_name":"x"}`,
		`{"person_name":"A","metadata":{"a":"b"},"faces_base_64":["` + somePicture + `"]}`,
		`{"metadata":{"room":null,"b":"c"}}`, `{"face_base_64":"data:image/png;base64,AAAA"}`, `{"max_results":1e99}`, `[`, "\xff",
	} {
		f.Add(uint8(i), body)
	}
	unknown := kept()
	unknown.errs["WatchlistByName"] = face.Errorf(face.NotFound, "none")
	servers := []*server{newServer(f, kept()), newServer(f, unknown)}
	f.Fuzz(func(t *testing.T, which uint8, body string) {
		to := targets[int(which)%len(targets)]
		s := servers[int(which)/len(targets)%len(servers)]
		if rec := s.do(t, to.method, to.target, body, to.route); rec.Code >= http.StatusInternalServerError {
			t.Errorf("%s %s %q: got %d %s", to.method, to.target, body, rec.Code, rec.Body)
		}
	})
}
