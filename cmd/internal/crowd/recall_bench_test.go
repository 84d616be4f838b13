package crowd_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/facekeep/facekeep/cmd/internal/crowd"
	"github.com/facekeep/facekeep/cmd/internal/plots"
	"github.com/facekeep/facekeep/vectorstore/milvus"
)

const (
	benchRows   = 100_000
	benchLists  = 100
	benchProbes = 400 // of each sort, at most
)

var kinds = []milvus.IndexKind{milvus.Flat, milvus.HNSW, milvus.IVFFlat, milvus.IVFSQ8}

// BenchmarkRecall measures searches of 100,000 people in 100 watchlists: what they
// find of what the exact index finds, and how long they take. It does so with as
// many partitions as a collection has by default, and with one: the latter is what
// each partition of a gallery of 6,400,000 people is like. Of each, rows that were
// just written are measured first, then the same rows flushed and indexed. Run it
// with -benchtime 1x; it prints tables and takes some minutes.
func BenchmarkRecall(b *testing.B) {
	address(b)
	g := crowd.NewGallery(crowd.Real(b), benchRows, benchLists)
	right := truth(b, g)
	for _, partitions := range []int{1, 64} {
		b.Run(fmt.Sprintf("partitions=%d", partitions), func(b *testing.B) {
			all := make([]collection, len(kinds))
			for i, kind := range kinds {
				all[i] = fill(b, g, partitions, milvus.Index{Kind: kind, FlatBelow: 1})
			}
			for b.Loop() {
				b.Logf("just written, %d partitions:\n%s", partitions, table(b, g, right, all))
			}
			for _, c := range all {
				c.settle(b, g)
			}
			b.Logf("indexed, %d partitions:\n%s", partitions, table(b, g, right, all))
		})
	}
}

// table measures collections and returns a table in Markdown.
func table(b *testing.B, g *crowd.Gallery, right index, all []collection) string {
	b.Helper()
	indexes, names := make([]index, 1+len(all)), make([]string, 1+len(all))
	indexes[0], names[0] = right, "exact, in process"
	for i, c := range all {
		indexes[1+i], names[1+i] = c, string(c.opts.Index.Kind)
	}
	var out strings.Builder
	fmt.Fprintln(&out, "| Index | watchlists | mated: recall@1 | @10 | non-mated: recall@1 | @10 | p50, ms | p99, ms |\n|---|---|---|---|---|---|---|---|")
	for _, lists := range []int{1, 10, 0} {
		mated := measure(b, g, some(g.Mated), lists, right, indexes)
		nonMated := measure(b, g, some(g.NonMated), lists, right, indexes)
		for i, name := range names {
			m, n := &mated[i], &nonMated[i]
			both := tally{took: slices.Concat(m.took, n.took)}
			fmt.Fprintf(&out, "| %s | %s | %.4f | %.4f | %.4f | %.4f | %.2f | %.1f |\n", name, map[bool]string{true: "all", false: fmt.Sprint(lists)}[lists == 0],
				m.recall1(), m.recall10(), n.recall1(), n.recall10(), both.quantile(0.5), both.quantile(0.99))
		}
	}
	return out.String()
}

// some returns a part of the probes, spread over all of them.
func some(probes []crowd.Probe) []crowd.Probe {
	n := min(benchProbes, len(probes))
	out := make([]crowd.Probe, n)
	for i := range out {
		out[i] = probes[i*len(probes)/n]
	}
	return out
}

// BenchmarkRecallCurve measures recall against time over the parameters of
// searches, of all watchlists in one partition, and draws it into the file that
// FACEKEEP_RECALL_PLOT names.
func BenchmarkRecallCurve(b *testing.B) {
	address(b)
	g := crowd.NewGallery(crowd.Real(b), benchRows, benchLists)
	right := truth(b, g)
	var names []string
	var indexes []index
	for _, kind := range kinds[1:] {
		c := fill(b, g, 1, milvus.Index{Kind: kind, FlatBelow: 1})
		c.settle(b, g)
		for _, n := range []int{8, 16, 32, 64, 128, 256, 512} {
			if kind == milvus.HNSW && n >= 32 || kind != milvus.HNSW {
				names = append(names, fmt.Sprint(kind, " ", n))
				indexes = append(indexes, c.with(b, func(x *milvus.Index) { x.Ef, x.Probes = n, n }))
			}
		}
	}
	var curves []plots.RecallCurve
	for b.Loop() {
		measured := measure(b, g, slices.Concat(some(g.Mated), some(g.NonMated)), 0, right, indexes)
		curves = nil
		for i := range measured {
			kind, value, _ := strings.Cut(names[i], " ")
			point := plots.RecallPoint{Label: value, Recall: measured[i].recall1(), Millis: measured[i].quantile(0.5)}
			b.Logf("%s %s: recall@1 %.4f, recall@10 %.4f, p50 %.2f ms, p99 %.1f ms", kind, value,
				point.Recall, measured[i].recall10(), point.Millis, measured[i].quantile(0.99))
			if len(curves) == 0 || curves[len(curves)-1].Name != kind {
				curves = append(curves, plots.RecallCurve{Name: kind})
			}
			last := &curves[len(curves)-1]
			last.Points = append(last.Points, point)
		}
	}
	if path := os.Getenv("FACEKEEP_RECALL_PLOT"); path != "" {
		if err := plots.Recall(path, fmt.Sprintf("%d templates, all watchlists, one partition", benchRows), curves); err != nil {
			b.Fatal(err)
		}
	}
}
