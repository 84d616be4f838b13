package plots_test

import (
	"path/filepath"
	"testing"

	"github.com/facekeep/facekeep/cmd/internal/plots"
)

func TestLatencyWritesAPlot(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "latency.svg")
	err := plots.Latency(path, "a test", []plots.LatencyCurve{
		{Name: "exact, all", Points: []plots.LatencyPoint{{10_000, 0.3}, {100_000, 3.5}}},
		{Name: "exact, one watchlist", Points: []plots.LatencyPoint{{10_000, 0.02}, {1_000_000, 0.3}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	says(t, path, "a test", "exact, all", "exact, one watchlist", "1,000,000", "median time of a search, ms")
}
