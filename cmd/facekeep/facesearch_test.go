package main_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/handlers/contracttest"
)

// faceSearcher speaks the face-search dialect with a key; every answer is held to the
// documents.
type faceSearcher struct {
	*server

	docs contracttest.Documents
	key  string
}

// faceSearcher returns a client with a key of the role admin.
func (s *server) faceSearcher(where storage) *faceSearcher {
	s.t.Helper()
	doc := want[json.RawMessage](s, http.StatusOK, "GET", "/swagger/facesearch/doc.json", nil)
	docs, err := contracttest.Load(doc, filepath.Join(root, "..", "shared", "spec", "face-search.openapi.json"))
	if err != nil {
		s.t.Fatal(err)
	}
	return &faceSearcher{server: s, docs: docs, key: keyTool{s.t, where.args[0]}.create("--name=first", "--role=admin")}
}

// as is the same with another key.
func (f *faceSearcher) as(key string) *faceSearcher {
	other := *f
	other.key = key
	return &other
}

// faceAnswer is an answer of the dialect.
type faceAnswer struct {
	status int
	header http.Header
	body   []byte
}

// sent sends a request. The path is also the route, but for what follows a "?" or is
// given in its place.
func (f *faceSearcher) sent(method, path string, body any, route ...string) faceAnswer {
	f.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		f.t.Fatal(err)
	}
	if body == nil {
		text = nil
	}
	req, err := http.NewRequest(method, f.url+path, bytes.NewReader(text))
	if err != nil {
		f.t.Fatal(err)
	}
	if f.key != "" {
		req.Header.Set("x-api-key", f.key)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		f.t.Fatalf("%s %s: %v\n%s", method, path, err, f.log)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	f.check(contracttest.Answer{Method: method, Route: slices.Concat(route, []string{path})[0], Status: resp.StatusCode, Header: resp.Header, Body: data})
	return faceAnswer{resp.StatusCode, resp.Header, data}
}

// check holds an answer to the server's document, and to the contract where that has
// the operation.
func (f *faceSearcher) check(a contracttest.Answer) {
	f.t.Helper()
	held := contracttest.Documents{contracttest.Served: f.docs[contracttest.Served]}
	if contract := f.docs[contracttest.Contract]; contract != nil && contract.Paths.Find(a.Route) != nil {
		held[contracttest.Contract] = contract
	}
	held.CheckAs(f.t, a, contracttest.FaceSearchErrors)
}

// got decodes an answer that must have a status.
func got[T any](f *faceSearcher, status int, a faceAnswer) (out T) {
	f.t.Helper()
	if a.status != status {
		f.t.Fatalf("got %d %s, want %d\n%s", a.status, a.body, status, f.log)
	}
	if len(a.body) > 0 {
		if err := json.Unmarshal(a.body, &out); err != nil {
			f.t.Fatalf("%s: %v", a.body, err)
		}
	}
	return out
}

// failed fails the test unless an answer is an error of a code, which may have another
// behind a slash, and returns nothing.
func (f *faceSearcher) failed(name string, a faceAnswer, status int, code string) {
	f.t.Helper()
	var e struct {
		Code     string
		Metadata struct{ Code string }
	}
	if err := json.Unmarshal(a.body, &e); err != nil {
		f.t.Fatalf("%s: got %d %s: %v", name, a.status, a.body, err)
	}
	if found := strings.TrimSuffix(e.Code+"/"+e.Metadata.Code, "/"); a.status != status || found != code {
		f.t.Errorf("%s: got %d %s, want %d %s", name, a.status, found, status, code)
	}
}

// hit is one who was found.
type hit struct {
	ID         string            `json:"person_id"`
	Name       string            `json:"person_name"`
	Metadata   map[string]string `json:"metadata"`
	Face       []byte            `json:"face_base_64"`
	Similarity float64           `json:"similarity_score"`
}

// hits is the answer of the search for all faces.
type hits struct {
	Persons      []hit    `json:"person_search_results"`
	Unrecognized [][]byte `json:"unrecognized_face_thumbnails_base_64"`
}

func idsOf(all []hit) []string {
	out := make([]string, 0, len(all))
	for _, h := range all {
		out = append(out, h.ID)
	}
	return out
}

func (f *faceSearcher) collection(name string) {
	f.t.Helper()
	got[object](f, http.StatusCreated, f.sent("POST", "/collections", object{"collection_name": name}))
}

func (f *faceSearcher) enrol(collection, id string, pictures ...string) {
	f.t.Helper()
	got[object](f, http.StatusCreated, f.sent("POST", "/collections/"+collection+"/persons",
		object{"person_id": id, "person_name": id, "faces_base_64": pictures}, "/collections/{collection_name}/persons"))
}

func (f *faceSearcher) search(collection, data string, more object) faceAnswer {
	f.t.Helper()
	body := object{"collection_name": collection, "face_base_64": data, "check_liveness": false, "min_similarity_score": 0.7, "max_results": 1}
	maps.Copy(body, more)
	return f.sent("POST", "/face-search", body)
}

func (f *faceSearcher) searchAll(collection, data string, least float64) hits {
	f.t.Helper()
	return got[hits](f, http.StatusOK, f.sent("POST", "/multi-face-search",
		object{"collection_name": collection, "multi_face_img_base_64": data, "min_similarity_score": least}))
}

// TestFaceSearch uses the dialect as a client does, over the gallery that SmartFace
// uses too.
func TestFaceSearch(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, where storage) {
		t.Helper()
		s := start(t, where)
		f := s.faceSearcher(where)
		f.collection("staff")
		got[object](f, http.StatusCreated, f.sent("POST", "/collections/staff/persons", object{
			"person_id": "barack", "person_name": "Barack Obama", "metadata": object{"room": "12"}, "faces_base_64": []string{portrait(t, "obama.jpg")},
		}, "/collections/{collection_name}/persons"))
		found := got[[]hit](f, http.StatusOK, f.search("staff", portrait(t, "obama2.jpg"), nil))
		if len(found) != 1 || found[0].ID != "barack" || found[0].Name != "Barack Obama" || found[0].Similarity < 0.7 ||
			!cmp.Equal(found[0].Metadata, map[string]string{"room": "12"}) || http.DetectContentType(found[0].Face) != "image/jpeg" {
			t.Errorf("got %+v, want barack", found)
		}
		if found := got[[]hit](f, http.StatusOK, f.search("staff", portrait(t, "biden.jpg"), nil)); len(found) != 0 {
			t.Errorf("a stranger: got %v, want nobody", idsOf(found))
		}
		sharesWithSmartFace(t, f)
		changesPeople(t, f)
		keysCount(t, f, where)
	})
}

// sharesWithSmartFace checks that either dialect finds whom the other enrolled, and that
// who is deleted in one is gone in both.
func sharesWithSmartFace(t *testing.T, f *faceSearcher) {
	t.Helper()
	smartFace := func() []string {
		faces := want[[]searchAnswer](f.server, http.StatusOK, "POST", searchPath, object{"image": object{"data": portrait(t, "obama2.jpg")}, "watchlistIds": []string{"staff"}})
		out := make([]string, 0, len(faces[0].MatchResults))
		for _, m := range faces[0].MatchResults {
			out = append(out, m.WatchlistMemberID)
		}
		return out
	}
	if got := smartFace(); !slices.Equal(got, []string{"barack"}) {
		t.Errorf("SmartFace finds %v, want barack", got)
	}
	watchlist(f.server, "0190-guests")
	want[object](f.server, http.StatusOK, "PUT", listPath, object{"id": "0190-guests", "displayName": "guests", "fullName": "The Guests"})
	body := register("joe", portrait(t, "biden.jpg"), "0190-guests")
	body["labels"] = []object{{"key": "floor", "value": "1"}, {"key": "floor", "value": "2"}}
	want[object](f.server, http.StatusCreated, "POST", registerPath, body)
	for _, name := range []string{"0190-guests", "The Guests", "guests"} {
		found := got[[]hit](f, http.StatusOK, f.search(name, portrait(t, "biden.jpg"), nil))
		if !slices.Equal(idsOf(found), []string{"joe"}) || found[0].Metadata["floor"] != `["1","2"]` {
			t.Errorf("among %s: got %+v, want joe of two floors", name, found)
		}
	}
	got[object](f, http.StatusNoContent, f.sent("DELETE", "/persons/joe", nil, "/persons/{person_id}"))
	want[object](f.server, http.StatusNotFound, "GET", memberPath+"/joe", nil)
	if found := got[[]hit](f, http.StatusOK, f.search("guests", portrait(t, "biden.jpg"), nil)); len(found) != 0 {
		t.Errorf("after the deletion: got %v, want nobody", idsOf(found))
	}
	want[object](f.server, http.StatusNoContent, "DELETE", memberPath+"/barack", nil)
	if found := got[[]hit](f, http.StatusOK, f.search("staff", portrait(t, "obama.jpg"), nil)); len(found) != 0 {
		t.Errorf("deleted in SmartFace: got %v, want nobody", idsOf(found))
	}
}

// changesPeople checks what changes who is found: faces, collections, deletion.
func changesPeople(t *testing.T, f *faceSearcher) {
	t.Helper()
	const person, faces, member = "/persons/{person_id}", "/persons/{person_id}/faces", "/collections/{collection_name}/persons/{person_id}"
	finds := func(step, collection, data string, want ...string) {
		t.Helper()
		found := idsOf(got[[]hit](f, http.StatusOK, f.search(collection, portrait(t, data), nil)))
		if diff := cmp.Diff(append([]string{}, want...), found); diff != "" {
			t.Errorf("%s: found in %s: (-want +got)\n%s", step, collection, diff)
		}
	}
	f.collection("visitors")
	f.enrol("visitors", "b/2", portrait(t, "obama.jpg"))
	id := "/persons/b%2F2"
	added := got[struct {
		ID string `json:"face_id"`
	}](f, http.StatusCreated, f.sent("POST", id+"/faces", object{"face_base_64": portrait(t, "biden.jpg")}, faces))
	finds("a second face", "visitors", "biden.jpg", "b/2")
	got[object](f, http.StatusNoContent, f.sent("PUT", "/collections/staff/persons/b%2F2", nil, member))
	finds("put into another collection", "staff", "biden.jpg", "b/2")
	got[object](f, http.StatusNoContent, f.sent("DELETE", id+"/faces/"+added.ID, nil, faces+"/{face_id}"))
	finds("the face removed", "visitors", "biden.jpg")
	finds("the face removed", "staff", "obama2.jpg", "b/2")
	shown := got[struct {
		Name        string              `json:"person_name"`
		Metadata    map[string]string   `json:"metadata"`
		Faces       []object            `json:"faces"`
		Collections []map[string]string `json:"collections"`
	}](f, http.StatusOK, f.sent("PATCH", id, object{"person_name": "B.", "metadata": object{"a": "1"}}, person))
	if shown.Name != "B." || shown.Metadata["a"] != "1" || len(shown.Faces) != 1 || len(shown.Collections) != 2 {
		t.Errorf("changed: got %+v, want B. with one face in two collections", shown)
	}
	got[object](f, http.StatusNoContent, f.sent("DELETE", "/collections/staff/persons/b%2F2", nil, member))
	finds("taken out", "staff", "obama2.jpg")
	finds("taken out of the other", "visitors", "obama2.jpg", "b/2")
	got[object](f, http.StatusNoContent, f.sent("DELETE", "/collections/visitors", nil, "/collections/{collection_name}"))
	f.failed("a collection deleted", f.search("visitors", portrait(t, "obama.jpg"), nil), 404, "ERR_NOT_FOUND")
	got[object](f, http.StatusOK, f.sent("GET", id, nil, person))
	got[object](f, http.StatusNoContent, f.sent("DELETE", id, nil, person))
	f.failed("a person deleted", f.sent("GET", id, nil, person), 404, "ERR_NOT_FOUND")
}

// keysCount checks what keys of other roles, for other collections, or that are no keys
// at all allow.
func keysCount(t *testing.T, f *faceSearcher, where storage) {
	t.Helper()
	f.collection("mine")
	probe := portrait(t, "obama.jpg")
	tool := keyTool{t, where.args[0]}
	search := f.as(tool.create("--name=searcher", "--role=search"))
	mine := f.as(tool.create("--name=mine", "--role=admin", "--watchlist=mine"))
	brief := f.as(tool.create("--name=brief", "--role=search", "--expires=2s"))
	got[[]hit](search, http.StatusOK, search.search("staff", probe, nil))
	got[[]hit](mine, http.StatusOK, mine.search("mine", probe, nil))
	f.failed("no key", f.as("").search("staff", probe, nil), 401, "ERR_API_KEY_NOT_PRESENT")
	f.failed("a wrong key", f.as(f.key[:len(f.key)-1]).search("staff", probe, nil), 403, "ERR_API_KEY_NOT_VALID")
	for brief.sent("GET", "/collections", nil).status == http.StatusOK { // until it has expired
		runtime.Gosched()
	}
	f.failed("an expired key", brief.search("staff", probe, nil), 403, "ERR_API_KEY_NOT_VALID")
	revoked := f.as(tool.create("--name=lost", "--role=admin"))
	got[[]hit](revoked, http.StatusOK, revoked.search("mine", probe, nil))
	if _, says, err := tool.run("revoke", "lost"); err != nil {
		t.Fatalf("revoke: %v\n%s", err, says)
	}
	f.failed("a revoked key", revoked.search("mine", probe, nil), 403, "ERR_API_KEY_NOT_VALID")
	f.failed("another role", search.sent("POST", "/collections", object{"collection_name": "x"}), 403, "ERR_API_KEY_NOT_VALID")
	f.failed("another collection", mine.search("staff", probe, nil), 403, "ERR_API_KEY_NOT_VALID")
	f.failed("no collection, to a key for one", mine.search("nope", probe, nil), 403, "ERR_API_KEY_NOT_VALID")
	f.failed("a collection to be", mine.sent("POST", "/collections", object{"collection_name": "theirs"}), 403, "ERR_API_KEY_NOT_VALID")
	lists := got[struct{ Collections []object }](mine, http.StatusOK, mine.sent("GET", "/collections", nil))
	if len(lists.Collections) != 1 || lists.Collections[0]["collection_id"] != "mine" {
		t.Errorf("a key for one collection lists %v", lists.Collections)
	}
}

// TestFaceSearchErrors provokes each code of the contract with a picture.
func TestFaceSearchErrors(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, where storage) {
		t.Helper()
		f := start(t, where).faceSearcher(where)
		f.collection("staff")
		nobody, probe := encode(grey(t, 640, 480)), portrait(t, "obama.jpg")
		cut := probe[:len(probe)/2/4*4]
		for _, path := range []string{"/face-search", "/multi-face-search"} {
			field := map[string]string{"/face-search": "face_base_64", "/multi-face-search": "multi_face_img_base_64"}[path]
			for name, tt := range map[string]struct {
				collection, data string
				status           int
				code             string
			}{
				"no face":                               {"staff", nobody, 400, "ERR_FACE_NOT_DETECTED"},
				"no collection":                         {"nope", probe, 404, "ERR_NOT_FOUND"},
				"no collection and no face":             {"nope", nobody, 404, "ERR_NOT_FOUND"},
				"no base64":                             {"staff", "%%%", 422, "ERR_BASE64_IMAGE_CANNOT_BE_DECODED"},
				"no picture":                            {"staff", encode([]byte("Second image")), 422, "ERR_BASE64_IMAGE_CANNOT_BE_DECODED"},
				"half a picture":                        {"staff", cut, 422, "ERR_BASE64_IMAGE_CANNOT_BE_DECODED"},
				"half a picture, and no collection":     {"nope", cut, 422, "ERR_BASE64_IMAGE_CANNOT_BE_DECODED"},
				"the beginning of one, no collection":   {"nope", encode([]byte("\xff\xd8\xff\xe0")), 422, "ERR_BASE64_IMAGE_CANNOT_BE_DECODED"},
				"a picture, and no name of any for one": {"", probe, 422, "ERR_UNPROCESSABLE_CONTENT"},
			} {
				f.failed(path+": "+name, f.sent("POST", path, object{"collection_name": tt.collection, field: tt.data, "check_liveness": true}), tt.status, tt.code)
			}
		}
		persons := "/collections/{collection_name}/persons"
		for name, tt := range map[string]struct {
			data   string
			status int
			code   string
		}{
			"no face":     {nobody, 400, "ERR_FACE_NOT_DETECTED"},
			"two faces":   {inOneRow(t, 500, probe, probe), 422, "ERR_UNPROCESSABLE_CONTENT"},
			"no picture":  {cut, 422, "ERR_BASE64_IMAGE_CANNOT_BE_DECODED"},
			"not the id":  {probe, 409, "ERR_CONFLICT"},
			"the control": {probe, 201, ""},
		} {
			id := name
			if tt.status == 409 {
				id = "taken"
				f.enrol("staff", id, probe)
			}
			answer := f.sent("POST", "/collections/staff/persons", object{"person_id": id, "person_name": id, "faces_base_64": []string{tt.data}}, persons)
			if tt.code == "" {
				got[object](f, tt.status, answer)
			} else {
				f.failed("enrol: "+name, answer, tt.status, tt.code)
			}
		}
	})
}
