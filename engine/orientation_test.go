package engine_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/jpeg"
	"testing"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/face"
)

// storedAs returns a JPEG whose pixels lie as a camera stores them for an EXIF
// orientation, so that a person sees m.
func storedAs(tb testing.TB, m image.Image, orientation int) []byte {
	tb.Helper()
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	sw, sh := w, h
	if orientation >= 5 {
		sw, sh = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, sw, sh))
	for y := range h {
		for x := range w {
			sx, sy := x, y
			switch orientation {
			case 2:
				sx = w - 1 - x
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sy = h - 1 - y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, w-1-x
			case 7:
				sx, sy = h-1-y, w-1-x
			case 8:
				sx, sy = h-1-y, x
			}
			out.Set(sx, sy, m.At(x, y))
		}
	}
	var data bytes.Buffer
	if err := jpeg.Encode(&data, out, &jpeg.Options{Quality: 95}); err != nil {
		tb.Fatal(err)
	}
	exif := []byte("\xff\xe1\x00\x22Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00")
	binary.BigEndian.PutUint16(exif[28:], uint16(orientation))
	return append(append(bytes.Clone(data.Bytes()[:2]), exif...), data.Bytes()[2:]...)
}

// However the camera was held, the picture that a person sees is the same, and so
// is everything that is said of it.
func TestInspectOrientations(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	m := decodeJPEG(t, read(t, "docs/portraits/obama.jpg"))
	want := only(t, e, storedAs(t, m, 1), all())
	for orientation := 2; orientation <= 8; orientation++ {
		t.Run(fmt.Sprint(orientation), func(t *testing.T) {
			t.Parallel()
			got := inspect(t, e, storedAs(t, m, orientation), all())
			if got.Width != 576 || got.Height != 720 || len(got.Faces) != 1 {
				t.Fatalf("got %d faces in %d x %d, want 1 in 576 x 720", len(got.Faces), got.Width, got.Height)
			}
			f := got.Faces[0]
			p := f.Landmarks.Points()
			for i, w := range want.Landmarks.Points() {
				if d := w.Distance(p[i]); d > 1.5 {
					t.Errorf("landmark %d is %.1f px off", i, d)
				}
			}
			if d := f.Box.Center().Distance(want.Box.Center()); d > 3 {
				t.Errorf("the box is %.1f px off", d)
			}
			if d := f.Crop.LeftTop.Distance(want.Crop.LeftTop); d > 6 {
				t.Errorf("the crop is %.1f px off", d)
			}
			if c := cosine(f.Template, want.Template); c < 0.97 {
				t.Errorf("got cosine %.3f, want at least 0.97", c)
			}
		})
	}
}

// Without its orientation a picture is what it looks like: lying on its side, and
// not found, or found elsewhere. This makes sure that the test above tests.
func TestOrientationMatters(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	m := decodeJPEG(t, read(t, "docs/portraits/obama.jpg"))
	data := bytes.Replace(storedAs(t, m, 6), []byte("Exif"), []byte("Nope"), 1)
	got := inspect(t, e, data, face.InspectOptions{})
	if got.Width != 720 || got.Height != 576 {
		t.Errorf("got %d x %d, want 720 x 576", got.Width, got.Height)
	}
}
