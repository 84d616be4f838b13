package face

import (
	"fmt"
	"math"
	"sort"
)

// Knot is one point of a calibration curve.
type Knot struct {
	Cosine float64 `json:"cosine"`
	Score  float64 `json:"score"`
}

// Calibration maps the cosine of two templates of one label to a Score. It is
// made by "facekeep eval calibrate" from impostor pairs and shipped as a file.
type Calibration struct {
	Label TemplateLabel `json:"label"`
	// What it was fitted on.
	Persons       int   `json:"persons"`
	Pictures      int   `json:"pictures"`
	ImpostorPairs int64 `json:"impostor_pairs"`
	// ExtrapolatedFrom is the score above which the curve follows a fitted
	// normal tail instead of counted pairs.
	ExtrapolatedFrom float64 `json:"extrapolated_from"`
	// The normal distribution of impostor cosines that the tail follows.
	TailMean float64 `json:"tail_mean"`
	TailSD   float64 `json:"tail_sd"`
	// Knots rise strictly in both coordinates; between them the curve is
	// linear, outside it is constant.
	Knots []Knot `json:"knots"`
}

// Check returns an error unless the curve is usable: at least two knots, finite,
// rising strictly, scores within 0…100.
func (c *Calibration) Check() error {
	if c.Label == "" {
		return Errorf(Invalid, "calibration without a template label")
	}
	if len(c.Knots) < 2 {
		return Errorf(Invalid, "calibration of %s has %d knots, want at least 2", c.Label, len(c.Knots))
	}
	for i, k := range c.Knots {
		if math.IsNaN(k.Cosine) || math.IsNaN(k.Score) || k.Score < 0 || k.Score > 100 || math.Abs(k.Cosine) > 1 {
			return Errorf(Invalid, "calibration of %s: knot %d (%v, %v) is out of range", c.Label, i, k.Cosine, k.Score)
		}
		if i > 0 && (k.Cosine <= c.Knots[i-1].Cosine || k.Score <= c.Knots[i-1].Score) {
			return Errorf(Invalid, "calibration of %s: knot %d does not rise", c.Label, i)
		}
	}
	return nil
}

// Score returns the score of a cosine.
func (c *Calibration) Score(cosine float64) Score {
	k := c.Knots
	i := sort.Search(len(k), func(i int) bool { return k[i].Cosine >= cosine })
	switch {
	case i == 0:
		return Score(k[0].Score)
	case i == len(k):
		return Score(k[len(k)-1].Score)
	}
	a, b := k[i-1], k[i]
	return Score(a.Score + (cosine-a.Cosine)*(b.Score-a.Score)/(b.Cosine-a.Cosine))
}

// Cosine is the inverse of Score within the curve's range. For a score at or
// below the first knot it returns −1, for one above the last knot a value
// above 1, so that "cosine ≥ Cosine(s)" means "score ≥ s" everywhere.
func (c *Calibration) Cosine(s Score) float64 {
	k := c.Knots
	i := sort.Search(len(k), func(i int) bool { return k[i].Score >= float64(s) })
	switch {
	case i == 0:
		return -1
	case i == len(k):
		return 2
	}
	a, b := k[i-1], k[i]
	return a.Cosine + (float64(s)-a.Score)*(b.Cosine-a.Cosine)/(b.Score-a.Score)
}

// Calibrations holds the curve of each template label.
type Calibrations map[TemplateLabel]*Calibration

// For returns the curve of a label, or an Internal error that names it.
func (cs Calibrations) For(l TemplateLabel) (*Calibration, error) {
	if c, ok := cs[l]; ok {
		return c, nil
	}
	return nil, fmt.Errorf("no calibration for template label %q", l)
}
