package smartface_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/handlers/contracttest"
	"github.com/facekeep/facekeep/handlers/httpx"
	"github.com/facekeep/facekeep/handlers/smartface"
)

// listed are the operations of the dialect, as its copy of the list has them.
func listed(t *testing.T) map[string]contracttest.Operation {
	t.Helper()
	return contracttest.Operations(t, filepath.Join("testdata", "operations.tsv"), "smartface")
}

func TestRoutesAreTheOperations(t *testing.T) {
	t.Parallel()
	engine := httpx.NewEngine()
	smartface.Mount(engine, smartface.Options{Gallery: &fakeGallery{}, BodyLimit: 1})
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
	if diff := cmp.Diff(contracttest.Operations(t, path, "smartface"), listed(t)); diff != "" {
		t.Errorf("-contract +testdata\n%s", diff)
	}
}

// faults are the statuses that the document has beyond the contract.
var faults = []string{"401", "403", "408", "413", "500", "503"}

func TestDocumentHasTheOperations(t *testing.T) {
	t.Parallel()
	docs, err := documents()
	if err != nil {
		t.Fatal(err)
	}
	want := listed(t)
	got := contracttest.Documented(t, docs[contracttest.Served], func(operation, status string) bool {
		return slices.Contains(faults, status) && !slices.Contains(want[operation].Statuses, status)
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-operations.tsv +document\n%s", diff)
	}
}

// ours are the places where the document says more than the contract: bounds
// that this server checks, defaults that it has, and fillers of the original
// that mean nothing.
var ours = regexp.MustCompile(`^(\w+\.(confidenceThreshold|maxFaceSize|maxFaces|minFaceSize|maxResultCount|threshold) (minimum|maximum)` +
	`|\w+\.(id|note|fullName|displayName) maxLength` +
	`|Watchlist(Create|Upsert)Request\.threshold default` +
	`|\w+\.(data|watchlistIds|id|spoofDetectorResourceIds) default` +
	`|ProblemDetails (traceId|errors))`)

func TestDocumentKeepsTheSchemas(t *testing.T) {
	t.Parallel()
	path := filepath.Join(sharedSpec, "smartface.openapi.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Skip("the contract is not beside this checkout")
	}
	var contract struct {
		Components struct{ Schemas map[string]schema }
	}
	if err := json.Unmarshal(text, &contract); err != nil {
		t.Fatal(err)
	}
	if text, err = smartface.Document(); err != nil {
		t.Fatal(err)
	}
	var document struct{ Definitions map[string]schema }
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	for name, got := range document.Definitions {
		want, ok := contract.Components.Schemas[name]
		if !ok {
			t.Errorf("%s is no schema of the contract", name)
			continue
		}
		for _, d := range got.differences(name, want, contract.Components.Schemas) {
			if !ours.MatchString(d) {
				t.Errorf("document and contract differ: %s", d)
			}
		}
	}
}

// schema is as much of an OpenAPI schema as the contract uses.
type schema map[string]any

func (s schema) differences(name string, want schema, all map[string]schema) []string {
	var out []string
	if diff := cmp.Diff(sorted(want["required"]), sorted(s["required"])); diff != "" {
		out = append(out, name+" required: -contract +document\n"+diff)
	}
	a, _ := s["properties"].(map[string]any)
	b, _ := want["properties"].(map[string]any)
	for p := range a {
		if _, ok := b[p]; !ok {
			out = append(out, name+" "+p+" is not in the contract")
		}
	}
	for p := range b {
		if _, ok := a[p]; !ok {
			out = append(out, name+" "+p+" is missing")
			continue
		}
		out = append(out, property(name+"."+p, a[p], b[p], all)...)
	}
	return out
}

func property(name string, document, contract any, all map[string]schema) []string {
	got, _ := document.(map[string]any)
	want, _ := contract.(map[string]any)
	if ref := refOf(want); ref != "" {
		if refOf(got) == ref {
			return nil
		}
		want = all[ref] // named enumerations are spelt out in the document
	}
	var out []string
	for ours, theirs := range map[string]string{
		"type": "type", "format": "format", "x-nullable": "nullable", "enum": "enum", "default": "default",
		"maxLength": "maxLength", "minimum": "minimum", "maximum": "maximum", "minItems": "minItems",
	} {
		if ours == "enum" && want["enum"] == nil {
			continue // texts whose values the contract lists in words
		}
		if diff := cmp.Diff(want[theirs], got[ours]); diff != "" {
			out = append(out, name+" "+ours+": -contract +document\n"+diff)
		}
	}
	if a, b := refOf(got["items"]), refOf(want["items"]); a != b {
		out = append(out, name+" items: "+a+", contract "+b)
	}
	return out
}

func refOf(v any) string {
	m, _ := v.(map[string]any)
	ref, _ := m["$ref"].(string)
	return ref[strings.LastIndex(ref, "/")+1:]
}

func sorted(v any) []string {
	list, _ := v.([]any)
	out := make([]string, 0, len(list))
	for _, s := range list {
		out = append(out, s.(string))
	}
	slices.Sort(out)
	return out
}

func TestDocumentIsServed(t *testing.T) {
	t.Parallel()
	s := newServer(t, &fakeGallery{})
	rec := get(t, s, "/swagger/smartface/doc.json")
	want, err := smartface.Document()
	if err != nil {
		t.Fatal(err)
	}
	if got := rec.Body.String(); got != string(want) {
		t.Errorf("doc.json: got %d bytes, want the document's %d", len(got), len(want))
	}
	if !strings.Contains(string(want), `"data":"/9j/`) {
		t.Error("the document has no JPEG in its examples")
	}
}
