// Package eval measures how well faces are told apart: false match rate (FMR)
// and false non-match rate (FNMR) at a threshold, the trade-off between the two
// (DET), the equal error rate, verification accuracy over folds, and the
// calibration that turns a cosine into a score. Terms follow ISO/IEC 19795-1.
//
// A comparison in which a picture had no usable face has the cosine Failed: it
// never matches, so that it counts as a false non-match where the two pictures
// show one person, and as a correct rejection where they do not.
package eval

import (
	"cmp"
	"math"
	"slices"
)

// Failed is the cosine of a comparison that could not be made because a
// picture had no usable face. It is below every real cosine.
const Failed = -2

// Trial is one comparison of two pictures whose truth is known.
type Trial struct {
	Cosine float64 // −1…1, or Failed
	Mated  bool    // both pictures show the same person
	Fold   int     // which part of the set it belongs to
}

// Curve holds the trials of a set in a form that answers for every threshold.
// A comparison matches when its cosine is at or above the threshold.
type Curve struct {
	mated, nonMated []float64 // ascending
}

// NewCurve sorts trials into a Curve.
func NewCurve(trials []Trial) *Curve {
	c := &Curve{}
	for _, t := range trials {
		if t.Mated {
			c.mated = append(c.mated, t.Cosine)
		} else {
			c.nonMated = append(c.nonMated, t.Cosine)
		}
	}
	slices.Sort(c.mated)
	slices.Sort(c.nonMated)
	return c
}

// Counts returns how many mated and non-mated trials the curve holds.
func (c *Curve) Counts() (mated, nonMated int) { return len(c.mated), len(c.nonMated) }

// FMR returns the part of non-mated trials that match at a threshold, 0…1, and
// NaN if there are none.
func (c *Curve) FMR(threshold float64) float64 {
	return float64(len(c.nonMated)-below(c.nonMated, threshold)) / float64(len(c.nonMated))
}

// FNMR returns the part of mated trials that do not match at a threshold, 0…1,
// and NaN if there are none.
func (c *Curve) FNMR(threshold float64) float64 {
	return float64(below(c.mated, threshold)) / float64(len(c.mated))
}

// below counts the values of an ascending slice that are less than x.
func below(sorted []float64, x float64) int {
	i, _ := slices.BinarySearch(sorted, x)
	return i
}

// ThresholdAt returns the lowest threshold whose FMR does not exceed fmr.
func (c *Curve) ThresholdAt(fmr float64) float64 {
	n := len(c.nonMated)
	allowed := int(fmr * float64(n)) // how many non-mated trials may match
	if allowed >= n {
		return Failed
	}
	// The threshold must lie above the (allowed+1)th largest cosine.
	return math.Nextafter(c.nonMated[n-1-allowed], math.Inf(1))
}

// EER returns the equal error rate, where FMR and FNMR meet, and its threshold.
func (c *Curve) EER() (rate, threshold float64) {
	best := math.Inf(1)
	for _, t := range c.thresholds() {
		fmr, fnmr := c.FMR(t), c.FNMR(t)
		if d := math.Abs(fmr - fnmr); d < best {
			best, rate, threshold = d, (fmr+fnmr)/2, t
		}
	}
	return rate, threshold
}

// thresholds returns every cosine at which a rate changes, ascending.
func (c *Curve) thresholds() []float64 {
	all := slices.Concat(c.mated, c.nonMated)
	slices.Sort(all)
	return slices.Compact(all)
}

// Point is one operating point of a DET curve.
type Point struct{ Threshold, FMR, FNMR float64 }

// DET returns the operating points of the curve from the strictest threshold
// to the most lenient, without points that say nothing new.
func (c *Curve) DET() []Point {
	ts := c.thresholds()
	points := make([]Point, 0, len(ts))
	for _, t := range slices.Backward(ts) {
		p := Point{t, c.FMR(t), c.FNMR(t)}
		if n := len(points); n > 0 && points[n-1].FMR == p.FMR && points[n-1].FNMR == p.FNMR {
			continue
		}
		points = append(points, p)
	}
	return points
}

// Accuracy is verification accuracy over folds, as LFW reports it.
type Accuracy struct {
	Mean   float64   // 0…1, of the folds
	StdErr float64   // of the mean
	Folds  []float64 // accuracy of each fold, in fold order
}

// FoldAccuracy takes for each fold the threshold that is best on all the other
// folds, and returns the part of the fold's trials that it decides rightly.
// With a single fold the threshold comes from the fold itself.
func FoldAccuracy(trials []Trial) Accuracy {
	folds := make(map[int][]Trial)
	for _, t := range trials {
		folds[t.Fold] = append(folds[t.Fold], t)
	}
	ids := make([]int, 0, len(folds))
	for id := range folds {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var a Accuracy
	for _, id := range ids {
		rest := make([]Trial, 0, len(trials))
		for _, t := range trials {
			if t.Fold != id || len(ids) == 1 {
				rest = append(rest, t)
			}
		}
		a.Folds = append(a.Folds, accuracyAt(folds[id], bestThreshold(rest)))
	}
	a.Mean, a.StdErr = meanStdErr(a.Folds)
	return a
}

// bestThreshold returns the threshold that decides most trials rightly, half
// way between the two cosines it separates; of several, the lowest.
func bestThreshold(trials []Trial) float64 {
	ts := slices.SortedFunc(slices.Values(trials), func(a, b Trial) int { return cmp.Compare(a.Cosine, b.Cosine) })
	right := 0 // at a threshold below everything: every mated trial is right
	for _, t := range ts {
		if t.Mated {
			right++
		}
	}
	best, at := right, float64(Failed)
	for i := 0; i < len(ts); {
		j := i
		for ; j < len(ts) && ts[j].Cosine == ts[i].Cosine; j++ {
			if ts[j].Mated {
				right--
			} else {
				right++
			}
		}
		if right > best {
			best, at = right, ts[i].Cosine
			if j < len(ts) {
				at = (ts[i].Cosine + ts[j].Cosine) / 2
			} else {
				at = math.Nextafter(at, math.Inf(1))
			}
		}
		i = j
	}
	return at
}

func accuracyAt(trials []Trial, threshold float64) float64 {
	right := 0
	for _, t := range trials {
		if (t.Cosine >= threshold) == t.Mated {
			right++
		}
	}
	return float64(right) / float64(len(trials))
}

func meanStdErr(xs []float64) (mean, stderr float64) {
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
	if len(xs) < 2 {
		return mean, 0
	}
	for _, x := range xs {
		stderr += (x - mean) * (x - mean)
	}
	n := float64(len(xs))
	return mean, math.Sqrt(stderr / (n - 1) / n)
}
