package vectorstoretest

import (
	"fmt"
	"testing"

	"github.com/facekeep/facekeep/face"
)

// Benchmark measures searches of one watchlist with one picture a member, at
// 128 dimensions, one after another and from many sides at once.
func Benchmark(b *testing.B, open Open) {
	b.Helper()
	for _, rows := range []int{10_000, 100_000} {
		rng := seeded(4)
		s := open(b)
		for start := 0; start < rows; start += 1000 {
			var batch []face.IndexRow
			for i := start; i < start+1000; i++ {
				batch = append(batch, row(1, i, i, randomUnit(rng, 128)))
			}
			upsert(b, s, batch...)
		}
		q := face.IndexQuery{Label: label, Vector: randomUnit(rng, 128), Limit: 10, MinCosine: 0.1}
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			for b.Loop() {
				search(b, s, q)
			}
		})
		b.Run(fmt.Sprintf("rows=%d/parallel", rows), func(b *testing.B) {
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					search(b, s, q)
				}
			})
		})
	}
}
