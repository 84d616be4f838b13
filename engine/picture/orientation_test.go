package picture_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"testing"

	"github.com/facekeep/facekeep/engine/picture"
	"github.com/facekeep/facekeep/face"
)

// exifOf returns EXIF data with an orientation.
func exifOf(order binary.AppendByteOrder, mark string, orientation uint16) []byte {
	out := append([]byte("Exif\x00\x00"), mark...)
	out = order.AppendUint16(out, 42)
	out = order.AppendUint32(out, 8)
	out = order.AppendUint16(out, 1)
	out = order.AppendUint16(out, 0x0112)
	out = order.AppendUint16(out, 3)
	out = order.AppendUint32(out, 1)
	out = order.AppendUint16(out, orientation)
	return order.AppendUint32(order.AppendUint16(out, 0), 0)
}

// withEXIF puts EXIF data into a JPEG.
func withEXIF(jpeg, exif []byte) []byte {
	out := append(bytes.Clone(jpeg[:2]), 0xff, 0xe1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(exif)+2))
	return append(append(out, exif...), jpeg[2:]...)
}

// stored returns where the upright place (x, y) of a picture of w × h, as a person
// sees it, is stored: the table of the EXIF standard, row by row.
func stored(orientation int, x, y, w, h float64) (float64, float64) {
	switch orientation {
	case 2:
		return w - x, y
	case 3:
		return w - x, h - y
	case 4:
		return x, h - y
	case 5:
		return y, x
	case 6:
		return y, w - x
	case 7:
		return h - y, w - x
	case 8:
		return h - y, x
	}
	return x, y
}

func TestOrientation(t *testing.T) {
	t.Parallel()
	plain := readFile(t, "testdata/full444.jpg")
	for name, c := range codecs(t, picture.Limits{}) {
		for orientation := 1; orientation <= 8; orientation++ {
			for _, longSide := range []int{0, 24, 19} {
				t.Run(fmt.Sprintf("%s/%d/%d", name, orientation, longSide), func(t *testing.T) {
					t.Parallel()
					data := withEXIF(plain, exifOf(binary.LittleEndian, "II", uint16(orientation)))
					src, err := c.Open(data)
					if err != nil {
						t.Fatal(err)
					}
					defer src.Close()
					checkUpright(t, src, orientation, longSide)
				})
			}
		}
	}
}

// checkUpright compares the decoded picture with where its places are stored. It
// does so through FromPicture, so that this is tested too.
func checkUpright(t *testing.T, src *picture.Source, orientation, longSide int) {
	t.Helper()
	w, h := src.Size()
	if turned := orientation >= 5; turned != (w < h) {
		t.Fatalf("got %d x %d, want turned %v", w, h, turned)
	}
	m, err := src.Decode(t.Context(), longSide)
	if err != nil {
		t.Fatal(err)
	}
	var worst float64
	toPicture := m.FromPicture.Inverse()
	for y := 1; y < m.Height-1; y++ {
		for x := 1; x < m.Width-1; x++ {
			p := toPicture.Apply(face.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5})
			sx, sy := stored(orientation, p.X, p.Y, float64(w), float64(h))
			pix := m.Pix[3*(y*m.Width+x):]
			worst = max(worst,
				math.Abs(float64(pix[0])-(sx-0.5)*255/(testWidth-1)),
				math.Abs(float64(pix[1])-(sy-0.5)*255/(testHeight-1)))
		}
	}
	// One pixel is 5 in red and 8 in green.
	if worst > 6 {
		t.Errorf("a pixel is off by %.1f, want at most 6", worst)
	}
}

func TestOrientationOfEveryFormat(t *testing.T) {
	t.Parallel()
	for name, c := range codecs(t, picture.Limits{}) {
		for _, file := range []string{"turned.jpg", "turned.png", "turned.webp"} { // all 6
			m := decode(t, c, readFile(t, "testdata/"+file), 0)
			got := meanError(m.Image, func(x, y int) rgb { return testPixel(y, testHeight-1-x) })
			if m.Width != testHeight || got > 3 {
				t.Errorf("%s, %s: got width %d and a mean error of %.2f, want %d and at most 3", name, file, m.Width, got, testHeight)
			}
		}
	}
}

// EXIF data that make no sense leave the picture as it is.
func TestOddEXIFIsIgnored(t *testing.T) {
	t.Parallel()
	big := exifOf(binary.BigEndian, "MM", 6)
	tests := []struct {
		name   string
		exif   []byte
		turned bool
	}{
		{"big-endian", big, true},
		{"not 1…8", exifOf(binary.LittleEndian, "II", 9), false},
		{"zero", exifOf(binary.LittleEndian, "II", 0), false},
		{"cut short", big[:20], false},
		{"empty", []byte("Exif\x00\x00"), false},
		{"unknown byte order", exifOf(binary.BigEndian, "XX", 6), false},
		{"directory outside", append(bytes.Clone(big[:10]), 0xff, 0xff, 0xff, 0xff, 0, 0), false},
	}
	c := newCodec(t, picture.Config{})
	for _, tt := range tests {
		src, err := c.Open(withEXIF(readFile(t, "testdata/baseline.jpg"), tt.exif))
		if err != nil {
			t.Fatal(err)
		}
		if w, h := src.Size(); (w < h) != tt.turned {
			t.Errorf("%s: got %d x %d, want turned %v", tt.name, w, h, tt.turned)
		}
	}
}
