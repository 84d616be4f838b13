package pixel_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

var near = cmpopts.EquateApprox(0, 1e-9)

func TestSimilarity(t *testing.T) {
	t.Parallel()
	// Turn by 90° (x to y), double, move by (10, 20).
	s := pixel.Similarity{B: 2, TX: 10, TY: 20}
	p := face.Point{X: 3, Y: 4}
	if diff := cmp.Diff(face.Point{X: 2, Y: 26}, s.Apply(p), near); diff != "" {
		t.Errorf("Apply (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(p, s.Inverse().Apply(s.Apply(p)), near); diff != "" {
		t.Errorf("Inverse (-want +got):\n%s", diff)
	}
	u := pixel.Similarity{A: 0.5, B: -1, TX: 1, TY: -2}
	if diff := cmp.Diff(s.Apply(u.Apply(p)), s.After(u).Apply(p), near); diff != "" {
		t.Errorf("After (-want +got):\n%s", diff)
	}
	if got := s.Scale(); math.Abs(got-2) > 1e-12 {
		t.Errorf("Scale: got %v, want 2", got)
	}
	for _, bad := range []pixel.Similarity{{}, {A: math.NaN()}, {A: 1, TX: math.Inf(1)}, (pixel.Similarity{}).Inverse()} {
		if bad.Finite() {
			t.Errorf("%v: got finite, want not", bad)
		}
	}
}

func TestFitSimilarity(t *testing.T) {
	t.Parallel()
	src := []face.Point{{X: 1, Y: 2}, {X: 5, Y: 1}, {X: 3, Y: 4}, {X: 2, Y: 6}, {X: 5, Y: 7}}
	want := pixel.Similarity{A: 1.5, B: -0.7, TX: 11, TY: -3}
	dst := make([]face.Point, len(src))
	for i, p := range src {
		dst[i] = want.Apply(p)
	}
	if diff := cmp.Diff(want, pixel.FitSimilarity(src, dst), near); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if same := []face.Point{{X: 2, Y: 2}, {X: 2, Y: 2}}; pixel.FitSimilarity(same, src[:2]).Finite() {
		t.Error("points that are all the same: got a finite map, want none")
	}
}

// With points that do not fit, no other similarity does better.
func TestFitSimilarityIsLeastSquares(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	src, dst := make([]face.Point, 5), make([]face.Point, 5)
	for i := range src {
		src[i] = face.Point{X: 100 * r.Float64(), Y: 100 * r.Float64()}
		dst[i] = face.Point{X: src[i].Y + 20*r.Float64(), Y: src[i].X + 20*r.Float64()} // nearly a reflection
	}
	cost := func(s pixel.Similarity) (sum float64) {
		for i, p := range src {
			d := s.Apply(p).Distance(dst[i])
			sum += d * d
		}
		return sum
	}
	best := pixel.FitSimilarity(src, dst)
	for range 1000 {
		s := best
		s.A += 0.1 * r.NormFloat64()
		s.B += 0.1 * r.NormFloat64()
		s.TX += r.NormFloat64()
		s.TY += r.NormFloat64()
		if cost(s) < cost(best) {
			t.Fatalf("got %v at cost %v, but %v costs %v", best, cost(best), s, cost(s))
		}
	}
}

func TestWarp(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name          string
		toSrc         pixel.Similarity
		width, height int
		want          [][]int
	}{
		{"as it is", pixel.Scaling(1), 3, 2, [][]int{{1, 2, 3}, {4, 5, 6}}},
		{"moved, black outside", pixel.Similarity{A: 1, TX: 1, TY: 1}, 3, 2, [][]int{{5, 6, 0}, {0, 0, 0}}},
		{"turned clockwise", pixel.Similarity{B: -1, TY: 2}, 2, 3, [][]int{{4, 1}, {5, 2}, {6, 3}}},
	}
	for _, tt := range tests {
		got := new(pixel.Buffers).Warp(grid(3, 2), tt.toSrc, tt.width, tt.height)
		if diff := cmp.Diff(tt.want, reds(t, got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// A pattern finer than the result must come out as its mean, not as a pattern of
// its own.
func TestWarpDoesNotAlias(t *testing.T) {
	t.Parallel()
	src := new(pixel.Buffers).Image(300, 300)
	for y := range 300 {
		for x := range 300 {
			if (x+y)%2 == 0 {
				for c := range 3 {
					src.Pix[3*(y*300+x)+c] = 255
				}
			} else {
				clear(src.Pix[3*(y*300+x):][:3])
			}
		}
	}
	for _, scale := range []float64{1.7, 2, 2.5, 3, 3.9, 5, 9, 20} {
		got := new(pixel.Buffers).Warp(src, pixel.Similarity{A: scale, TX: 1, TY: 1}, int(270/scale), int(270/scale))
		for i, v := range got.Pix {
			if v < 90 || v > 165 {
				t.Errorf("scale %v: byte %d is %d, want about 128", scale, i, v)
				break
			}
		}
	}
}

// A sketch is a warp where it takes as many samples.
func TestSketchIsWarp(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	src := noisy(r, 90, 70)
	for _, scale := range []float64{0.5, 1, 1.9, 2} {
		at := pixel.Similarity{A: scale * 0.8, B: scale * 0.6, TX: 30, TY: -5}
		want, got := new(pixel.Buffers).Warp(src, at, 30, 20), new(pixel.Buffers).Sketch(src, at, 30, 20)
		if diff := cmp.Diff(want.Pix, got.Pix); diff != "" {
			t.Errorf("scale %v (-want +got):\n%s", scale, diff)
		}
	}
}

// Each pixel of the source shows in a sketch.
func TestSketchSkipsNothing(t *testing.T) {
	t.Parallel()
	const side = 30
	for _, scale := range []float64{0.7, 1.2, 1.7, 1.8, 1.9, 2.5, 3, 3.5, 3.7, 5} {
		for at := range side * side {
			src := new(pixel.Buffers).Image(side, side)
			clear(src.Pix)
			src.Pix[3*at] = 255
			// It begins a little outside, so that the edge is inside.
			seen := new(pixel.Buffers).Sketch(src, pixel.Similarity{A: scale, TX: -3, TY: -3}, 50, 50)
			if slices.Max(seen.Pix) == 0 {
				t.Fatalf("scale %v: the pixel at %d, %d is not seen", scale, at%side, at/side)
			}
		}
	}
}

// No map whatever makes it read outside.
func TestWarpOfAnyMap(t *testing.T) {
	t.Parallel()
	for _, s := range []pixel.Similarity{
		{}, {A: math.NaN()}, {A: math.Inf(1)}, {A: 1e300}, {A: 1, TX: -1e18}, {A: 1e-300, TX: 2.999999, TY: 1.999999}, {A: -1, TX: math.MaxFloat64},
	} {
		new(pixel.Buffers).Warp(grid(3, 2), s, 4, 4)
	}
}

// The forms for processors take turns.
func BenchmarkWarp(b *testing.B) {
	var bufs pixel.Buffers
	src := bufs.Image(800, 800)
	for _, bb := range []struct {
		name  string
		scale float64
	}{{"sharp", 0.9}, {"minified", 1.7}, {"coarse", 3}, {"halved", 5}} {
		for width, form := range pixel.Widths() {
			b.Run(bb.name+"/"+form, func(b *testing.B) {
				defer pixel.Narrow(width)()
				for b.Loop() {
					bufs.Warp(src, pixel.Similarity{A: bb.scale, B: 0.1, TX: 100, TY: 100}, 112, 112).Release()
				}
			})
		}
	}
}
