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
	benchProbes = 250 // of each sort, at most
)

var kinds = []milvus.IndexKind{milvus.Flat, milvus.HNSW, milvus.IVFFlat, milvus.IVFSQ8}

// BenchmarkRecall measures searches of 100,000 people in 100 watchlists: what they
// find of what the exact index finds, and how long they take. It does so with as
// many partitions as a collection has by default, and with one: the latter is what
// each partition of a gallery of 6,400,000 people is like. Of each, rows that were
// just written are measured first, then the same rows flushed and indexed; and of
// one partition, recall over the parameters of searches, which is drawn into the
// file that FACEKEEP_RECALL_PLOT names. Run it with -benchtime 1x; it prints tables
// in Markdown and takes a quarter of an hour.
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
				say("just written, %d partitions:\n\n%s", partitions, table(b, g, right, all))
			}
			settle(b, g, all)
			say("indexed, %d partitions:\n\n%s", partitions, table(b, g, right, all))
			if partitions == 1 {
				drawCurves(b, measureCurves(b, g, right, all))
			}
		})
	}
}

// say prints at once and in full, as the log of a benchmark does not.
func say(format string, args ...any) { fmt.Printf("\n"+format+"\n", args...) }

// table measures collections and returns a table in Markdown.
func table(b *testing.B, g *crowd.Gallery, right index, all []collection) string {
	b.Helper()
	indexes, names := make([]index, 1+len(all)), make([]string, 1+len(all))
	indexes[0], names[0] = right, "exact, in process"
	for i, c := range all {
		indexes[1+i], names[1+i] = c.rescored(g), c.what()
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

// widths are the values of ef (HNSW) or nprobe (IVF) that are measured.
var widths = []int{8, 16, 32, 64, 128, 256, 512, 1024, 2048}

// clusters are how many an index of a large segment has by default.
const clusters = 1024

// measureCurves measures recall of the nearest person, and the time, over the
// parameters of searches of all watchlists. Recall is that of non-mated probes,
// whose nearest person is hard to find.
func measureCurves(b *testing.B, g *crowd.Gallery, right index, all []collection) []plots.RecallCurve {
	b.Helper()
	var of []int // curve of each index
	var at []int // width
	var indexes []index
	curves := make([]plots.RecallCurve, len(all)-1)
	for k, c := range all[1:] {
		curves[k].Name = c.what()
		for _, n := range widths {
			if c.opts.Index.Kind != milvus.HNSW && n > clusters {
				continue
			}
			narrower := c.with(b, func(x *milvus.Index) { x.Ef, x.Probes = n, min(n, clusters) })
			of, at, indexes = append(of, k), append(at, n), append(indexes, narrower.rescored(g))
		}
	}
	mated, nonMated := measure(b, g, some(g.Mated), 0, right, indexes), measure(b, g, some(g.NonMated), 0, right, indexes)
	say("| Index | ef or nprobe | mated: recall@1 | non-mated: recall@1 | p50, ms |\n|---|---|---|---|---|")
	for i := range indexes {
		p := plots.RecallPoint{Label: fmt.Sprint(at[i]), Recall: nonMated[i].recall1(), Millis: nonMated[i].quantile(0.5)}
		fmt.Printf("| %s | %d | %.4f | %.4f | %.2f |\n", curves[of[i]].Name, at[i], mated[i].recall1(), p.Recall, p.Millis)
		curves[of[i]].Points = append(curves[of[i]].Points, p)
	}
	return curves
}

func drawCurves(b *testing.B, curves []plots.RecallCurve) {
	b.Helper()
	path := os.Getenv("FACEKEEP_RECALL_PLOT")
	if path == "" {
		return
	}
	if err := plots.Recall(path, fmt.Sprintf("%d templates in one partition, non-mated probes", benchRows), curves); err != nil {
		b.Fatal(err)
	}
}
