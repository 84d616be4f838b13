package facesearch_test

import (
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/handlers/contracttest"
	"github.com/facekeep/facekeep/handlers/facesearch"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// extensions are the operations that the original does not have.
var extensions = map[string]contracttest.Operation{
	"GET /collections":                                          {ID: "listCollections", Statuses: []string{"200", "401", "403", "422"}},
	"POST /collections":                                         {ID: "createCollection", Statuses: []string{"201", "401", "403", "409", "422"}},
	"DELETE /collections/{collection_name}":                     {ID: "deleteCollection", Statuses: []string{"204", "401", "403", "404"}},
	"GET /collections/{collection_name}/persons":                {ID: "listPersons", Statuses: []string{"200", "401", "403", "404", "422"}},
	"POST /collections/{collection_name}/persons":               {ID: "enrolPerson", Statuses: []string{"201", "400", "401", "403", "404", "409", "422"}},
	"PUT /collections/{collection_name}/persons/{person_id}":    {ID: "putPersonIntoCollection", Statuses: []string{"204", "401", "403", "404"}},
	"DELETE /collections/{collection_name}/persons/{person_id}": {ID: "takePersonOutOfCollection", Statuses: []string{"204", "401", "403", "404"}},
	"GET /persons/{person_id}":                                  {ID: "getPerson", Statuses: []string{"200", "401", "403", "404"}},
	"PATCH /persons/{person_id}":                                {ID: "updatePerson", Statuses: []string{"200", "401", "403", "404", "422"}},
	"DELETE /persons/{person_id}":                               {ID: "deletePerson", Statuses: []string{"204", "401", "403", "404"}},
	"POST /persons/{person_id}/faces":                           {ID: "addFace", Statuses: []string{"201", "400", "401", "403", "404", "422"}},
	"DELETE /persons/{person_id}/faces/{face_id}":               {ID: "removeFace", Statuses: []string{"204", "401", "403", "404", "422"}},
}

// listed are the operations of the contract, as the copy of the list has them.
func listed(t *testing.T) map[string]contracttest.Operation {
	t.Helper()
	return contracttest.Operations(t, filepath.Join("testdata", "operations.tsv"), "face-search")
}

// everything is the operations of the contract and our own.
func everything(t *testing.T) map[string]contracttest.Operation {
	t.Helper()
	all := listed(t)
	maps.Copy(all, extensions)
	return all
}

func TestRoutesAreTheOperations(t *testing.T) {
	t.Parallel()
	engine := httpx.NewEngine()
	facesearch.Mount(engine, facesearch.Options{Gallery: &fakeGallery{}, BodyLimit: 1})
	got := contracttest.Routes(engine)
	for _, r := range engine.Routes() {
		if !facesearch.Owns(r.Path) {
			t.Errorf("%s is a route of the dialect, and it does not own it", r.Path)
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(everything(t))), got); diff != "" {
		t.Errorf("-operations +routes\n%s", diff)
	}
}

// Every operation asks for a key, and tells its absence from its being wrong.
func TestEveryOperationNeedsAKey(t *testing.T) {
	t.Parallel()
	s := newServer(t, &fakeGallery{})
	for name := range everything(t) {
		method, route, _ := strings.Cut(name, " ")
		for key, want := range map[string]int{"": http.StatusUnauthorized, "wrong": http.StatusForbidden} {
			s.key = key
			if rec := s.do(t, method, route, "", route); rec.Code != want {
				t.Errorf("%s with the key %q: got %d, want %d", name, key, rec.Code, want)
			}
		}
	}
}

func TestOperationsAreTheContracts(t *testing.T) {
	t.Parallel()
	path := filepath.Join(sharedSpec, "operations.tsv")
	if _, err := os.Stat(path); err != nil {
		t.Skip("the contract is not beside this checkout")
	}
	if diff := cmp.Diff(contracttest.Operations(t, path, "face-search"), listed(t)); diff != "" {
		t.Errorf("-contract +testdata\n%s", diff)
	}
}

// faultStatuses are the statuses that the document has beyond the contract.
var faultStatuses = []string{"413", "500", "503", "504"}

func TestDocumentHasTheOperations(t *testing.T) {
	t.Parallel()
	docs, err := documents()
	if err != nil {
		t.Fatal(err)
	}
	got := contracttest.Documented(t, docs[contracttest.Served], func(_, status string) bool { return slices.Contains(faultStatuses, status) })
	for path, item := range docs[contracttest.Served].Paths.Map() {
		for method, op := range item.Operations() {
			if op.Security == nil {
				t.Errorf("%s %s asks for no key", method, path)
			}
		}
	}
	if diff := cmp.Diff(everything(t), got); diff != "" {
		t.Errorf("-operations +document\n%s", diff)
	}
	if tags := docs[contracttest.Served].Tags; len(tags) != 3 || tags[0].Name != "Face Search" || tags[0].Description == "" {
		t.Errorf("got the tags %v, want three, Face Search first", tags)
	}
}

// The schemas of the contract have the fields of the contract, of the same types and
// with the same defaults. What it calls required and has a default may be left out here.
func TestDocumentKeepsTheSchemas(t *testing.T) {
	t.Parallel()
	docs, err := documents()
	if err != nil {
		t.Fatal(err)
	}
	contract := docs[contracttest.Contract]
	if contract == nil {
		t.Skip("the contract is not beside this checkout")
	}
	for name, want := range contract.Components.Schemas {
		got := docs[contracttest.Served].Components.Schemas[name]
		if got == nil {
			t.Errorf("%s is missing", name)
			continue
		}
		if diff := cmp.Diff(slices.Sorted(maps.Keys(want.Value.Properties)), slices.Sorted(maps.Keys(got.Value.Properties))); diff != "" {
			t.Errorf("%s: -contract +document\n%s", name, diff)
			continue
		}
		for field, w := range want.Value.Properties {
			g := got.Value.Properties[field]
			if w.Value.Type != nil && g.Value.Type != nil && !w.Value.Type.Is(g.Value.Type.Slice()[0]) ||
				w.Value.Format != g.Value.Format || !cmp.Equal(w.Value.Default, g.Value.Default) {
				t.Errorf("%s.%s: got %v %s %v, want %v %s %v", name, field,
					g.Value.Type, g.Value.Format, g.Value.Default, w.Value.Type, w.Value.Format, w.Value.Default)
			}
			required := slices.Contains(want.Value.Required, field) && w.Value.Default == nil
			if has := slices.Contains(got.Value.Required, field); has != required {
				t.Errorf("%s.%s: required is %v, want %v", name, field, has, required)
			}
		}
	}
}

func TestDocumentIsServed(t *testing.T) {
	t.Parallel()
	s := newServer(t, &fakeGallery{})
	for target, want := range map[string]string{
		"/swagger/facesearch/index.html": "Facekeep: facesearch",
		"/swagger/facesearch/doc.json":   `"face_base_64":{"`,
	} {
		rec := get(s.handler, target)
		if rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), want) {
			t.Errorf("%s: got %d, want 200 with %s", target, rec.Code, want)
		}
	}
}
