package engine_test

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/face"
)

// portraitOf returns the portrait of the most central face of a picture.
func portraitOf(tb testing.TB, e *engine.Engine, data []byte, p face.Portrait) face.Inspected {
	tb.Helper()
	return only(tb, e, data, face.InspectOptions{Central: true, Portrait: &p})
}

// Whatever the aspect, the eyes are level, at their height, and in the middle.
func TestPortraitsOfEveryAspect(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	files := []string{"docs/portraits/obama.jpg", "docs/portraits/biden.jpg", "shared/images/people/carl_1.jpg", "shared/images/people/dora_1.jpg"}
	tests := []struct {
		aspect face.Aspect
		ratio  float64 // width over height
		apart  float64 // of the eyes, part of the width
	}{
		{face.Aspect3x4, 3. / 4, 0.25}, {face.Aspect4x5, 4. / 5, 0.25}, {face.Aspect2x3, 2. / 3, 0.25},
		{face.Aspect1x1, 1, 0.2}, {face.Aspect7x9, 7. / 9, 0.25},
	}
	for _, path := range files {
		data := read(t, path)
		for _, tt := range tests {
			f := portraitOf(t, e, data, face.Portrait{Aspect: tt.aspect})
			m := decodeJPEG(t, f.Portrait.Data)
			w, h := float64(m.Bounds().Dx()), float64(m.Bounds().Dy())
			if f.Portrait.Width != m.Bounds().Dx() || f.Portrait.Height != m.Bounds().Dy() || math.Abs(w/h-tt.ratio) > 0.005 {
				t.Errorf("%s: got %d x %d, said to be %d x %d, want %.3f", path, m.Bounds().Dx(), m.Bounds().Dy(), f.Portrait.Width, f.Portrait.Height, tt.ratio)
			}
			l := only(t, e, f.Portrait.Data, face.InspectOptions{Central: true}).Landmarks
			eyes := l.LeftEye.Mid(l.RightEye)
			what := fmt.Sprintf("%s, aspect %d", path, tt.aspect)
			near(t, what+": eyes from the left", eyes.X/w, 0.5, 0.06)
			near(t, what+": eyes from the top", eyes.Y/h, 0.45, 0.02)
			near(t, what+": eyes apart", l.LeftEye.Distance(l.RightEye)/w, tt.apart, 0.03)
			near(t, what+": roll", math.Atan2(l.RightEye.Y-l.LeftEye.Y, l.RightEye.X-l.LeftEye.X), 0, 0.06)
		}
	}
}

func near(t *testing.T, what string, got, want, slack float64) {
	t.Helper()
	if math.Abs(got-want) > slack {
		t.Errorf("%s: got %.3f, want %.3f ± %.3f", what, got, want, slack)
	}
}

// A portrait of a size has that size, also where the picture is coarser or finer,
// and shows the same part of the picture.
func TestPortraitOfASize(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	data := read(t, "docs/portraits/obama.jpg")
	want := portraitOf(t, e, data, face.Portrait{})
	for _, width := range []int{3, 60, 300, 1536} {
		f := portraitOf(t, e, data, face.Portrait{Width: width, Height: width * 4 / 3})
		m := decodeJPEG(t, f.Portrait.Data).Bounds()
		if m.Dx() != width || m.Dy() != width*4/3 || f.PortraitQuad != want.PortraitQuad {
			t.Errorf("got %d x %d of %+v, want %d x %d of %+v", m.Dx(), m.Dy(), f.PortraitQuad, width, width*4/3, want.PortraitQuad)
		}
	}
	if q := want.PortraitQuad; math.Abs(q.LeftTop.Distance(q.RightTop)-float64(want.Portrait.Width)) > 1 {
		t.Errorf("got %d px from %.1f px of the picture, want it as it is", want.Portrait.Width, q.LeftTop.Distance(q.RightTop))
	}
}

// What is outside of the picture has the colour asked for.
func TestPortraitPad(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	m := decodeJPEG(t, read(t, "docs/portraits/obama.jpg"))
	f := only(t, e, read(t, "docs/portraits/obama.jpg"), face.InspectOptions{})
	brows := int(f.Landmarks.LeftEye.Y - 0.6*f.Size)
	part := image.Rect(0, brows, m.Bounds().Dx(), m.Bounds().Dy()) // no forehead
	data := encodePNG(t, scaledTo(m, part, part.Dx(), part.Dy()))
	for _, pad := range []color.RGBA{{0, 0, 0, 255}, {10, 200, 30, 255}, {255, 255, 255, 255}} {
		f := portraitOf(t, e, data, face.Portrait{Pad: [3]uint8{pad.R, pad.G, pad.B}})
		if f.PortraitPad < 0.15 || f.PortraitPad > 0.5 {
			t.Errorf("got %.2f of the portrait outside of the picture, want the hair and above", f.PortraitPad)
		}
		cut := decodeJPEG(t, f.Portrait.Data)
		r, g, b, _ := cut.At(cut.Bounds().Dx()/2, 2).RGBA()
		for _, d := range []int{int(r>>8) - int(pad.R), int(g>>8) - int(pad.G), int(b>>8) - int(pad.B)} {
			if d < -6 || d > 6 { // it is a JPEG
				t.Errorf("got %d %d %d above the picture, want %v", r>>8, g>>8, b>>8, pad)
				break
			}
		}
	}
}

func TestPortraitsThatAreNotCut(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	data := read(t, "docs/portraits/obama.jpg")
	for _, p := range []face.Portrait{
		{Aspect: 5}, {Aspect: -1}, {Width: 300}, {Height: 400}, {Width: -3, Height: -4}, {Width: 400, Height: 300},
		{Width: 3000, Height: 4000}, {Aspect: face.Aspect1x1, Width: math.MaxInt, Height: math.MaxInt},
	} {
		if _, err := e.Inspect(t.Context(), data, face.InspectOptions{Portrait: &p}); face.KindOf(err) != face.Invalid {
			t.Errorf("%+v: got %v, want Invalid", p, err)
		}
	}
	if f := only(t, e, data, face.InspectOptions{Crops: true}); f.Portrait != nil || f.PortraitQuad != (face.Quad{}) {
		t.Errorf("got a portrait that nobody asked for")
	}
}
