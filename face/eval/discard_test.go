package eval_test

import (
	"math"
	"testing"

	"github.com/facekeep/facekeep/face/eval"
)

func TestDiscard(t *testing.T) {
	t.Parallel()
	// Ten comparisons, three of which fail at 0.3: those of quality 1 and 2, and one
	// of the two of quality 5.
	rated := []eval.Rated{
		{0.8, 9}, {0.1, 1}, {0.7, 3}, {eval.Failed, 2}, {0.9, 10}, {0.6, 5}, {0.2, 5}, {0.3, 8}, {0.5, 6}, {0.4, 7},
	}
	tests := []struct{ part, fnmr, ideal float64 }{
		{0, 3. / 10, 3. / 10},
		{0.05, 3. / 10, 3. / 10}, // half a comparison is none
		{0.1, 2. / 9, 2. / 9},
		{0.2, 1. / 8, 1. / 8},
		{0.3, 1. / 7, 0},  // a good one went
		{0.4, 0.5 / 6, 0}, // one of quality 5, by chance
		{0.5, 0, 0},
		{0.9, 0, 0},
	}
	d := eval.NewDiscard(rated, 0.3)
	for _, tt := range tests {
		if got := d.FNMR(tt.part); math.Abs(got-tt.fnmr) > 1e-12 {
			t.Errorf("FNMR(%v) = %v, want %v", tt.part, got, tt.fnmr)
		}
		if got := d.Ideal(tt.part); math.Abs(got-tt.ideal) > 1e-12 {
			t.Errorf("Ideal(%v) = %v, want %v", tt.part, got, tt.ideal)
		}
	}
	if got := d.Random(); got != 0.3 || d.Total() != 10 {
		t.Errorf("Random() = %v of %d, want 0.3 of 10", got, d.Total())
	}
	if got := d.FNMR(1); !math.IsNaN(got) {
		t.Errorf("FNMR of none = %v, want NaN", got)
	}
}

// A quality that says nothing leaves the rate as it is.
func TestDiscardOfOneQuality(t *testing.T) {
	t.Parallel()
	d := eval.NewDiscard([]eval.Rated{{0.1, 7}, {0.9, 7}, {0.9, 7}, {0.9, 7}}, 0.5)
	for _, part := range []float64{0, 0.25, 0.5, 0.75} {
		if got := d.FNMR(part); math.Abs(got-0.25) > 1e-12 {
			t.Errorf("FNMR(%v) = %v, want 0.25", part, got)
		}
	}
}
