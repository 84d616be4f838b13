package pixel_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/facekeep/facekeep/engine/pixel"
)

// ramp returns a grey image whose luma is x + 2·y, in steps of 1 a pixel.
func ramp(width, height int) *pixel.Image {
	m := new(pixel.Buffers).Image(width, height)
	for y := range height {
		for x := range width {
			for c := range 3 {
				m.Pix[3*(y*width+x)+c] = byte(x + 2*y)
			}
		}
	}
	return m
}

// A ramp stays a ramp wherever it is read, and is not rounded.
func TestWarpGreyReadsPlaces(t *testing.T) {
	t.Parallel()
	src := ramp(80, 60)
	for name, to := range map[string]pixel.Similarity{
		"as it is": {A: 1}, "magnified": {A: 0.37, TX: 20, TY: 10}, "shrunk": {A: 1.7, TX: 3, TY: 4},
		"turned": {A: 0.8, B: 0.6, TX: 30, TY: 5}, "halved": {A: 2.5, TX: 10, TY: 8}, "halved twice": {A: 4.2, TX: 8, TY: 6},
	} {
		got := new(pixel.Buffers).WarpGrey(src, to, 10, 9)
		for y := range 9 {
			for x, v := range got.Row(y) {
				sx := to.A*(float64(x)+0.5) - to.B*(float64(y)+0.5) + to.TX - 0.5
				sy := to.B*(float64(x)+0.5) + to.A*(float64(y)+0.5) + to.TY - 0.5
				if want := sx + 2*sy; sx >= 0 && sy >= 0 && sx <= 79 && sy <= 59 && math.Abs(float64(v)-want) > 0.01 {
					t.Errorf("%s: (%d, %d) is %v, want %.3f", name, x, y, v, want)
				}
			}
		}
	}
}

func TestWarpGreyOutside(t *testing.T) {
	t.Parallel()
	src := ramp(4, 3)
	tests := []struct {
		name string
		to   pixel.Similarity
		want []float32
	}{
		{"left and above", pixel.Similarity{A: 1, TX: -10, TY: -10}, []float32{0, 0, 0, 0}},
		{"right and below", pixel.Similarity{A: 1, TX: 10, TY: 10}, []float32{7, 7, 7, 7}},
		{"across the left edge", pixel.Similarity{A: 1, TX: -1}, []float32{0, 0, 2, 2}},
	}
	for _, tt := range tests {
		got := new(pixel.Buffers).WarpGrey(src, tt.to, 2, 2)
		if diff := cmp.Diff(tt.want, append([]float32(nil), got.Pix...), cmpopts.EquateApprox(0, 1e-4)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// Luma is that of JPEG.
func TestWarpGreyWeighsColours(t *testing.T) {
	t.Parallel()
	for c, want := range []float32{76.245, 149.685, 29.07} {
		m := &pixel.Image{Width: 1, Height: 1, Pix: make([]byte, 3)}
		m.Pix[c] = 255
		if got := new(pixel.Buffers).WarpGrey(m, pixel.Scaling(1), 1, 1).Pix[0]; math.Abs(float64(got-want)) > 1e-3 {
			t.Errorf("channel %d: got %v, want %v", c, got, want)
		}
	}
}

func TestHalf(t *testing.T) {
	t.Parallel()
	var bufs pixel.Buffers
	g := bufs.WarpGrey(ramp(5, 3), pixel.Scaling(1), 5, 3)
	half := bufs.Half(g)
	if diff := cmp.Diff([]float32{1.5, 3.5}, half.Row(0)); diff != "" || half.Width != 2 || half.Height != 1 {
		t.Errorf("%d x %d (-want +got):\n%s", half.Width, half.Height, diff)
	}
	half.Release()
	half.Release()
	(*pixel.Grey)(nil).Release()
}
