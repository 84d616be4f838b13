package eval

import (
	"iter"
	"math"
)

// bins of a Histogram: cosines are told apart to 2⁻¹⁵, about a thousandth of
// the step between the scores of a calibration.
const bins = 1 << 16

// Histogram counts the cosines of non-mated pairs: exact counts in fixed
// memory (512 KiB), however many pairs there are. The zero value is ready.
type Histogram struct {
	counts [bins]int64
	total  int64
}

// Add counts one cosine. A NaN is not counted.
func (h *Histogram) Add(cosine float64) {
	if math.IsNaN(cosine) {
		return
	}
	i := int((cosine + 1) / 2 * bins)
	h.counts[min(max(i, 0), bins-1)]++
	h.total++
}

// Merge adds the counts of another histogram.
func (h *Histogram) Merge(o *Histogram) {
	for i, n := range o.counts {
		h.counts[i] += n
	}
	h.total += o.total
}

// Total returns how many cosines were counted.
func (h *Histogram) Total() int64 { return h.total }

// FMR returns the part of the counted cosines at or above a threshold, to the
// precision of a bin. It is NaN for an empty histogram.
func (h *Histogram) FMR(threshold float64) float64 {
	i := min(max(int(math.Ceil((threshold+1)/2*bins)), 0), bins)
	var n int64
	for _, c := range h.counts[i:] {
		n += c
	}
	return float64(n) / float64(h.total)
}

// tail yields, from the highest cosine down, each bin edge below which the
// count changes, with the number of cosines at or above that edge.
func (h *Histogram) tail() iter.Seq2[float64, int64] {
	return func(yield func(float64, int64) bool) {
		var n int64
		for i := bins - 1; i >= 0; i-- {
			if h.counts[i] == 0 {
				continue
			}
			n += h.counts[i]
			if !yield(float64(i)/bins*2-1, n) {
				return
			}
		}
	}
}
