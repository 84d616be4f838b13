package eval

import (
	"cmp"
	"slices"
)

// Rated is one mated comparison, and how good its pictures are.
type Rated struct {
	Cosine  float64 // −1…1, or Failed
	Quality float64 // the lower of the two pictures', on any scale; higher is better
}

// Discard answers how many mated comparisons fail when those of the lowest quality
// are left out: the error-versus-discard characteristic (EDC) of ISO/IEC 29794-1. A
// quality that foretells errors makes it fall steeply.
type Discard struct {
	total  int
	errors []float64 // [n]: among all but the n of the lowest quality
}

// NewDiscard orders comparisons by quality. One fails whose cosine is below the
// threshold. Among comparisons of one quality the order is left to chance: each
// counts as failing as often as they do on average.
func NewDiscard(rated []Rated, threshold float64) *Discard {
	best := slices.SortedFunc(slices.Values(rated), func(a, b Rated) int { return cmp.Compare(b.Quality, a.Quality) })
	d := &Discard{total: len(best), errors: make([]float64, len(best)+1)}
	for from := 0; from < len(best); {
		to, failed := from, 0
		for ; to < len(best) && best[to].Quality == best[from].Quality; to++ {
			if best[to].Cosine < threshold {
				failed++
			}
		}
		share := float64(failed) / float64(to-from)
		for ; from < to; from++ {
			kept := from + 1
			d.errors[d.total-kept] = d.errors[d.total-from] + share
		}
	}
	return d
}

// Total returns how many comparisons there are.
func (d *Discard) Total() int { return d.total }

// FNMR returns the part that fails of the comparisons that are left when a part of
// all, 0…1, is left out; NaN if none is left.
func (d *Discard) FNMR(part float64) float64 {
	n := d.leftOut(part)
	return d.errors[n] / float64(d.total-n)
}

// Ideal returns what FNMR would be if the comparisons that fail were left out first.
// No quality can do better.
func (d *Discard) Ideal(part float64) float64 {
	n := d.leftOut(part)
	return max(d.errors[0]-float64(n), 0) / float64(d.total-n)
}

// Random returns what FNMR is on average if the comparisons are left out by chance.
func (d *Discard) Random() float64 { return d.errors[0] / float64(d.total) }

func (d *Discard) leftOut(part float64) int {
	return int(min(max(part, 0), 1)*float64(d.total) + 1e-9)
}
