package plots_test

import (
	"path/filepath"
	"testing"

	"github.com/facekeep/facekeep/cmd/internal/plots"
	"github.com/facekeep/facekeep/face/eval"
)

func TestEDCWritesAPlot(t *testing.T) {
	t.Parallel()
	rated := make([]eval.Rated, 0, 500)
	for i := range 500 {
		rated = append(rated, eval.Rated{Cosine: float64(i%50) / 50, Quality: float64(i % 70)})
	}
	path := filepath.Join(t.TempDir(), "edc.svg")
	if err := plots.EDC(path, "a test", eval.NewDiscard(rated, 0.1)); err != nil {
		t.Fatal(err)
	}
	says(t, path, "a test", "comparisons left out", "lowest quality first, 500 pairs", "ideal", "by chance")
}
