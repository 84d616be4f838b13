package eval_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/facekeep/facekeep/face/eval"
)

// tiny is small enough to check by hand.
func tiny() []eval.Trial {
	return []eval.Trial{
		{Cosine: 0.9, Mated: true, Fold: 1}, {Cosine: 0.7, Mated: true, Fold: 2},
		{Cosine: 0.3, Mated: true, Fold: 1}, {Cosine: eval.Failed, Mated: true, Fold: 2},
		{Cosine: 0.5, Fold: 1}, {Cosine: 0.2, Fold: 2}, {Cosine: 0.1, Fold: 1}, {Cosine: 0.0, Fold: 2},
	}
}

func TestCurveRates(t *testing.T) {
	t.Parallel()
	c := eval.NewCurve(tiny())
	tests := []struct {
		name      string
		threshold float64
		fmr, fnmr float64
	}{
		{"everything real matches", -1, 1, 0.25},
		{"a cosine at the threshold matches", 0.5, 0.25, 0.5},
		{"just above it does not", 0.5000001, 0, 0.5},
		{"nothing matches", 1, 0, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := c.FMR(tt.threshold); got != tt.fmr {
				t.Errorf("FMR(%v) = %v, want %v", tt.threshold, got, tt.fmr)
			}
			if got := c.FNMR(tt.threshold); got != tt.fnmr {
				t.Errorf("FNMR(%v) = %v, want %v", tt.threshold, got, tt.fnmr)
			}
		})
	}
}

func TestThresholdAtKeepsTheRate(t *testing.T) {
	t.Parallel()
	c := eval.NewCurve(tiny())
	for _, fmr := range []float64{0, 0.1, 0.25, 0.5, 0.75, 0.99, 1} {
		th := c.ThresholdAt(fmr)
		if got := c.FMR(th); got > fmr {
			t.Errorf("FMR(ThresholdAt(%v)) = %v, want at most %v", fmr, got, fmr)
		}
		if lower := math.Nextafter(th, -3); fmr < 1 && c.FMR(lower) <= fmr {
			t.Errorf("ThresholdAt(%v) = %v is not the lowest: %v does as well", fmr, th, lower)
		}
	}
}

// normalTrials draws mated cosines around m and non-mated ones around 0, both
// with the standard deviation sd.
func normalTrials(n int, m, sd float64, seed uint64) []eval.Trial {
	r := rand.New(rand.NewPCG(seed, 1))
	trials := make([]eval.Trial, 0, 2*n)
	for i := range n {
		trials = append(trials,
			eval.Trial{Cosine: m + sd*r.NormFloat64(), Mated: true, Fold: i % 10},
			eval.Trial{Cosine: sd * r.NormFloat64(), Fold: i % 10})
	}
	return trials
}

func TestEERAndAccuracyOfNormals(t *testing.T) {
	t.Parallel()
	// Two normals four standard deviations apart cross at two: Q(2) = 0.02275.
	trials := normalTrials(50_000, 0.4, 0.1, 7)
	rate, threshold := eval.NewCurve(trials).EER()
	if math.Abs(rate-0.02275) > 0.0015 {
		t.Errorf("EER = %v, want about 0.02275", rate)
	}
	if math.Abs(threshold-0.2) > 0.005 {
		t.Errorf("EER threshold = %v, want about 0.2", threshold)
	}
	a := eval.FoldAccuracy(trials)
	if math.Abs(a.Mean-(1-0.02275)) > 0.0015 || len(a.Folds) != 10 {
		t.Errorf("FoldAccuracy = %v over %d folds, want about 0.97725 over 10", a.Mean, len(a.Folds))
	}
	if a.StdErr <= 0 || a.StdErr > 0.002 {
		t.Errorf("StdErr = %v, want a small positive number", a.StdErr)
	}
}

func TestFoldAccuracyUsesOtherFolds(t *testing.T) {
	t.Parallel()
	// Fold 1 is separable at 0.5, fold 2 at 0.9: each is judged by the other's
	// threshold, so half of each goes wrong.
	trials := []eval.Trial{
		{Cosine: 0.6, Mated: true, Fold: 1}, {Cosine: 0.4, Fold: 1},
		{Cosine: 0.95, Mated: true, Fold: 2}, {Cosine: 0.85, Fold: 2},
	}
	got := eval.FoldAccuracy(trials)
	if diff := cmp.Diff([]float64{0.5, 0.5}, got.Folds); diff != "" {
		t.Errorf("folds differ (-want +got):\n%s", diff)
	}
	single := eval.FoldAccuracy(trials[:2])
	if single.Mean != 1 {
		t.Errorf("one fold alone: accuracy %v, want 1", single.Mean)
	}
}

func TestDETFalls(t *testing.T) {
	t.Parallel()
	points := eval.NewCurve(normalTrials(2000, 0.4, 0.1, 3)).DET()
	if !slices.IsSortedFunc(points, func(a, b eval.Point) int {
		if a.FMR <= b.FMR && a.FNMR >= b.FNMR {
			return -1
		}
		return 1
	}) {
		t.Error("FNMR does not fall as FMR rises along the DET curve")
	}
	if first := points[0]; first.FMR > 0.01 {
		t.Errorf("the curve starts at FMR %v, want the strictest threshold first", first.FMR)
	}
}

func TestCalibrateNormalImpostors(t *testing.T) {
	t.Parallel()
	const mean, sd = 0.01, 0.11
	var a, b eval.Histogram
	r := rand.New(rand.NewPCG(5, 5))
	for i := range 2_000_000 {
		h := &a
		if i%2 == 1 {
			h = &b
		}
		h.Add(mean + sd*r.NormFloat64())
	}
	a.Merge(&b)
	c, err := eval.Calibrate("test@1", &a)
	if err != nil {
		t.Fatal(err)
	}
	// Standard normal quantiles of the false match rates.
	want := map[float64]float64{1e-1: 1.2816, 1e-2: 2.3263, 1e-3: 3.0902, 1e-4: 3.7190, 1e-5: 4.2649, 1e-6: 4.7534, 1e-8: 5.6120}
	for fmr, z := range want {
		got := float64(c.Score(mean + sd*z))
		tolerance := 0.6
		if fmr < 1e-6 { // the noise of the last counted pairs is carried outwards
			tolerance = 1
		}
		if math.Abs(got-(-10*math.Log10(fmr))) > tolerance {
			t.Errorf("score at FMR %v = %.2f, want %.2f", fmr, got, -10*math.Log10(fmr))
		}
	}
	if c.ExtrapolatedFrom < 36 || c.ExtrapolatedFrom > 40 {
		t.Errorf("extrapolated from score %.1f, want where about 300 of 2,000,000 pairs are left (38.2)", c.ExtrapolatedFrom)
	}
	if diff := cmp.Diff([]float64{mean, sd}, []float64{c.TailMean, c.TailSD}, cmpopts.EquateApprox(0, 0.006)); diff != "" {
		t.Errorf("tail differs (-want +got):\n%s", diff)
	}
	if got := c.Score(1); got != 100 {
		t.Errorf("Score(1) = %v, want 100", got)
	}
	if got := c.Score(-1); got != 0 {
		t.Errorf("Score(-1) = %v, want 0", got)
	}
}

func TestCalibrateRefusesTooLittle(t *testing.T) {
	t.Parallel()
	var h, flat eval.Histogram
	for i := range 1000 {
		h.Add(float64(i) / 1000)
	}
	for range 1_000_000 {
		flat.Add(0.25)
	}
	for name, h := range map[string]*eval.Histogram{"few": &h, "flat": &flat, "empty": new(eval.Histogram)} {
		if c, err := eval.Calibrate("test@1", h); err == nil {
			t.Errorf("%s: Calibrate = %d knots, want an error", name, len(c.Knots))
		}
	}
}

func TestHistogramFMR(t *testing.T) {
	t.Parallel()
	var h eval.Histogram
	for _, c := range []float64{-1, -0.5, 0, 0.25, 0.5, 1, 1.0000001, math.NaN()} {
		h.Add(c)
	}
	if h.Total() != 7 {
		t.Errorf("Total = %d, want 7 (a NaN is not counted)", h.Total())
	}
	for threshold, want := range map[float64]float64{-1: 1, 0: 5.0 / 7, 0.25: 4.0 / 7, 0.5: 3.0 / 7} {
		if got := h.FMR(threshold); got != want {
			t.Errorf("FMR(%v) = %v, want %v", threshold, got, want)
		}
	}
}
