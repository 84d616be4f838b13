package picture_test

import (
	"testing"

	"github.com/facekeep/facekeep/engine/picture"
	"github.com/facekeep/facekeep/engine/pixel"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	grey := func(x, y int) rgb { return testPixel(x, y).grey() }
	red := func(x, y int) rgb { r := testPixel(x, y)[0]; return rgb{r, r, r} }
	overWhite := func(x, y int) rgb {
		if x < testWidth/2 {
			return rgb{255, 255, 255}
		}
		return testPixel(x, y)
	}
	tests := []struct {
		file      string
		format    picture.Format
		want      func(x, y int) rgb
		tolerance float64
	}{
		{"baseline.jpg", picture.JPEG, testPixel, 3},
		{"progressive.jpg", picture.JPEG, testPixel, 3},
		{"full444.jpg", picture.JPEG, testPixel, 2},
		{"restart.jpg", picture.JPEG, testPixel, 3},
		{"grey.jpg", picture.JPEG, grey, 2},
		{"cmyk.jpg", picture.JPEG, testPixel, 4},
		{"rgb.png", picture.PNG, testPixel, 0},
		{"grey.png", picture.PNG, grey, 1},
		{"palette.png", picture.PNG, testPixel, 5},
		{"alpha.png", picture.PNG, overWhite, 0},
		{"deep.png", picture.PNG, testPixel, 0},
		{"deepgrey.png", picture.PNG, red, 0},
		{"deepalpha.png", picture.PNG, overWhite, 0},
		{"lossy.webp", picture.WebP, testPixel, 4},
		{"lossless.webp", picture.WebP, testPixel, 0},
		{"alpha.webp", picture.WebP, overWhite, 4},
	}
	for name, c := range codecs(t, picture.Limits{}) {
		for _, tt := range tests {
			t.Run(name+"/"+tt.file, func(t *testing.T) {
				t.Parallel()
				data := readFile(t, "testdata/"+tt.file)
				src, err := c.Open(data)
				if err != nil {
					t.Fatal(err)
				}
				defer src.Close()
				if src.Format() != tt.format {
					t.Errorf("got format %v, want %v", src.Format(), tt.format)
				}
				m, err := src.Decode(t.Context(), 0)
				if err != nil {
					t.Fatal(err)
				}
				if m.Width != testWidth || m.Height != testHeight {
					t.Fatalf("got %d x %d, want %d x %d", m.Width, m.Height, testWidth, testHeight)
				}
				if got := meanError(m.Image, tt.want); got > tt.tolerance {
					t.Errorf("got a mean error of %.2f, want at most %v", got, tt.tolerance)
				}
			})
		}
	}
}

// Both JPEG decoders must show the models the same picture.
func TestDecodersAgree(t *testing.T) {
	t.Parallel()
	all := codecs(t, picture.Limits{})
	if len(all) < 2 {
		t.Skip("libjpeg-turbo is not here")
	}
	data := readFile(t, "../../docs/portraits/obama.jpg")
	for _, longSide := range []int{0, 360, 180} {
		a, b := decode(t, all["go"], data, longSide), decode(t, all["turbo"], data, longSide)
		if a.Width != b.Width || a.Height != b.Height || a.FromPicture != b.FromPicture {
			t.Fatalf("long side %d: got %d x %d and %d x %d", longSide, a.Width, a.Height, b.Width, b.Height)
		}
		got := meanError(a.Image, func(x, y int) rgb {
			p := b.Pix[3*(y*b.Width+x):]
			return rgb{float64(p[0]), float64(p[1]), float64(p[2])}
		})
		if got > 2 {
			t.Errorf("long side %d: the decoders differ by %.2f on average, want at most 2", longSide, got)
		}
	}
}

// The picture is decoded no larger than needed, and never smaller.
func TestDecodeScaled(t *testing.T) {
	t.Parallel()
	data := readFile(t, "../../docs/portraits/obama.jpg") // 576 × 720
	tests := []struct {
		decoder   string
		want, got int
	}{
		{"turbo", 0, 720},
		{"turbo", 5000, 720},
		{"turbo", 720, 720},
		{"turbo", 400, 720},
		{"turbo", 360, 360},
		{"turbo", 90, 90},
		{"turbo", 10, 90},
		{"go", 0, 720},
		{"go", 400, 720},
		{"go", 360, 360},
		{"go", 200, 240},
		{"go", 10, 10},
	}
	all := codecs(t, picture.Limits{})
	for _, tt := range tests {
		c, ok := all[tt.decoder]
		if !ok {
			continue
		}
		m := decode(t, c, data, tt.want)
		if m.Height != tt.got {
			t.Errorf("%s, wanted %d: got %d px, want %d", tt.decoder, tt.want, m.Height, tt.got)
		}
		if k := float64(tt.got) / 720; m.FromPicture.A < k-1e-9 || m.FromPicture.A > k+1e-9 {
			t.Errorf("%s, wanted %d: got scale %v, want %v", tt.decoder, tt.want, m.FromPicture.A, k)
		}
	}
}

// A source without scaled decoding keeps its full picture: what it hands out
// must be the caller's own.
func TestDecodeTwice(t *testing.T) {
	t.Parallel()
	for name, c := range codecs(t, picture.Limits{}) {
		src, err := c.Open(readFile(t, "testdata/baseline.jpg"))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			m, err := src.Decode(t.Context(), 0)
			if err != nil {
				t.Fatal(err)
			}
			if got := meanError(m.Image, testPixel); got > 3 {
				t.Errorf("%s: got a mean error of %.2f, want at most 3", name, got)
			}
			clear(m.Pix)
			m.Release()
		}
		src.Close()
	}
}

func TestEncode(t *testing.T) {
	t.Parallel()
	m := new(pixel.Buffers).Image(testWidth, testHeight)
	for y := range m.Height {
		for x := range m.Width {
			for c, v := range testPixel(x, y) {
				m.Pix[3*(y*m.Width+x)+c] = byte(v)
			}
		}
	}
	for name, c := range codecs(t, picture.Limits{}) {
		data, err := c.Encode(m, 92)
		if err != nil {
			t.Fatal(err)
		}
		if got := meanError(decode(t, c, data, 0).Image, testPixel); got > 4 {
			t.Errorf("%s: got a mean error of %.2f, want at most 4", name, got)
		}
	}
}
