package picture_test

import (
	"math"
	"os"
	"testing"

	"github.com/facekeep/facekeep/engine/picture"
	"github.com/facekeep/facekeep/engine/pixel"
)

// codecs returns a codec for each decoder of this machine, by name.
func codecs(tb testing.TB, limits picture.Limits) map[string]*picture.Codec {
	tb.Helper()
	all := map[string]*picture.Codec{"go": newCodec(tb, picture.Config{Library: picture.NoLibrary, Limits: limits})}
	if c := newCodec(tb, picture.Config{Limits: limits}); c.Name() != "image/jpeg" {
		all["turbo"] = c
	} else {
		tb.Log("libjpeg-turbo is not here: only the standard library is tested")
	}
	return all
}

func newCodec(tb testing.TB, cfg picture.Config) *picture.Codec {
	tb.Helper()
	c, err := picture.NewCodec(cfg, new(pixel.Buffers))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(c.Close)
	return c
}

func readFile(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// decode opens and decodes a file at full size or less.
func decode(tb testing.TB, c *picture.Codec, data []byte, longSide int) *picture.Scaled {
	tb.Helper()
	src, err := c.Open(data)
	if err != nil {
		tb.Fatal(err)
	}
	defer src.Close()
	m, err := src.Decode(tb.Context(), longSide)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// The test pictures are 48 × 32: red rises from left to right, green from top to
// bottom, blue is 96 everywhere.
const (
	testWidth, testHeight = 48, 32
	testBlue              = 96
)

type rgb [3]float64

func testPixel(x, y int) rgb {
	return rgb{float64(x * 255 / (testWidth - 1)), float64(y * 255 / (testHeight - 1)), testBlue}
}

func (c rgb) grey() rgb {
	v := .299*c[0] + .587*c[1] + .114*c[2]
	return rgb{v, v, v}
}

// meanError returns the mean absolute difference of an image and what it should
// be, on the scale of bytes.
func meanError(m *pixel.Image, want func(x, y int) rgb) float64 {
	var sum float64
	for y := range m.Height {
		for x := range m.Width {
			w := want(x, y)
			for c, v := range m.Pix[3*(y*m.Width+x):][:3] {
				sum += math.Abs(float64(v) - w[c])
			}
		}
	}
	return sum / float64(len(m.Pix))
}
