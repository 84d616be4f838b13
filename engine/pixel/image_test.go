package pixel_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/engine/pixel"
)

// grid returns an image whose pixels are 1, 2, 3 … in reading order, the same in
// red, green and blue but for an offset of 0, 50 and 100.
func grid(width, height int) *pixel.Image {
	m := new(pixel.Buffers).Image(width, height)
	for i := range width * height {
		m.Pix[3*i], m.Pix[3*i+1], m.Pix[3*i+2] = byte(i+1), byte(i+51), byte(i+101)
	}
	return m
}

// reds returns the red values row by row, and checks that green and blue went
// with them.
func reds(t *testing.T, m *pixel.Image) [][]int {
	t.Helper()
	rows := make([][]int, 0, m.Height)
	for y := range m.Height {
		row := make([]int, 0, m.Width)
		for x := range m.Width {
			p := m.Pix[3*(y*m.Width+x):]
			row = append(row, int(p[0]))
			if p[0] != 0 && (p[1] != p[0]+50 || p[2] != p[0]+100) {
				t.Errorf("pixel (%d, %d) is %v: the colours are not of one pixel", x, y, p[:3])
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func TestUpright(t *testing.T) {
	t.Parallel()
	tests := []struct {
		orientation int
		want        [][]int
	}{
		{0, [][]int{{1, 2, 3}, {4, 5, 6}}},
		{1, [][]int{{1, 2, 3}, {4, 5, 6}}},
		{2, [][]int{{3, 2, 1}, {6, 5, 4}}},
		{3, [][]int{{6, 5, 4}, {3, 2, 1}}},
		{4, [][]int{{4, 5, 6}, {1, 2, 3}}},
		{5, [][]int{{1, 4}, {2, 5}, {3, 6}}},
		{6, [][]int{{4, 1}, {5, 2}, {6, 3}}},
		{7, [][]int{{6, 3}, {5, 2}, {4, 1}}},
		{8, [][]int{{3, 6}, {2, 5}, {1, 4}}},
		{9, [][]int{{1, 2, 3}, {4, 5, 6}}},
	}
	for _, tt := range tests {
		got := reds(t, new(pixel.Buffers).Upright(grid(3, 2), tt.orientation))
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("orientation %d (-want +got):\n%s", tt.orientation, diff)
		}
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	got := new(pixel.Buffers).Cut(grid(4, 3), 1, 1, 2, 2)
	if diff := cmp.Diff([][]int{{6, 7}, {10, 11}}, reds(t, got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestShrink(t *testing.T) {
	t.Parallel()
	var bufs pixel.Buffers
	tests := []struct {
		name string
		k    int
		want [][]int
	}{
		{"copy", 1, [][]int{{1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}, {11, 12, 13, 14, 15}}},
		{"blocks, cut at the edge", 2, [][]int{{4, 6, 8}, {12, 14, 15}}}, // (1+2+6+7)/4 …, (5+10)/2, (11+12)/2 …
		{"one pixel", 8, [][]int{{8}}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, reds(t, bufs.Shrink(grid(5, 3), tt.k))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestResize(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name          string
		width, height int
		want          [][]int
	}{
		{"wider", 8, 1, [][]int{{1, 1, 2, 2, 3, 3, 4, 4}}}, // 1 1.25 1.75 2.25 …, rounded
		{"narrower", 2, 1, [][]int{{2, 4}}},                // 1.5, 3.5
		{"taller", 4, 2, [][]int{{1, 2, 3, 4}, {1, 2, 3, 4}}},
		{"one pixel", 1, 1, [][]int{{3}}}, // 2.5
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, reds(t, new(pixel.Buffers).Resize(grid(4, 1), tt.width, tt.height))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	src := grid(4, 2)
	if got := new(pixel.Buffers).Resize(src, 4, 2); got != src {
		t.Error("the same size: got another image, want the same")
	}
}

// Whatever the sizes, a ramp stays a ramp in the same place: nothing is shifted.
func TestResizeKeepsPlaces(t *testing.T) {
	t.Parallel()
	src := new(pixel.Buffers).Image(200, 3)
	for i := range 600 {
		for c := range 3 {
			src.Pix[3*i+c] = byte(i % 200)
		}
	}
	for _, width := range []int{1, 7, 64, 99, 100, 101, 133, 199, 201, 320, 777} {
		got := new(pixel.Buffers).Resize(src, width, 3)
		for x := range width {
			// The middle of the pixel, on the scale of the source.
			want := (float64(x)+0.5)*200/float64(width) - 0.5
			want = min(max(want, 0), 199)
			// Half a pixel of rounding twice; at the end a block that the edge cuts.
			if v := float64(got.Pix[3*x]); v < want-1.5 || v > want+1.5 {
				t.Errorf("width %d: pixel %d is %v, want %.1f", width, x, v, want)
			}
		}
	}
}

func TestBuffersAreUsedAgain(t *testing.T) {
	t.Parallel()
	var bufs pixel.Buffers
	m := bufs.Image(10, 10)
	m.Release()
	m.Release() // does nothing
	if m.Pix != nil {
		t.Error("got pixels after Release, want none")
	}
	if n := len(bufs.Image(3, 3).Pix); n != 27 {
		t.Errorf("got %d bytes, want 27", n)
	}
	tensor := bufs.Tensor(1, 3, 4, 5)
	tensor.Release()
	tensor.Release()
	if n := len(bufs.Tensor(2, 2).Data); n != 4 {
		t.Errorf("got %d numbers, want 4", n)
	}
	(*pixel.Image)(nil).Release()
	(*pixel.Tensor)(nil).Release()
}

func BenchmarkResize(b *testing.B) {
	var bufs pixel.Buffers
	src := bufs.Image(563, 376)
	for b.Loop() {
		bufs.Resize(src, 320, 214).Release()
	}
}

func BenchmarkUpright(b *testing.B) {
	var bufs pixel.Buffers
	for b.Loop() {
		bufs.Upright(bufs.Image(640, 480), 6).Release()
	}
}
