package eval

import (
	"math"

	"github.com/facekeep/facekeep/face"
)

const (
	// minTailCount is how many impostor pairs must lie at or above a cosine
	// before the counted rate is believed: at 300 its standard error is 6 %,
	// a quarter of a score point.
	minTailCount = 300

	// The normal tail is fitted between these false match rates: above, the
	// body of the distribution is not quite normal; below, there may be too few
	// pairs, or some that are labelled wrongly.
	fitFromFMR = 1e-2
	fitToFMR   = 1e-5

	knotStep = 1.0 // scores between the knots of the file
)

// Calibrate fits the curve from cosine to score to the cosines of impostor
// pairs. Down to the false match rate that the pairs can tell, the curve is
// what was counted; beyond, it follows the tail of a normal distribution fitted
// to the counted part and shifted to meet it. It returns an Invalid error when
// there are too few pairs (about 100,000 are needed).
func Calibrate(label face.TemplateLabel, h *Histogram) (*face.Calibration, error) {
	zs, cosines, edge := countedTail(h)
	if len(zs) < 2 {
		return nil, face.Errorf(face.Invalid, "%d impostor pairs are too few to fit a calibration", h.total)
	}
	mean, sd := fitLine(zs, cosines)
	if !(sd > 0) {
		return nil, face.Errorf(face.Invalid, "impostor cosines do not spread: a calibration cannot be fitted")
	}
	c := &face.Calibration{
		Label: label, ImpostorPairs: h.total,
		ExtrapolatedFrom: scoreOfFMR(edge.fmr), TailMean: mean, TailSD: sd,
	}
	shift := edge.cosine - (mean + sd*quantile(edge.fmr))
	for s := 0.0; s <= 100; s += knotStep {
		fmr := math.Pow(10, -s/10)
		cosine := mean + shift + sd*quantile(fmr)
		if fmr >= edge.fmr {
			cosine = h.quantile(fmr)
		}
		addKnot(c, cosine, s)
	}
	return c, c.Check()
}

// tailEdge is where counting ends and extrapolation begins.
type tailEdge struct{ cosine, fmr float64 }

// countedTail returns matching standard-normal quantiles and cosines of the
// part of the tail that is fitted, and the edge of what counting can tell.
func countedTail(h *Histogram) (zs, cosines []float64, edge tailEdge) {
	next := 0.0
	for cosine, n := range h.tail() {
		fmr := float64(n) / float64(h.total)
		if n < minTailCount || fmr < fitToFMR {
			continue
		}
		if edge.fmr == 0 {
			edge = tailEdge{cosine, fmr}
		}
		if fmr > fitFromFMR {
			break
		}
		// Points evenly spaced in log FMR, so that the many bins of the body
		// do not outweigh the few of the tail.
		if l := math.Log10(fmr); len(zs) == 0 || l >= next {
			zs, cosines = append(zs, quantile(fmr)), append(cosines, cosine)
			next = l + 0.02
		}
	}
	return zs, cosines, edge
}

// fitLine returns intercept and slope of the least-squares line y = a + b·x.
func fitLine(x, y []float64) (a, b float64) {
	var sx, sy, sxx, sxy float64
	for i := range x {
		sx, sy = sx+x[i], sy+y[i]
		sxx, sxy = sxx+x[i]*x[i], sxy+x[i]*y[i]
	}
	n := float64(len(x))
	b = (n*sxy - sx*sy) / (n*sxx - sx*sx)
	return (sy - b*sx) / n, b
}

// quantile returns the standard-normal quantile that a value exceeds with
// probability p.
func quantile(p float64) float64 { return math.Sqrt2 * math.Erfcinv(2*p) }

// quantile returns the lowest cosine that at most the part fmr of the counted
// cosines reach or exceed.
func (h *Histogram) quantile(fmr float64) float64 {
	last := 1.0
	for cosine, n := range h.tail() {
		if float64(n)/float64(h.total) > fmr {
			break
		}
		last = cosine
	}
	return last
}

// addKnot appends a knot, rounded as the file writes it. A curve cannot rise
// from one cosine to the same cosine, nor leave −1…1: such a knot is left out.
func addKnot(c *face.Calibration, cosine, score float64) {
	cosine = math.Round(min(max(cosine, -1), 1)*1e6) / 1e6
	if n := len(c.Knots); n > 0 && cosine <= c.Knots[n-1].Cosine {
		return
	}
	c.Knots = append(c.Knots, face.Knot{Cosine: cosine, Score: score})
}

func scoreOfFMR(fmr float64) float64 { return -10 * math.Log10(fmr) }
