package crowd_test

import (
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/facekeep/facekeep/cmd/internal/crowd"
	"github.com/facekeep/facekeep/cmd/internal/plots"
	"github.com/facekeep/facekeep/vectorstore/exact"
)

// BenchmarkEmbedded measures the exact index at the sizes that docs/scaling.md
// extrapolates from: the memory of a template in bytes, how many are taken in a
// second, and searches for ten people, in ms, of one watchlist in a hundred and of
// all. It draws them into the file that FACEKEEP_LATENCY_PLOT names.
func BenchmarkEmbedded(b *testing.B) {
	one, all := plots.LatencyCurve{Name: "one watchlist of 100"}, plots.LatencyCurve{Name: "all watchlists"}
	for _, size := range []int{10_000, 30_000, 100_000, 300_000, 1_000_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			inOne, inAll := measureExact(b, size)
			one.Points = append(one.Points, plots.LatencyPoint{Templates: size, Millis: inOne})
			all.Points = append(all.Points, plots.LatencyPoint{Templates: size, Millis: inAll})
		})
	}
	path := os.Getenv("FACEKEEP_LATENCY_PLOT")
	if path == "" {
		return
	}
	if err := plots.Latency(path, fmt.Sprintf("exact index, 128 dimensions, %d cores", runtime.GOMAXPROCS(0)), []plots.LatencyCurve{all, one}); err != nil {
		b.Fatal(err)
	}
}

// measureExact returns the medians of searches of one watchlist and of all.
func measureExact(b *testing.B, size int) (inOne, inAll float64) {
	b.Helper()
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
	return one.quantile(0.5), all.quantile(0.5)
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
