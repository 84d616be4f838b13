package main_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// TestFaceSearchExamplesRun sends the request bodies that the Swagger page of the dialect
// offers, as they stand, in the order that the page suggests.
func TestFaceSearchExamplesRun(t *testing.T) {
	t.Parallel()
	where := embedded(t)
	s := start(t, where)
	f := s.faceSearcher(where)
	doc := want[swaggerDoc](s, http.StatusOK, "GET", "/swagger/facesearch/doc.json", nil)
	for _, op := range []struct {
		method, path string
		status       int
		holds        string
	}{
		{"post", "/collections", 201, `"collection_id":"MyCollection"`},
		{"post", "/collections/{collection_name}/persons", 201, `"person_id":"barack"`},
		{"post", "/face-search", 200, `"person_id":"barack"`},
		{"post", "/multi-face-search", 200, `"person_search_results":[{"person_id":"barack"`},
		{"patch", "/persons/{person_id}", 200, `"room":"14"`},
		{"post", "/persons/{person_id}/faces", 201, `"face_id"`},
		{"put", "/collections/{collection_name}/persons/{person_id}", 204, ""},
		{"delete", "/collections/{collection_name}/persons/{person_id}", 204, ""},
		{"get", "/persons/{person_id}", 200, `"collections":[]`},
		{"delete", "/persons/{person_id}", 204, ""},
		{"delete", "/collections/{collection_name}", 204, ""},
	} {
		var body any
		if op.method != "get" && op.method != "delete" && op.method != "put" {
			body = doc.example(t, op.method, op.path)
		}
		path := op.path
		for _, name := range []string{"collection_name", "person_id"} {
			path = strings.ReplaceAll(path, "{"+name+"}", doc.pathExample(op.method, op.path, name))
		}
		answer := f.sent(strings.ToUpper(op.method), path, body, op.path)
		got[json.RawMessage](f, op.status, answer)
		if !strings.Contains(string(answer.body), op.holds) {
			t.Errorf("%s %s with its example: got %.300s, want %s in it", op.method, op.path, answer.body, op.holds)
		}
	}
}
