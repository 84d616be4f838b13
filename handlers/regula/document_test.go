package regula_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/handlers/contracttest"
	"github.com/facekeep/facekeep/handlers/httpx"
	"github.com/facekeep/facekeep/handlers/regula"
)

// listed are the operations of the dialect, as its copy of the list has them.
func listed(t *testing.T) map[string]contracttest.Operation {
	t.Helper()
	return contracttest.Operations(t, filepath.Join("testdata", "operations.tsv"), "regula")
}

func TestRoutesAreTheOperations(t *testing.T) {
	t.Parallel()
	engine := httpx.NewEngine()
	regula.Mount(engine, regula.Options{Gallery: sampleGallery(), BodyLimit: 1})
	want, got := slices.Sorted(maps.Keys(listed(t))), contracttest.Routes(engine)
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
	if diff := cmp.Diff(contracttest.Operations(t, path, "regula"), listed(t)); diff != "" {
		t.Errorf("-contract +testdata\n%s", diff)
	}
}

// more are the statuses that the document has beyond the contract: faults of the
// server, refusals for want of a key, and what the contract leaves out of the look-up of a transaction.
var more = map[string][]string{
	"":                     {"401", "403", "413", "500", "503", "504"},
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
	want := listed(t)
	got := contracttest.Documented(t, docs[contracttest.Served], func(operation, status string) bool {
		return slices.Contains(slices.Concat(more[""], more[operation]), status) && !slices.Contains(want[operation].Statuses, status)
	})
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
