package facesearch_test

import (
	"bufio"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/handlers/contracttest"
	"github.com/facekeep/facekeep/handlers/facesearch"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// operation is a line of operations.tsv.
type operation struct {
	ID       string
	Statuses []string
}

// extensions are the operations that the original does not have.
var extensions = map[string]operation{
	"GET /collections":                                          {"listCollections", []string{"200", "401", "403", "422"}},
	"POST /collections":                                         {"createCollection", []string{"201", "401", "403", "409", "422"}},
	"DELETE /collections/{collection_name}":                     {"deleteCollection", []string{"204", "401", "403", "404"}},
	"GET /collections/{collection_name}/persons":                {"listPersons", []string{"200", "401", "403", "404", "422"}},
	"POST /collections/{collection_name}/persons":               {"enrolPerson", []string{"201", "400", "401", "403", "404", "409", "422"}},
	"PUT /collections/{collection_name}/persons/{person_id}":    {"putPersonIntoCollection", []string{"204", "401", "403", "404"}},
	"DELETE /collections/{collection_name}/persons/{person_id}": {"takePersonOutOfCollection", []string{"204", "401", "403", "404"}},
	"GET /persons/{person_id}":                                  {"getPerson", []string{"200", "401", "403", "404"}},
	"PATCH /persons/{person_id}":                                {"updatePerson", []string{"200", "401", "403", "404", "422"}},
	"DELETE /persons/{person_id}":                               {"deletePerson", []string{"204", "401", "403", "404"}},
	"POST /persons/{person_id}/faces":                           {"addFace", []string{"201", "400", "401", "403", "404", "422"}},
	"DELETE /persons/{person_id}/faces/{face_id}":               {"removeFace", []string{"204", "401", "403", "404", "422"}},
}

// operations reads the lines of the dialect.
func operations(t *testing.T, path string) map[string]operation {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[string]operation{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		col := strings.Split(lines.Text(), "\t")
		if len(col) == 8 && col[0] == "face-search" {
			out[col[1]+" "+col[2]] = operation{ID: col[3], Statuses: append([]string{col[5]}, strings.Split(col[6], ",")...)}
		}
	}
	return out
}

// everything is the operations of the contract and our own.
func everything(t *testing.T) map[string]operation {
	t.Helper()
	all := operations(t, filepath.Join("testdata", "operations.tsv"))
	maps.Copy(all, extensions)
	return all
}

func TestRoutesAreTheOperations(t *testing.T) {
	t.Parallel()
	engine := httpx.NewEngine()
	facesearch.Mount(engine, facesearch.Options{Gallery: &fakeGallery{}, BodyLimit: 1})
	routes := engine.Routes()
	got := make([]string, 0, len(routes))
	for _, r := range routes {
		got = append(got, r.Method+" "+regexp.MustCompile(`:(\w+)`).ReplaceAllString(r.Path, "{$1}"))
		if !facesearch.Owns(r.Path) {
			t.Errorf("%s is a route of the dialect, and it does not own it", r.Path)
		}
	}
	slices.Sort(got)
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
	if diff := cmp.Diff(operations(t, path), operations(t, filepath.Join("testdata", "operations.tsv"))); diff != "" {
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
	got := map[string]operation{}
	for path, item := range docs[contracttest.Served].Paths.Map() {
		for method, op := range item.Operations() {
			statuses := slices.DeleteFunc(slices.Sorted(maps.Keys(op.Responses.Map())), func(status string) bool {
				return slices.Contains(faultStatuses, status)
			})
			got[method+" "+path] = operation{ID: op.OperationID, Statuses: statuses}
			if op.Summary == "" || len(op.Tags) != 1 || op.Security == nil {
				t.Errorf("%s %s has summary %q, tags %v and security %v, want one of each", method, path, op.Summary, op.Tags, op.Security)
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
