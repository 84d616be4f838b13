package gallery

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func gainsOf(rows ...[]float64) gains {
	g := gains{rows: len(rows)}
	for _, r := range rows {
		g.columns = len(r)
		g.values = append(g.values, r...)
	}
	return g
}

func TestAssign(t *testing.T) {
	t.Parallel()
	const no = forbidden
	tests := []struct {
		name  string
		gains gains
		want  []int
	}{
		{"nothing", gains{}, []int{}},
		{"nobody to pair with", newGains(2, 0), []int{unpaired, unpaired}},
		{"all forbidden", newGains(2, 3), []int{unpaired, unpaired}},
		{"one", gainsOf([]float64{0.8}), []int{0}},
		{"a gain of zero is a pair", gainsOf([]float64{0}), []int{0}},
		{"two for one column: the better", gainsOf([]float64{0.8}, []float64{0.9}), []int{unpaired, 0}},
		{"two for one column: of equals the first", gainsOf([]float64{0.8}, []float64{0.8}), []int{0, unpaired}},
		{"gives way to who has no other", gainsOf([]float64{0.9, 0.8}, []float64{0.85, no}), []int{1, 0}},
		{"does not give way for less", gainsOf([]float64{0.9, 0.1}, []float64{0.7, no}), []int{0, unpaired}},
		{"a chain of three", gainsOf([]float64{0.9, 0.8, no}, []float64{0.9, 0.9, 0.8}, []float64{0.9, no, no}), []int{1, 2, 0}},
		{"who came first may lose all", gainsOf([]float64{0.2, no}, []float64{0.9, 0.3}, []float64{no, 0.8}), []int{unpaired, 0, 1}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, assign(tt.gains)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tt.name, diff)
		}
	}
}

// randomGains returns gains of any shape up to 6×6, of which some are forbidden. Every
// other matrix has few different gains, so that there are ties everywhere.
func randomGains(r *rand.Rand) gains {
	g := newGains(r.IntN(7), r.IntN(7))
	holes, coarse := r.Float64(), r.IntN(2) == 0
	for i := range g.values {
		switch {
		case r.Float64() < holes:
		case coarse:
			g.values[i] = float64(r.IntN(4)) / 4
		default:
			g.values[i] = r.Float64()
		}
	}
	return g
}

// bestSum tries every pairing of the rows from one on with the columns that are free.
func bestSum(g gains, row int, taken []bool) float64 {
	if row == g.rows {
		return 0
	}
	best := bestSum(g, row+1, taken)
	for j, gain := range g.row(row) {
		if gain < 0 || taken[j] {
			continue
		}
		taken[j] = true
		best = max(best, gain+bestSum(g, row+1, taken))
		taken[j] = false
	}
	return best
}

// checkPairing fails unless each row and each column is paired at most once and no
// pair is forbidden. It returns the sum of gains.
func checkPairing(t *testing.T, g gains, columnOf []int) float64 {
	t.Helper()
	if len(columnOf) != g.rows {
		t.Fatalf("got %d rows, want %d", len(columnOf), g.rows)
	}
	taken := make([]bool, g.columns)
	var sum float64
	for i, j := range columnOf {
		if j == unpaired {
			continue
		}
		if taken[j] || g.row(i)[j] < 0 {
			t.Fatalf("row %d has column %d, which is taken (%v) or forbidden: %+v", i, j, taken[j], g)
		}
		taken[j] = true
		sum += g.row(i)[j]
	}
	return sum
}

const sumsDiffer = 1e-12

func TestAssignEqualsBruteForce(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		g := randomGains(r)
		got := checkPairing(t, g, assign(g))
		if want := bestSum(g, 0, make([]bool, g.columns)); math.Abs(got-want) > sumsDiffer {
			t.Fatalf("sum %v, want %v, of %+v", got, want, g)
		}
	}
}

// transposed returns the gains with rows and columns changed over.
func transposed(g gains) gains {
	out := newGains(g.columns, g.rows)
	for i := range g.rows {
		for j, gain := range g.row(i) {
			out.set(j, i, gain)
		}
	}
	return out
}

// The sum does not depend on which side is called rows or on their order, the answer
// to one question is always the same, and where all gains grow, pairs are not lost.
func TestAssignProperties(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		g := newGains(1+r.IntN(30), 1+r.IntN(40))
		for i := range g.values {
			if r.IntN(3) > 0 {
				g.values[i] = float64(r.IntN(20)) / 20
			}
		}
		pairs := assign(g)
		sum := checkPairing(t, g, pairs)
		if diff := cmp.Diff(pairs, assign(g)); diff != "" {
			t.Fatalf("the second answer differs: %s", diff)
		}
		other := transposed(g)
		if got := checkPairing(t, other, assign(other)); math.Abs(got-sum) > sumsDiffer {
			t.Fatalf("transposed: sum %v, want %v", got, sum)
		}
		shuffled := newGains(g.rows, g.columns)
		for to, from := range r.Perm(g.rows) {
			copy(shuffled.row(to), g.row(from))
		}
		if got := checkPairing(t, shuffled, assign(shuffled)); math.Abs(got-sum) > sumsDiffer {
			t.Fatalf("rows shuffled: sum %v, want %v", got, sum)
		}
	}
}

// A row needs no more columns than there are rows, the best ones: this is why a
// picture of n faces is searched for n people a face.
func TestAssignNeedsFewColumns(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		g := newGains(1+r.IntN(5), 20)
		for i := range g.values {
			g.values[i] = r.Float64()
		}
		few := newGains(g.rows, g.columns)
		for i := range g.rows {
			keepBest(few.row(i), g.row(i), g.rows)
		}
		want, got := checkPairing(t, g, assign(g)), checkPairing(t, few, assign(few))
		if math.Abs(got-want) > sumsDiffer {
			t.Fatalf("with %d columns a row: sum %v, want %v", g.rows, got, want)
		}
	}
}

// keepBest copies the n largest of the gains.
func keepBest(to, from []float64, n int) {
	for range n {
		best := unpaired
		for j, gain := range from {
			if to[j] < 0 && (best == unpaired || gain > from[best]) {
				best = j
			}
		}
		to[best] = from[best]
	}
}

func BenchmarkAssign(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 8))
	g := newGains(50, 500)
	for i := range g.values {
		g.values[i] = r.Float64()
	}
	for b.Loop() {
		assign(g)
	}
}
