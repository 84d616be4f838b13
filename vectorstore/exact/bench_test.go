package exact

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// BenchmarkMemory reads memory as fast as one goroutine, or two, can: what a scan of so
// many bytes cannot be faster than.
func BenchmarkMemory(b *testing.B) {
	memory := bytes.Repeat([]byte{1}, 512<<20)
	for _, readers := range []int{1, 2} {
		b.Run(fmt.Sprintf("readers=%d", readers), func(b *testing.B) {
			b.SetBytes(int64(len(memory)))
			part := len(memory) / readers
			for b.Loop() {
				done := make(chan int)
				for i := range readers {
					go func() { done <- bytes.IndexByte(memory[i*part:(i+1)*part], 0) }()
				}
				for range readers {
					if at := <-done; at != -1 {
						b.Fatal("there is a zero")
					}
				}
			}
		})
	}
}

// BenchmarkScan searches one watchlist for the ten nearest, with the codes and without,
// by as many goroutines as -cpu says.
func BenchmarkScan(b *testing.B) {
	for _, rows := range []int{10_000, 100_000, 1_000_000} {
		var x *Index
		for _, how := range []string{"codes", "floats"} {
			b.Run(fmt.Sprintf("rows=%d/%s", rows, how), func(b *testing.B) {
				if x == nil {
					x = filled(b, clustered(rand.New(rand.NewPCG(1, 2)), rows, 128))
				}
				rng := rand.New(rand.NewPCG(3, 4))
				probe := randoms(rng, 128)
				normalise(probe)
				q := face.IndexQuery{Label: "l", Limit: 10, MinCosine: -1, Vector: probe}
				all := []*partition{x.spaces["l"].partitions[uuid.Nil]}
				for b.Loop() {
					s := newScan(x.kernel, all, newLookup(q))
					s.plain = how == "floats"
					if err := s.run(b.Context()); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
