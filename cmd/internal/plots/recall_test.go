package plots_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/facekeep/facekeep/cmd/internal/plots"
)

func TestRecallWritesAPlot(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "recall.svg")
	err := plots.Recall(path, "a test", []plots.RecallCurve{
		{Name: "HNSW", Points: []plots.RecallPoint{{"32", 0.97, 1.5}, {"256", 1, 4}}},
		{Name: "IVF_FLAT", Points: []plots.RecallPoint{{"8", 0.4, 1}, {"64", 0.993, 3}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	data := says(t, path, "recall@1", "a test", "HNSW", "IVF_FLAT", ">256<", ">64<", "0.995")
	if strings.Contains(data, ">8<") {
		t.Error("the plot labels a point that nobody would choose")
	}
}
