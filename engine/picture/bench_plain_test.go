package picture_test

import (
	"math/rand/v2"
	"testing"

	"github.com/facekeep/facekeep/engine/picture"
	"github.com/facekeep/facekeep/engine/pixel"
)

// BenchmarkDecodePlain decodes photographs with our own decoder and with libjpeg-turbo.
func BenchmarkDecodePlain(b *testing.B) {
	c := withLibrary(b, picture.Limits{})
	library := withLibrary(b, picture.Limits{})
	library.LibraryOnly()
	dora := readFile(b, sharedFiles(b, "images/people/dora_1.jpg", 1)[0]) // 900 × 900, 227 kB
	again, err := c.Encode(decode(b, c, dora, 0).Image, 85)
	if err != nil {
		b.Fatal(err)
	}
	phone := enlarged(b, c, dora, 4) // 3600 × 3600
	decoders := []struct {
		name  string
		codec *picture.Codec
	}{{"library", library}, {"plain", c}}
	tests := []struct {
		name     string
		data     []byte
		longSide int
	}{
		{"portrait", dora, 900},
		{"portrait at a half", dora, 450},
		{"portrait of quality 85 at a half", again, 450},
		{"portrait of quality 85 at an eighth", again, 112},
		{"13 megapixels at a quarter", phone, 900},
		{"13 megapixels at an eighth", phone, 450},
	}
	for _, tt := range tests {
		for _, d := range decoders {
			b.Run(tt.name+"/"+d.name, func(b *testing.B) {
				for b.Loop() {
					decode(b, d.codec, tt.data, tt.longSide).Release()
				}
			})
		}
	}
}

// enlarged returns a picture at times its size, with the grain that a camera adds.
func enlarged(b *testing.B, c *picture.Codec, data []byte, times int) []byte {
	b.Helper()
	small := decode(b, c, data, 0)
	r := rand.New(rand.NewPCG(5, 6))
	m := new(pixel.Buffers).Resize(small.Image, times*small.Width, times*small.Height)
	for i, v := range m.Pix {
		m.Pix[i] = byte(min(max(int(v)+r.IntN(9)-4, 0), 255))
	}
	large, err := c.Encode(m, 92)
	if err != nil {
		b.Fatal(err)
	}
	return large
}
