package regula_test

import (
	"bufio"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/handlers/contracttest"
	"github.com/facekeep/facekeep/handlers/httpx"
	"github.com/facekeep/facekeep/handlers/regula"
)

// operation is a line of operations.tsv.
type operation struct {
	ID       string
	Statuses []string
}

// readOperations reads the lines of the dialect.
func readOperations(t *testing.T, path string) map[string]operation {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[string]operation{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		col := strings.Split(lines.Text(), "\t")
		if len(col) != 8 || col[0] != "regula" {
			continue
		}
		statuses := strings.Split(col[5], ",")
		if col[6] != "-" {
			statuses = append(statuses, strings.Split(col[6], ",")...)
		}
		out[col[1]+" "+col[2]] = operation{ID: col[3], Statuses: statuses}
	}
	return out
}

func TestRoutesAreTheOperations(t *testing.T) {
	t.Parallel()
	engine := httpx.NewEngine()
	regula.Mount(engine, regula.Options{Gallery: sampleGallery(), BodyLimit: 1})
	routes := engine.Routes()
	got := make([]string, 0, len(routes))
	for _, r := range routes {
		got = append(got, r.Method+" "+regexp.MustCompile(`:(\w+)`).ReplaceAllString(r.Path, "{$1}"))
	}
	slices.Sort(got)
	want := slices.Sorted(maps.Keys(readOperations(t, filepath.Join("testdata", "operations.tsv"))))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-operations.tsv +routes\n%s", diff)
	}
}

func TestOperationsAreTheContracts(t *testing.T) {
	t.Parallel()
	path := filepath.Join(sharedSpec, "operations.tsv")
	if _, err := os.Stat(path); err != nil {
		t.Skip("the contract is not beside this checkout")
	}
	if diff := cmp.Diff(readOperations(t, path), readOperations(t, filepath.Join("testdata", "operations.tsv"))); diff != "" {
		t.Errorf("-contract +testdata\n%s", diff)
	}
}

// more are the statuses that the document has beyond the contract: faults of the
// server, and what the contract leaves out of the look-up of a transaction.
var more = map[string][]string{
	"":                     {"413", "500", "503", "504"},
	"GET /api/v2/liveness": {"400", "404"},
	"POST /api/match":      {"400"},
	"POST /api/detect":     {"400"},
}

func TestDocumentHasTheOperations(t *testing.T) {
	t.Parallel()
	docs, err := documents()
	if err != nil {
		t.Fatal(err)
	}
	want := readOperations(t, filepath.Join("testdata", "operations.tsv"))
	got := map[string]operation{}
	for path, item := range docs[contracttest.Served].Paths.Map() {
		for method, op := range item.Operations() {
			key := method + " " + path
			statuses := slices.DeleteFunc(slices.Sorted(maps.Keys(op.Responses.Map())), func(status string) bool {
				return slices.Contains(slices.Concat(more[""], more[key]), status) && !slices.Contains(want[key].Statuses, status)
			})
			got[key] = operation{ID: op.OperationID, Statuses: statuses}
			if op.Summary == "" || len(op.Tags) != 1 {
				t.Errorf("%s has summary %q and tags %v, want one of each", key, op.Summary, op.Tags)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-operations.tsv +document\n%s", diff)
	}
}

func TestDocumentIsServed(t *testing.T) {
	t.Parallel()
	rec := httptest.NewRecorder()
	newServer(t, sampleGallery()).handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/swagger/regula/doc.json", http.NoBody))
	want, err := regula.Document()
	if err != nil {
		t.Fatal(err)
	}
	if got := rec.Body.String(); got != string(want) {
		t.Errorf("doc.json: got %d bytes, want the document's %d", len(got), len(want))
	}
	if !json.Valid(want) || !strings.Contains(string(want), `"content":"/9j/`) {
		t.Error("the document has no JPEG in its examples")
	}
}
