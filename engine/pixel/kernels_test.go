package pixel_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// inEveryForm runs a test of the kernels in every form that this processor has. The
// tests are not parallel: the form is switched for all.
func inEveryForm(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	for width, form := range pixel.Widths() {
		t.Run(form, func(t *testing.T) {
			defer pixel.Narrow(width)()
			test(t)
		})
	}
}

// The kernels give the very bytes that their definitions do.
func TestKernels(t *testing.T) { //nolint:paralleltest // as said
	inEveryForm(t, func(t *testing.T) {
		t.Helper()
		r := rand.New(rand.NewPCG(1, 2))
		for n := range 300 {
			name := fmt.Sprintf("case %d", n)
			src := noisy(r, 1+r.IntN(70), 1+r.IntN(70))
			testWarp(t, name, src, similarity(r, src), r)
			testResize(t, name, src, 1+r.IntN(140), 1+r.IntN(140))
			testFill(t, name, src, r)
		}
	})
}

func noisy(r *rand.Rand, width, height int) *pixel.Image {
	m := &pixel.Image{Width: width, Height: height, Pix: make([]byte, 3*width*height)}
	for i := range m.Pix {
		m.Pix[i] = byte(r.UintN(256))
	}
	return m
}

// similarity returns a map that shows some of an image, and often what is around it.
func similarity(r *rand.Rand, m *pixel.Image) pixel.Similarity {
	turn, scale := 2*math.Pi*r.Float64(), 9*r.Float64()
	s := pixel.Similarity{A: scale * math.Cos(turn), B: scale * math.Sin(turn)}
	switch r.IntN(4) {
	case 0:
		s = pixel.Scaling(math.Round(scale)) // places that fall upon pixels
	case 1:
		s = pixel.Scaling(scale)
	}
	s.TX, s.TY = r.Float64()*float64(m.Width)-scale*10, r.Float64()*float64(m.Height)-scale*10
	return s
}

func testWarp(t *testing.T, name string, src *pixel.Image, toSrc pixel.Similarity, r *rand.Rand) {
	t.Helper()
	width, height, outside := 1+r.IntN(300), 1+r.IntN(20), [3]uint8{10, 20, 30}
	got := new(pixel.Buffers).WarpOver(src, toSrc, width, height, outside)
	for toSrc.Scale() > 4 && src.LongSide() > 1 {
		src, toSrc = blocks(src, 2, 2), pixel.Scaling(0.5).After(toSrc)
	}
	for y := range height {
		for x := range width {
			want := warped(src, toSrc, x, y, outside)
			at := 3 * (y*width + x)
			for c, v := range got.Pix[at : at+3] {
				if d := int(v) - int(want[c]); max(d, -d) > placeSlack() {
					t.Fatalf("%s: Warp by %v at %d, %d: got %v, want %v", name, toSrc, x, y, got.Pix[at:at+3], want)
				}
			}
		}
	}
}

// placeSlack is by how much a pixel may differ because C and Go round the place of a
// sample apart: not at all, but where compilers fuse multiplication and addition.
func placeSlack() int {
	if runtime.GOARCH == "amd64" {
		return 0
	}
	return 2
}

// warped returns a pixel of a warp: the mean of a grid of bilinear samples, whose
// places are cut to 256ths of a pixel.
func warped(src *pixel.Image, toSrc pixel.Similarity, x, y int, outside [3]uint8) (rgb [3]uint8) {
	side := 1
	if k := toSrc.Scale(); k > 1 {
		side = max(2, min(int(math.Ceil(k)), 4))
	}
	var sum [3]int
	for n := range side * side {
		p := toSrc.Apply(face.Point{
			X: float64(x) + (float64(n%side)+0.5)/float64(side), Y: float64(y) + (float64(n/side)+0.5)/float64(side),
		})
		u, v := p.X-0.5, p.Y-0.5
		fx, fy := int((u-math.Floor(u))*256), int((v-math.Floor(v))*256)
		for _, corner := range [4][3]int{{0, 0, (256 - fx) * (256 - fy)}, {1, 0, fx * (256 - fy)}, {0, 1, (256 - fx) * fy}, {1, 1, fx * fy}} {
			for c, value := range pixelAt(src, int(math.Floor(u))+corner[0], int(math.Floor(v))+corner[1], outside) {
				sum[c] += corner[2] * int(value)
			}
		}
	}
	for c := range rgb {
		rgb[c] = byte((sum[c] + side*side*32768) / (side * side * 65536))
	}
	return rgb
}

func pixelAt(m *pixel.Image, x, y int, outside [3]uint8) [3]uint8 {
	if x < 0 || y < 0 || x >= m.Width || y >= m.Height {
		return outside
	}
	return [3]uint8(m.Pix[3*(y*m.Width+x):])
}

func testResize(t *testing.T, name string, src *pixel.Image, width, height int) {
	t.Helper()
	if width == src.Width && height == src.Height {
		return
	}
	got := new(pixel.Buffers).Resize(src, width, height)
	kx, ky := max(src.Width/width, 1), max(src.Height/height, 1)
	small := src
	if kx*ky > 1 {
		small = blocks(src, kx, ky)
	}
	for y := range height {
		y0, wy := tap(y, height, small.Height, float64(src.Height)/float64(ky))
		for x := range width {
			x0, wx := tap(x, width, small.Width, float64(src.Width)/float64(kx))
			a, b := pixelAt(small, x0, y0, [3]uint8{}), pixelAt(small, min(x0+1, small.Width-1), y0, [3]uint8{})
			y1 := min(y0+1, small.Height-1)
			d, e := pixelAt(small, x0, y1, [3]uint8{}), pixelAt(small, min(x0+1, small.Width-1), y1, [3]uint8{})
			for c := range 3 {
				top, bottom := int(a[c])*(2048-wx)+int(b[c])*wx, int(d[c])*(2048-wx)+int(e[c])*wx
				want := byte((top*(2048-wy) + bottom*wy + 1<<21) >> 22)
				if v := got.Pix[3*(y*width+x)+c]; v != want {
					t.Fatalf("%s: Resize %d×%d to %d×%d at %d, %d: got %d, want %d", name, src.Width, src.Height, width, height, x, y, v, want)
				}
			}
		}
	}
}

// blocks returns the image with the mean of each block, which an edge may cut.
func blocks(m *pixel.Image, kx, ky int) *pixel.Image {
	out := &pixel.Image{Width: (m.Width + kx - 1) / kx, Height: (m.Height + ky - 1) / ky}
	for y := range out.Height {
		for x := range out.Width {
			var sum [3]int
			n := 0
			for sy := y * ky; sy < min((y+1)*ky, m.Height); sy++ {
				for sx := x * kx; sx < min((x+1)*kx, m.Width); sx++ {
					n++
					for c, v := range pixelAt(m, sx, sy, [3]uint8{}) {
						sum[c] += int(v)
					}
				}
			}
			for _, s := range sum {
				out.Pix = append(out.Pix, byte((s+n/2)/n))
			}
		}
	}
	return out
}

// tap returns the first of two neighbours that a pixel of a result mixes, and the
// weight of the second in 2048ths.
func tap(i, n, size int, length float64) (first, weight int) {
	at := min(max((float64(i)+0.5)*(length/float64(n))-0.5, 0), float64(size-1))
	return int(at), int(math.Round((at - math.Floor(at)) * 2048))
}

func testFill(t *testing.T, name string, m *pixel.Image, r *rand.Rand) {
	t.Helper()
	norm := pixel.Norm{Mean: [3]float32{122.782, 117.001, 104.298}, Scale: [3]float32{1. / 256, 1. / 58.395, 3}, BGR: r.IntN(2) == 0}
	width, height := m.Width+r.IntN(2)*r.IntN(40), m.Height+r.IntN(10)
	got := new(pixel.Buffers).Tensor(1, 3, int64(height), int64(width))
	for i := range got.Data {
		got.Data[i] = -7
	}
	mirrored := r.IntN(2) == 0
	if mirrored {
		got.FillMirrored(m, &norm)
	} else {
		got.Fill(m, &norm)
	}
	want := make([]float32, len(got.Data))
	for i, v := range m.Pix {
		c, x, y := i%3, i/3%m.Width, i/3/m.Width
		plane := c
		if norm.BGR {
			plane = 2 - c
		}
		if mirrored {
			x = m.Width - 1 - x
		}
		want[(plane*height+y)*width+x] = (float32(v) - norm.Mean[c]) * norm.Scale[c]
	}
	if !slices.Equal(got.Data, want) {
		t.Fatalf("%s: Fill of %d×%d into %d×%d, mirrored %t: got other numbers than wanted", name, m.Width, m.Height, width, height, mirrored)
	}
}
