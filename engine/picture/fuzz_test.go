package picture

import (
	"testing"

	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// FuzzDecode: whatever the bytes, there is a picture within the limits or an error
// that blames the client.
func FuzzDecode(f *testing.F) {
	for _, data := range Files(f, "testdata/*.*") {
		f.Add(data)
		f.Add(data[:len(data)*3/4])
	}
	limits := Limits{MaxBytes: 1 << 20, MaxPixels: 1 << 18, Memory: 8 << 20}
	codecs := make([]*Codec, 2)
	for i, library := range []string{NoLibrary, AnyLibrary} {
		c, err := NewCodec(Config{Library: library, Limits: limits}, new(pixel.Buffers))
		if err != nil {
			f.Fatal(err)
		}
		codecs[i] = c
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, c := range codecs {
			for _, longSide := range []int{0, 20} {
				fuzzOne(t, c, data, longSide)
			}
		}
	})
}

func fuzzOne(t *testing.T, c *Codec, data []byte, longSide int) {
	t.Helper()
	src, err := c.Open(data)
	if err == nil {
		defer src.Close()
		var m *Scaled
		if m, err = src.Decode(t.Context(), longSide); err == nil {
			defer m.Release()
			if w, h := src.Size(); m.Width < 1 || m.Width > w || m.Height < 1 || m.Height > h {
				t.Errorf("got %d x %d of a picture of %d x %d", m.Width, m.Height, w, h)
			}
			if !m.FromPicture.Finite() {
				t.Errorf("got the map %v", m.FromPicture)
			}
			return
		}
	}
	if k := face.KindOf(err); k != face.Invalid && k != face.TooLarge {
		t.Errorf("got %v (%v), want Invalid or TooLarge", err, k)
	}
}

func FuzzEXIF(f *testing.F) {
	f.Add([]byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte("MM\x00*\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, block []byte) {
		if o := exifOrientation(block); o < 1 || o > 8 {
			t.Errorf("got orientation %d", o)
		}
	})
}
