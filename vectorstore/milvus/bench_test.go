package milvus

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/vectorstore"
	"github.com/facekeep/facekeep/vectorstore/vectorstoretest"
)

func BenchmarkStore(b *testing.B) {
	vectorstoretest.Benchmark(b, func(tb testing.TB) vectorstore.Store {
		tb.Helper()
		return open(tb, func(o *Options) { o.Consistency = Bounded })
	})
}

// timed runs something b.N times and reports quantiles of how long it took.
func timed(b *testing.B, do func(i int)) {
	b.Helper()
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		do(i)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	for name, q := range map[string]float64{"p50-ms": 0.5, "p99-ms": 0.99} {
		b.ReportMetric(float64(took[int(q*float64(len(took)-1))].Microseconds())/1000, name)
	}
}

// BenchmarkSearch searches 20,000 rows in 100 watchlists, 128 dimensions, with
// default partitions.
func BenchmarkSearch(b *testing.B) {
	s := open(b, func(o *Options) { o.Consistency, o.Partitions = Eventually, 64 })
	rows := randomRows(20_000, 128, 100)
	upsert(b, s, rows...)
	s.opts.Consistency = Strong
	checkFinds(b, s, rows[:1])
	for _, level := range []Consistency{Bounded, Eventually, Strong} {
		for _, lists := range []int{1, 10, 0} {
			b.Run(fmt.Sprintf("%s/lists=%d", level, lists), func(b *testing.B) {
				s.opts.Consistency = level
				timed(b, func(i int) {
					q := face.IndexQuery{Label: label, Vector: rows[i%len(rows)].Vector, Limit: 10, MinCosine: -1}
					for l := range lists {
						q.Watchlists = append(q.Watchlists, numbered('w', (i+l)%100))
					}
					if _, err := s.Search(b.Context(), q); err != nil {
						b.Fatal(err)
					}
				})
			})
		}
	}
}

// BenchmarkUpsert writes fresh faces, and BenchmarkDelete takes them out.
func BenchmarkUpsert(b *testing.B) {
	for _, level := range []Consistency{Bounded, Strong} {
		for _, n := range []int{1, 1000} {
			b.Run(fmt.Sprintf("%s/rows=%d", level, n), func(b *testing.B) {
				s := open(b, func(o *Options) { o.Consistency, o.Partitions = level, 64 })
				rows := randomRows(n, 128, 100)
				upsert(b, s, rows...)
				timed(b, func(int) {
					for k := range rows {
						rows[k].Face = uuid.New()
					}
					upsert(b, s, rows...)
				})
			})
		}
	}
}

func BenchmarkDelete(b *testing.B) {
	s := open(b, func(o *Options) { o.Consistency, o.Partitions = Bounded, 64 })
	rows := randomRows(2000, 128, 100)
	upsert(b, s, rows...)
	timed(b, func(i int) {
		r := rows[i%len(rows)]
		if err := s.Delete(b.Context(), []face.IndexRemoval{{IndexKey: keyOf(r), Before: face.AnyVersion}}); err != nil {
			b.Fatal(err)
		}
	})
}
