package exact

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// kernels are those that this machine can run.
func kernels() []kernel {
	best := fastest()
	switch best {
	case avx512:
		return []kernel{portable, avx2, avx512}
	case avx2, neon:
		return []kernel{portable, best}
	case portable:
	}
	return []kernel{portable}
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
				k.dots(q, rows, guarded[1:n+1])
				for i, got := range guarded[1 : n+1] {
					var want, size float64
					for j, x := range rows[i*dim : (i+1)*dim] {
						want += float64(x) * float64(q[j])
						size += math.Abs(float64(x) * float64(q[j]))
					}
					if math.Abs(float64(got)-want) > 1e-6*size {
						t.Fatalf("%s, dimension %d, row %d of %d: got %v, want %v", k, dim, i, n, got, want)
					}
				}
				if guarded[0] != 7 || guarded[n+1] != 7 {
					t.Fatalf("%s, dimension %d, %d rows: writes beside its output", k, dim, n)
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
			k.dots(q, rows[1:], out)
			for i, x := range out {
				if x != out[0] {
					t.Errorf("%s, dimension %d: row %d gives %v, row 0 %v", k, dim, i, x, out[0])
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

// TestCodes holds that every kernel gives the same whole numbers for codes, and that
// the bounds made of them hold.
func TestCodes(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(9, 10))
	for _, dim := range []int{1, 2, 63, 64, 65, 128, 200, 512} {
		step := stride(dim)
		for round := range 20 {
			q := randoms(rng, dim)
			normalise(q)
			const n = 37
			rows, codes, rowCodings := make([]float32, 0, n*dim), make([]uint8, n*step), newCodings(n)
			for i := range n {
				row := randoms(rng, dim)
				if i%3 == 0 { // near to the probe
					for j := range row {
						row[j] = q[j] + 0.1*row[j]
					}
				}
				if i == 4 { // all in one place: coded without a loss
					clear(row)
					row[round%dim] = -1
				}
				normalise(row)
				rows = append(rows, row...)
				rowCodings.set(i, encode(row, codes[i*step:(i+1)*step]))
			}
			p := newProbe(q)
			checkCodes(t, p, codes, n)
			checkBounds(t, p, rows, codes, &rowCodings, n)
		}
	}
}

func checkCodes(t *testing.T, p *probe, codes []uint8, n int) {
	t.Helper()
	step := len(p.codes)
	for _, k := range kernels() {
		out := make([]int32, n)
		k.codes(p, codes, out)
		for i, got := range out {
			var want int32
			for j, c := range codes[i*step : (i+1)*step] {
				want += (int32(c) - codeMiddle) * int32(p.codes[j])
			}
			if got != want {
				t.Fatalf("%s, %d codes, row %d: got %d, want %d", k, step, i, got, want)
			}
		}
	}
}

// checkBounds asks for each row whether it may reach a bar that it does reach, and
// whether the bounds are of any use.
func checkBounds(t *testing.T, p *probe, rows []float32, codes []uint8, rowCodings *codings, n int) {
	t.Helper()
	dots, out := make([]int32, n), make([]int32, n)
	portable.codes(p, codes, dots)
	dim := len(p.vector)
	for i := range n {
		var cosine float64
		for j, x := range rows[i*dim : (i+1)*dim] {
			cosine += float64(x) * float64(p.vector[j])
		}
		if !slices.Contains(out[:likely(p, dots, rowCodings, 0, cosine, out)], int32(i)) {
			t.Fatalf("dimension %d: row %d reaches its own cosine %v, and is said not to", dim, i, cosine)
		}
		if slices.Contains(out[:likely(p, dots, rowCodings, 0, cosine+0.05, out)], int32(i)) {
			t.Fatalf("dimension %d: row %d is said to reach %v, and its cosine is %v", dim, i, cosine+0.05, cosine)
		}
	}
}

func normalise(v []float32) {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(sum))
	}
}

func BenchmarkKernel(b *testing.B) {
	rng := rand.New(rand.NewPCG(5, 6))
	const n = blockRows
	for _, k := range kernels() {
		for _, dim := range []int{128, 512} {
			q, rows, out := randoms(rng, dim), randoms(rng, dim*n), make([]float32, n)
			b.Run(fmt.Sprintf("%s/dim=%d", k, dim), func(b *testing.B) {
				for b.Loop() {
					k.dots(q, rows, out)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/row")
			})
		}
	}
}
