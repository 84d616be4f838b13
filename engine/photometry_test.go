package engine_test

import (
	"bytes"
	"image"
	"math"
	"testing"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// sitting is a picture and where its face is.
type sitting struct {
	picture   *pixel.Image
	landmarks face.Landmarks
	size      float64 // of the face, px
}

// sittings are pictures of one person each, cut and brought to a size for which
// blurring does not take long.
func sittings(tb testing.TB) map[string]sitting {
	tb.Helper()
	e := newEngine(tb, models.Standard, engine.Config{})
	all := map[string]sitting{}
	for _, name := range []string{
		"people/alice_1", "people/alice_2", "people/alice_3", "people/bella_1", "people/bella_2",
		"people/carl_1", "people/carl_2", "people/dora_1", "people/dora_2", "spoof/live_1",
	} {
		data := read(tb, "shared/images/"+name+".jpg")
		f := only(tb, e, data, face.InspectOptions{MinFaceSize: 35})
		const size = 80
		k := min(size/f.Size, 1)
		m, _, err := image.Decode(bytes.NewReader(data))
		if err != nil {
			tb.Fatal(err)
		}
		c, half := f.Box.Center(), int(0.7*f.Box.H)
		part := image.Rect(int(c.X)-half, int(c.Y)-half, int(c.X)+half, int(c.Y)+half).Intersect(m.Bounds())
		w, h := int(k*float64(part.Dx())), int(k*float64(part.Dy()))
		kx, ky := float64(w)/float64(part.Dx()), float64(h)/float64(part.Dy())
		to := func(p face.Point) face.Point {
			return face.Point{X: (p.X - float64(part.Min.X)) * kx, Y: (p.Y - float64(part.Min.Y)) * ky}
		}
		l := f.Landmarks
		all[name] = sitting{
			picture: rgb(scaledTo(m, part, w, h)), size: k * f.Size,
			landmarks: face.Landmarks{LeftEye: to(l.LeftEye), RightEye: to(l.RightEye), Nose: to(l.Nose), LeftMouth: to(l.LeftMouth), RightMouth: to(l.RightMouth)},
		}
	}
	return all
}

func rgb(m *image.RGBA) *pixel.Image {
	out := &pixel.Image{Width: m.Rect.Dx(), Height: m.Rect.Dy()}
	for i := 0; i < len(m.Pix); i += 4 {
		out.Pix = append(out.Pix, m.Pix[i:i+3]...)
	}
	return out
}

// toned returns the picture with every value mapped.
func toned(m *pixel.Image, tone func(float64) float64) *pixel.Image {
	out := &pixel.Image{Width: m.Width, Height: m.Height, Pix: make([]byte, len(m.Pix))}
	for i, v := range m.Pix {
		out.Pix[i] = byte(math.Round(min(max(tone(float64(v)), 0), 255)))
	}
	return out
}

// blurred returns the picture in grey, blurred by a Gaussian of a width in px.
func blurred(m *pixel.Image, sigma float64) *pixel.Image {
	grey := new(pixel.Buffers).WarpGrey(m, pixel.Scaling(1), m.Width, m.Height)
	across := convolved(grey.Pix, m.Width, m.Height, 1, m.Width, sigma)
	out := &pixel.Image{Width: m.Width, Height: m.Height}
	for _, v := range convolved(across, m.Height, m.Width, m.Width, 1, sigma) {
		g := byte(math.Round(float64(v)))
		out.Pix = append(out.Pix, g, g, g)
	}
	return out
}

// convolved returns lines of n values, a step apart, blurred each for itself; the
// lines begin a stride apart.
func convolved(pix []float32, n, lines, step, stride int, sigma float64) []float32 {
	radius := int(math.Ceil(3 * sigma))
	kernel := make([]float32, 2*radius+1)
	var sum float32
	for i := range kernel {
		kernel[i] = float32(math.Exp(-math.Pow(float64(i-radius)/sigma, 2) / 2))
		sum += kernel[i]
	}
	out, line := make([]float32, len(pix)), make([]float32, n+2*radius)
	for l := range lines {
		for i := range line {
			line[i] = pix[l*stride+min(max(i-radius, 0), n-1)*step] / sum
		}
		for i := range n {
			var v float32
			for j, k := range kernel {
				v += k * line[i+j]
			}
			out[l*stride+i*step] = v
		}
	}
	return out
}

// ranges are the bounds that the liveness checks ask for by default.
const (
	distantSharpness, nearbySharpness = 2000, 4000
	leastBrightness, mostBrightness   = -7800, 5000
	leastContrast, mostContrast       = -5000, 6000
	leastLevels                       = 500
)

// The default conditions of a liveness check accept every good portrait, and refuse
// it when it is blurred, darkened or made flat.
func TestPhotometryFitsTheDefaultConditions(t *testing.T) {
	t.Parallel()
	for name, s := range sittings(t) {
		a := engine.Photometry(s.picture, s.landmarks)
		if *a.Sharpness < nearbySharpness || *a.Brightness < leastBrightness || *a.Brightness > mostBrightness ||
			*a.Contrast < leastContrast || *a.Contrast > mostContrast || *a.Levels < leastLevels {
			t.Errorf("%s: got sharpness %.0f, brightness %.0f, contrast %.0f, levels %.0f: not a good portrait", name, *a.Sharpness, *a.Brightness, *a.Contrast, *a.Levels)
		}
		middle := 127.5 * (1 + *a.Brightness/10000)
		for _, copied := range []struct {
			what  string
			m     *pixel.Image
			value func(face.Attributes) float64
			least float64
		}{
			{"blurred by a fiftieth of the face", blurred(s.picture, s.size/50), func(a face.Attributes) float64 { return *a.Sharpness }, nearbySharpness},
			{"blurred by a thirtieth of the face", blurred(s.picture, s.size/30), func(a face.Attributes) float64 { return *a.Sharpness }, distantSharpness},
			{"of a seventh of the light", toned(s.picture, func(v float64) float64 { return v / 7 }), func(a face.Attributes) float64 { return *a.Brightness }, leastBrightness},
			{"of a third of the contrast", toned(s.picture, func(v float64) float64 { return middle + (v-middle)/3 }), func(a face.Attributes) float64 { return *a.Contrast }, leastContrast},
			{"of a third of the contrast", toned(s.picture, func(v float64) float64 { return middle + (v-middle)/3 }), func(a face.Attributes) float64 { return *a.Levels }, leastLevels},
			{"of 16 tones", toned(s.picture, func(v float64) float64 { return 17 * math.Round(v/17) }), func(a face.Attributes) float64 { return *a.Levels }, 10000},
		} {
			if got := copied.value(engine.Photometry(copied.m, s.landmarks)); got >= copied.least {
				t.Errorf("%s %s: got %.0f, want less than %.0f", name, copied.what, got, copied.least)
			}
		}
	}
}

// Each measurement falls strictly while a picture gets worse step by step.
func TestPhotometryFallsStrictly(t *testing.T) {
	t.Parallel()
	for name, s := range sittings(t) {
		falls := func(what string, steps []float64, worse func(float64) *pixel.Image, value func(face.Attributes) float64) {
			last := value(engine.Photometry(s.picture, s.landmarks))
			for _, step := range steps {
				got := value(engine.Photometry(worse(step), s.landmarks))
				if got >= last {
					t.Errorf("%s, %s of %v: got %.1f, want less than the %.1f before", name, what, step, got, last)
				}
				last = got
			}
		}
		falls("blur, in faces,", []float64{.006, .0125, .025, .05, .1, .15, .2, .3},
			func(part float64) *pixel.Image { return blurred(s.picture, part*s.size) }, func(a face.Attributes) float64 { return *a.Sharpness })
		falls("light", []float64{.95, .9, .8, .6, .4, .2, .1, .05},
			func(k float64) *pixel.Image { return toned(s.picture, func(v float64) float64 { return k * v }) }, func(a face.Attributes) float64 { return *a.Brightness })
		flatter := func(k float64) *pixel.Image {
			return toned(s.picture, func(v float64) float64 { return 127 + k*(v-127) })
		}
		flat := []float64{.95, .9, .8, .6, .4, .2, .1, .05}
		falls("contrast", flat, flatter, func(a face.Attributes) float64 { return *a.Contrast })
		falls("contrast", flat, flatter, func(a face.Attributes) float64 { return *a.Levels })
		falls("tones", []float64{32, 16, 8, 4, 2}, func(n float64) *pixel.Image {
			return toned(s.picture, func(v float64) float64 { return math.Round(v/255*(n-1)) * 255 / (n - 1) })
		}, func(a face.Attributes) float64 { return *a.Levels })
	}
}

// A small face does not become sharp by being magnified, and a large one does not
// lose by being shrunk to what is looked at.
func TestSharpnessIsOfTheFaceNotOfPixels(t *testing.T) {
	t.Parallel()
	for name, s := range sittings(t) {
		whole := *engine.Photometry(s.picture, s.landmarks).Sharpness
		small := rescaled(s, 0.3)
		large := rescaled(small, 1/0.3)
		a, b := *engine.Photometry(small.picture, small.landmarks).Sharpness, *engine.Photometry(large.picture, large.landmarks).Sharpness
		if a > whole-2000 || b > a+500 {
			t.Errorf("%s: got sharpness %.0f, at a third of the size %.0f, and magnified again %.0f: want it to fall and stay low", name, whole, a, b)
		}
	}
}

// rescaled returns a sitting k times the size.
func rescaled(s sitting, k float64) sitting {
	w, h := int(math.Round(k*float64(s.picture.Width))), int(math.Round(k*float64(s.picture.Height)))
	kx, ky := float64(w)/float64(s.picture.Width), float64(h)/float64(s.picture.Height)
	to := func(p face.Point) face.Point { return face.Point{X: p.X * kx, Y: p.Y * ky} }
	l := s.landmarks
	return sitting{
		picture: new(pixel.Buffers).Resize(s.picture, w, h), size: k * s.size,
		landmarks: face.Landmarks{LeftEye: to(l.LeftEye), RightEye: to(l.RightEye), Nose: to(l.Nose), LeftMouth: to(l.LeftMouth), RightMouth: to(l.RightMouth)},
	}
}

// A picture of one colour is neither sharp nor anything else.
func TestPhotometryOfNothing(t *testing.T) {
	t.Parallel()
	m := &pixel.Image{Width: 100, Height: 100, Pix: make([]byte, 30000)}
	l := face.Landmarks{LeftEye: face.Point{X: 30, Y: 40}, RightEye: face.Point{X: 70, Y: 40}, Nose: face.Point{X: 50, Y: 60}, LeftMouth: face.Point{X: 35, Y: 80}, RightMouth: face.Point{X: 65, Y: 80}}
	a := engine.Photometry(m, l)
	if *a.Sharpness > -9900 || *a.Brightness != -10000 || *a.Contrast != -10000 || *a.Levels > -8700 {
		t.Errorf("got %v %v %v %v, want the bottom of each scale", *a.Sharpness, *a.Brightness, *a.Contrast, *a.Levels)
	}
}

func BenchmarkPhotometry(b *testing.B) {
	m := &pixel.Image{Width: 640, Height: 640, Pix: make([]byte, 3*640*640)}
	for i := range m.Pix {
		m.Pix[i] = byte(i * i >> 5)
	}
	for name, k := range map[string]float64{"size 45": 1, "size 90": 2, "size 140": 3.1} {
		p := func(x, y float64) face.Point { return face.Point{X: 200 + k*x, Y: 200 + k*y} }
		l := face.Landmarks{LeftEye: p(0, 0), RightEye: p(40, 5), Nose: p(17, 23), LeftMouth: p(2, 43), RightMouth: p(34, 46)}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				engine.Photometry(m, l)
			}
		})
	}
}
