package regula

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/handlers/httpx"
)

// contractNames are the words of an enumeration of the contract, or the test is
// skipped.
func contractNames(t *testing.T, schema string) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "spec", "regula.openapi.json"))
	if err != nil {
		t.Skip("the contract is not beside this checkout")
	}
	var doc struct {
		Components struct {
			Schemas map[string]struct{ Enum []any }
		}
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	words := doc.Components.Schemas[schema].Enum
	out := make([]string, 0, len(words))
	for _, word := range words {
		out = append(out, word.(string))
	}
	slices.Sort(out)
	return out
}

func TestCharacteristicsAreTheContracts(t *testing.T) {
	t.Parallel()
	got := httpx.SliceOf(characteristics(), func(c characteristic) string { return c.name })
	slices.Sort(got)
	if diff := cmp.Diff(contractNames(t, "FaceQualityConfigName"), got); diff != "" {
		t.Errorf("-contract +characteristics\n%s", diff)
	}
}

func TestAttributesAreTheContracts(t *testing.T) {
	t.Parallel()
	got := httpx.SliceOf(allAttributes(), func(a attribute) string { return a.name })
	slices.Sort(got)
	if diff := cmp.Diff(contractNames(t, "FaceAttribute"), got); diff != "" {
		t.Errorf("-contract +attributes\n%s", diff)
	}
}

func TestGroupsAreTheContracts(t *testing.T) {
	t.Parallel()
	var got []string
	for g := imageGroup; g <= backgroundGroup; g++ {
		got = append(got, g.name())
	}
	slices.Sort(got)
	if diff := cmp.Diff(contractNames(t, "FaceImageQualityGroupsStrings"), got); diff != "" {
		t.Errorf("-contract +groups\n%s", diff)
	}
}

// The scenarios speak of characteristics that there are, and echo as the contract has
// it, AttributesAll apart.
func TestScenariosAreTheContracts(t *testing.T) {
	t.Parallel()
	got := []string{""}
	known := map[string]bool{}
	for _, c := range characteristics() {
		known[c.name] = true
	}
	for name, s := range scenarios() {
		if name != "AttributesAll" {
			got = append(got, name)
		}
		for _, c := range s.except {
			if !known[c] {
				t.Errorf("%s leaves out %s, which there is not", name, c)
			}
		}
		for c, r := range s.ranges {
			if !known[c] || r[0] > r[1] || slices.Contains(s.except, c) {
				t.Errorf("%s has the range %v for %s", name, r, c)
			}
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(contractNames(t, "FaceQualityScenarios"), got); diff != "" {
		t.Errorf("-contract +scenarios\n%s", diff)
	}
}
