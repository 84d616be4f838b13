package engine

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// zeroOutputs returns a reader's outputs for one input, filled with zeros.
func zeroOutputs(r reader, width, height int) [][]float32 {
	tensors := r.outputs(new(pixel.Buffers), 1, width, height)
	out := make([][]float32, len(tensors))
	for i, t := range tensors {
		clear(t.Data)
		out[i] = t.Data
	}
	return out
}

func TestYuNetDecode(t *testing.T) {
	t.Parallel()
	out := zeroOutputs(yunet{}, 64, 32)
	// Stride 16: a grid of 4 × 2. The cell in column 3 of row 1 is number 7.
	out[1][7], out[4][7] = 0.81, 1.5 // the second is cut to 1
	copy(out[7][4*7:], []float32{0.5, -0.25, float32(math.Log(2)), float32(math.Log(3))})
	copy(out[10][10*7:], []float32{-1, -1, 1, -1, 0, 0, -0.5, 1, 0.5, 1})
	got := yunet{}.decode(out, 64, 32, 0.6)
	want := []detection{{
		score: 0.9, box: face.Box{X: 56 - 16, Y: 12 - 24, W: 32, H: 48},
		landmarks: face.Landmarks{
			LeftEye: face.Point{X: 32, Y: 0}, RightEye: face.Point{X: 64, Y: 0}, Nose: face.Point{X: 48, Y: 16},
			LeftMouth: face.Point{X: 40, Y: 32}, RightMouth: face.Point{X: 56, Y: 32},
		},
	}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(detection{}), near); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := (yunet{}).decode(out, 64, 32, 0.91); len(got) != 0 {
		t.Errorf("above its score: got %v, want nothing", got)
	}
}

func TestCenterFaceDecode(t *testing.T) {
	t.Parallel()
	out := zeroOutputs(centerface{}, 64, 32)
	const cells, at = 16 * 8, 2*16 + 5 // row 2, column 5
	out[0][at] = 0.8
	out[1][at], out[1][cells+at] = float32(math.Log(6)), float32(math.Log(4)) // height, width
	out[2][at], out[2][cells+at] = 0.25, -0.5                                 // y, x
	for n, yx := range [][2]float32{{.3, .3}, {.3, .7}, {.5, .5}, {.8, .4}, {.8, .6}} {
		out[3][2*n*cells+at], out[3][(2*n+1)*cells+at] = yx[0], yx[1]
	}
	got := centerface{}.decode(out, 64, 32, 0.35)
	// Its middle is ((5 − 0.5 + 0.5)·4, (2 + 0.25 + 0.5)·4) = (20, 11).
	want := []detection{{
		score: 0.8, box: face.Box{X: 12, Y: -1, W: 16, H: 24},
		landmarks: face.Landmarks{
			LeftEye: face.Point{X: 16.8, Y: 6.2}, RightEye: face.Point{X: 23.2, Y: 6.2}, Nose: face.Point{X: 20, Y: 11},
			LeftMouth: face.Point{X: 18.4, Y: 18.2}, RightMouth: face.Point{X: 21.6, Y: 18.2},
		},
	}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(detection{}), near); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// constant is a model that writes one number everywhere.
type constant float32

func (c constant) Run(_ *pixel.Tensor, out []*pixel.Tensor) error {
	for _, t := range out {
		for i := range t.Data {
			t.Data[i] = float32(c)
		}
	}
	return nil
}

func (constant) Close() error { return nil }

// Whatever a detector gives, only faces made of numbers come out.
func TestFindOfAnyOutput(t *testing.T) {
	t.Parallel()
	bufs := new(pixel.Buffers)
	for _, r := range []reader{yunet{}, centerface{}} {
		for _, v := range []float64{0, 1, -1, 1e30, -1e30, math.NaN(), math.Inf(1), math.Inf(-1)} {
			d := &detector{reader: r, model: constant(v), bufs: bufs}
			found, err := d.find(bufs.Image(70, 40), 0.1)
			if err != nil {
				t.Errorf("%T of %v: got %v, want no error", r, v, err)
			}
			for _, f := range found {
				if !f.finite() {
					t.Errorf("%T of %v: got %v", r, v, f)
				}
			}
		}
	}
}

func FuzzYuNetDecode(f *testing.F) {
	f.Add(float32(0.9), float32(0.9), float32(0), float32(0), float32(1), float32(1))
	f.Add(float32(1), float32(1), float32(1e38), float32(-1e38), float32(1e38), float32(-1e38))
	f.Fuzz(func(t *testing.T, cls, obj, a, b, c, d float32) {
		out := zeroOutputs(yunet{}, 32, 32)
		out[0][3], out[3][3] = cls, obj
		copy(out[6][12:], []float32{a, b, c, d})
		copy(out[9][30:], []float32{a, b, c, d, a, b, c, d, a, b})
		for _, f := range (yunet{}).decode(out, 32, 32, 0.6) {
			if f.finite() && (f.score < 0.599 || f.score > 1 || f.box.W <= 0) {
				t.Errorf("got %v", f)
			}
		}
	})
}

func TestAttributeOfNoProbabilities(t *testing.T) {
	t.Parallel()
	bufs := new(pixel.Buffers)
	gender := func(v float64) ([]float64, error) {
		b := batched{models: []Model{constant(v)}, bufs: bufs, most: 1, takes: []int64{3, 32, 32}, gives: []int64{2}}
		a := &attribute{attributeSpec: genderSpec(), batched: b}
		return a.measure(t.Context(), bufs.Image(40, 40), []pixel.Similarity{pixel.Scaling(40)})
	}
	for _, v := range []float64{0, math.NaN(), math.Inf(1)} {
		if _, err := gender(v); err == nil || face.KindOf(err) != face.Internal {
			t.Errorf("of %v: got %v, want Internal", v, err)
		}
	}
	if got, err := gender(0.5); err != nil || got[0] != 0 {
		t.Errorf("of equal probabilities: got %v, %v, want 0", got, err)
	}
}
