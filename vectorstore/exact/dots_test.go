package exact

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// kernels are those that this machine can run.
func kernels() []kernel {
	if best := fastest(); best.name != "portable" {
		return []kernel{portable(), best}
	}
	return []kernel{portable()}
}

// TestKernels compares each kernel with sums in float64, for every remainder of
// the dimension and for rows that begin at odd places in memory.
func TestKernels(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	for _, k := range kernels() {
		for dim := 1; dim <= 140; dim++ {
			for _, n := range []int{0, 1, 2, 7} {
				q, rows := randoms(rng, dim), randoms(rng, 1+dim*n)[1:]
				guarded := make([]float32, n+2)
				guarded[0], guarded[n+1] = 7, 7
				k.dots(q, rows, dim, guarded[1:n+1])
				for i, got := range guarded[1 : n+1] {
					var want, size float64
					for j, x := range rows[i*dim : (i+1)*dim] {
						want += float64(x) * float64(q[j])
						size += math.Abs(float64(x) * float64(q[j]))
					}
					if math.Abs(float64(got)-want) > 1e-6*size {
						t.Fatalf("%s, dimension %d, row %d of %d: got %v, want %v", k.name, dim, i, n, got, want)
					}
				}
				if guarded[0] != 7 || guarded[n+1] != 7 {
					t.Fatalf("%s, dimension %d, %d rows: writes beside its output", k.name, dim, n)
				}
			}
		}
	}
}

// TestKernelsDoNotSeeThePlace holds that equal rows get equal results, to the bit.
func TestKernelsDoNotSeeThePlace(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	for _, k := range kernels() {
		for _, dim := range []int{3, 32, 33, 128, 129, 512} {
			q, row := randoms(rng, dim), randoms(rng, dim)
			out := make([]float32, 50)
			rows := randoms(rng, 1)
			for range out {
				rows = append(rows, row...)
			}
			k.dots(q, rows[1:], dim, out)
			for i, x := range out {
				if x != out[0] {
					t.Errorf("%s, dimension %d: row %d gives %v, row 0 %v", k.name, dim, i, x, out[0])
				}
			}
		}
	}
}

func randoms(rng *rand.Rand, n int) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = float32(rng.NormFloat64())
	}
	return out
}

func BenchmarkKernel(b *testing.B) {
	rng := rand.New(rand.NewPCG(5, 6))
	const n = blockRows
	for _, k := range kernels() {
		for _, dim := range []int{128, 512} {
			q, rows, out := randoms(rng, dim), randoms(rng, dim*n), make([]float32, n)
			b.Run(fmt.Sprintf("%s/dim=%d", k.name, dim), func(b *testing.B) {
				for b.Loop() {
					k.dots(q, rows, dim, out)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/row")
			})
		}
	}
}
