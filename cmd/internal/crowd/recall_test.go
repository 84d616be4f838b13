package crowd_test

import (
	"testing"

	"github.com/facekeep/facekeep/cmd/internal/crowd"
	"github.com/facekeep/facekeep/vectorstore/milvus"
)

// TestRecall guards the default parameters of every kind of index: among 10,000
// people in one partition, just written and indexed, the nearest is the one that
// the exact index finds, for 99.5 % of those who are there and 99 % of those who
// are not. BenchmarkRecall says how it is with ten times as many.
func TestRecall(t *testing.T) {
	t.Parallel()
	address(t)
	g := crowd.NewGallery(crowd.Made(1000), 10_000, 10)
	right := truth(t, g)
	all := make([]collection, len(kinds))
	indexes := make([]index, len(kinds))
	for i, kind := range kinds {
		all[i] = fill(t, g, 1, milvus.Index{Kind: kind, FlatBelow: 1})
		indexes[i] = all[i].rescored(g)
	}
	checkRecall(t, "just written", g, right, indexes)
	settle(t, g, all)
	checkRecall(t, "indexed", g, right, indexes)
}

func checkRecall(t *testing.T, when string, g *crowd.Gallery, right index, indexes []index) {
	t.Helper()
	for _, sort := range []struct {
		name   string
		probes []crowd.Probe
		least  float64
	}{{"mated", g.Mated[len(g.Mated)-100:], 0.995}, {"non-mated", g.NonMated[:100], 0.99}} {
		for i, m := range measure(t, g, sort.probes, 0, right, indexes) {
			t.Logf("%s, %s, %s: recall@1 %.4f, recall@10 %.4f, median %.2f ms", kinds[i], when, sort.name, m.recall1(), m.recall10(), m.quantile(0.5))
			if m.recall1() < sort.least {
				t.Errorf("%s, %s: recall@1 of %s probes = %.4f, want %v or more", kinds[i], when, sort.name, m.recall1(), sort.least)
			}
		}
	}
}
