package engine

import (
	"math"
	"testing"

	"github.com/facekeep/facekeep/face"
)

// The model has 5972 rows for the input that it was made for.
func TestMaskAnchors(t *testing.T) {
	t.Parallel()
	for side, want := range map[int]int{260: 5972, 164: 2432, maskSide: 1620} {
		all := maskAnchors(side)
		if len(all) != want {
			t.Errorf("%d px: got %d anchors, want %d", side, len(all), want)
		}
		first, last := all[0], all[len(all)-1]
		if c := first.Center(); c.X > 0.05 || c.Y > 0.05 || first.W*float64(side) > 12 {
			t.Errorf("%d px: got %+v first, want a small one in the corner", side, first)
		}
		if ratio := last.W / last.H; math.Abs(ratio-0.42) > 1e-9 || last.H*float64(side) < 200 {
			t.Errorf("%d px: got %+v last, want a large and slender one", side, last)
		}
	}
}

func TestMaskConfidence(t *testing.T) {
	t.Parallel()
	k := &mask{anchors: []face.Box{{X: 0.25, Y: 0.25, W: 0.5, H: 0.5}, {X: 0.3, Y: 0.25, W: 0.4, H: 0.5}, {W: 0.5, H: 0.5}}}
	box := face.Box{X: 900, Y: 100, W: 80, H: 100}
	tests := []struct {
		name  string
		pairs []float32
		want  float64
	}{
		{"a mask", []float32{0, 0, 0.9, 0.1, 0, 0}, 8000},
		{"no mask", []float32{0, 1, 0, 0, 0, 0}, -10000},
		{"the best of each", []float32{0.5, 0.25, 0.25, 0.75, 0, 0}, -2500},
		{"a masked neighbour", []float32{0, 0.5, 0, 0.5, 1, 0}, -5000},
		{"nobody", []float32{0, 0, 0, 0, 0, 0}, 0},
	}
	for _, tt := range tests {
		if got, err := k.confidence(tt.pairs, box); err != nil || math.Abs(got-tt.want) > 1e-3 {
			t.Errorf("%s: got %v, %v, want %v", tt.name, got, err, tt.want)
		}
	}
	if got, err := k.confidence([]float32{float32(math.NaN()), 0, 0, 0, 0, 0}, box); face.KindOf(err) != face.Internal {
		t.Errorf("no number: got %v, %v, want Internal", got, err)
	}
}
