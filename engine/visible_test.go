package engine

import (
	"math"
	"testing"

	"github.com/facekeep/facekeep/engine/pixel"
)

func TestVisible(t *testing.T) {
	t.Parallel()
	// A face whose aligned square is the picture's top-left corner, moved.
	at := func(x, y float64) pixel.Similarity { return pixel.Similarity{A: 1, TX: -x, TY: -y} }
	tests := []struct {
		name     string
		toSquare pixel.Similarity
		want     float64
	}{
		{"whole", at(0, 0), 1},
		{"cut at the left through the nose", at(-56, 0), 0.5},
		{"cut at the right through the nose", at(200-56, 0), 0.5},
		{"the forehead alone is cut", at(0, -30), 1},
		{"cut at the bottom below the brows", at(0, 150-32-19), 0.25},
		{"outside", at(-300, 0), 0},
	}
	for _, tt := range tests {
		if got := visible(tt.toSquare, 200, 150); math.Abs(got-tt.want) > 0.04 {
			t.Errorf("%s: visible = %.3f, want %.2f", tt.name, got, tt.want)
		}
	}
}
