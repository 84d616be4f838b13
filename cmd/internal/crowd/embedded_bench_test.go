package crowd_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/facekeep/facekeep/cmd/internal/crowd"
	"github.com/facekeep/facekeep/vectorstore/exact"
)

// BenchmarkEmbedded measures the exact index at the sizes that docs/scaling.md
// extrapolates from: the memory of a template in bytes, how many are taken in a
// second, and searches for ten people, in ms, of one watchlist in a hundred and of
// all.
func BenchmarkEmbedded(b *testing.B) {
	for _, size := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			g := crowd.NewGallery(crowd.Made(2000), size, benchLists)
			before, begun := heap(), time.Now()
			x := fillExact(b, g)
			took := time.Since(begun)
			bytes := float64(heap()-before) / float64(size)
			one, all := new(tally), new(tally)
			for n := 0; b.Loop(); n++ {
				p := g.NonMated[n%len(g.NonMated)]
				one.time(b, x, g.Query(p, 1, limit))
				all.time(b, x, g.Query(p, 0, limit))
			}
			b.ReportMetric(bytes, "B/template")
			b.ReportMetric(float64(size)/took.Seconds(), "rows/s")
			b.ReportMetric(one.quantile(0.5), "one-p50")
			b.ReportMetric(all.quantile(0.5), "all-p50")
			b.ReportMetric(all.quantile(0.99), "all-p99")
			runtime.KeepAlive(g)
		})
	}
}

// fillExact gives the index rows in batches, as a start of the program does.
func fillExact(b *testing.B, g *crowd.Gallery) *exact.Index {
	b.Helper()
	x := exact.New()
	for begin := 0; begin < len(g.Rows); begin += 4096 {
		if err := x.Upsert(b.Context(), g.Label, g.Rows[begin:min(begin+4096, len(g.Rows))]); err != nil {
			b.Fatal(err)
		}
	}
	return x
}

// heap returns the bytes in use.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
