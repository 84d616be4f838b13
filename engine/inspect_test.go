package engine_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
	"testing"

	xdraw "golang.org/x/image/draw"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/face"
)

// all asks for everything that there is to know.
func all() face.InspectOptions {
	return face.InspectOptions{Templates: true, Crops: true, Age: true, Gender: true}
}

// wireDefaults are what a client asks for that asks for nothing special.
func wireDefaults() face.InspectOptions {
	return face.InspectOptions{MinFaceSize: 35, MaxFaceSize: 600, MaxFaces: 20, Confidence: 0.045, Templates: true}
}

func inspect(tb testing.TB, e *engine.Engine, data []byte, opts face.InspectOptions) face.Inspection {
	tb.Helper()
	got, err := e.Inspect(tb.Context(), data, opts)
	if err != nil {
		tb.Fatal(err)
	}
	return got
}

// only returns the one face that there must be.
func only(tb testing.TB, e *engine.Engine, data []byte, opts face.InspectOptions) face.Inspected {
	tb.Helper()
	got := inspect(tb, e, data, opts)
	if len(got.Faces) != 1 {
		tb.Fatalf("got %d faces, want 1", len(got.Faces))
	}
	return got.Faces[0]
}

func cosine(a, b *face.Template) float64 {
	var sum float64
	for i, v := range a.Vector {
		sum += float64(v) * float64(b.Vector[i])
	}
	return sum
}

func decodeJPEG(tb testing.TB, data []byte) image.Image {
	tb.Helper()
	m, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func encodePNG(tb testing.TB, m image.Image) []byte {
	tb.Helper()
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, m); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func encodeJPEG(tb testing.TB, m image.Image) []byte {
	tb.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 90}); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// scaledTo draws part of a picture in another size, on a canvas of that size.
func scaledTo(m image.Image, part image.Rectangle, width, height int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	xdraw.ApproxBiLinear.Scale(out, out.Bounds(), m, part, xdraw.Src, nil)
	return out
}

func TestInspectPortraits(t *testing.T) {
	t.Parallel()
	for _, pack := range []models.Pack{models.Standard, models.Registry} {
		t.Run(string(pack), func(t *testing.T) {
			t.Parallel()
			e := newEngine(t, pack, engine.Config{})
			obama := only(t, e, read(t, "docs/portraits/obama.jpg"), all())
			obama2 := only(t, e, read(t, "docs/portraits/obama2.jpg"), all())
			biden := only(t, e, read(t, "docs/portraits/biden.jpg"), all())
			if same := cosine(obama.Template, obama2.Template); same < 0.5 {
				t.Errorf("the same person: got cosine %.3f, want at least 0.5", same)
			}
			if other := cosine(obama.Template, biden.Template); other > 0.3 {
				t.Errorf("another person: got cosine %.3f, want at most 0.3", other)
			}
			for _, f := range []face.Inspected{obama, obama2, biden} {
				checkPortrait(t, e, &f)
			}
			if *biden.Attributes.Age < *obama2.Attributes.Age {
				t.Errorf("got ages %.0f and %.0f, want the first to be the higher", *biden.Attributes.Age, *obama2.Attributes.Age)
			}
		})
	}
}

// checkPortrait checks what must hold for the one face of a portrait of a man.
func checkPortrait(t *testing.T, e *engine.Engine, f *face.Inspected) {
	t.Helper()
	if f.Template.Label != e.Label() || f.Template.Quality != f.TemplateQuality || f.TemplateQuality < 1 || f.TemplateQuality > 255 {
		t.Errorf("got label %s, quality %d and %d, want %s and 1…255 twice", f.Template.Label, f.Template.Quality, f.TemplateQuality, e.Label())
	}
	if length := cosine(f.Template, f.Template); math.Abs(length-1) > 1e-5 {
		t.Errorf("got a vector of length² %v, want 1", length)
	}
	if f.Confidence < 0.3 || f.Confidence > 1 || f.Quality < 4000 || f.Quality > 10000 {
		t.Errorf("got confidence %v, quality %d", f.Confidence, f.Quality)
	}
	if *f.Attributes.Gender > -5000 || *f.Attributes.Age < 25 || *f.Attributes.Age > 75 {
		t.Errorf("got gender %.0f, age %.0f, want a man of 25 to 75", *f.Attributes.Gender, *f.Attributes.Age)
	}
	l := f.Landmarks
	if l.LeftEye.X >= l.RightEye.X || l.LeftMouth.X >= l.RightMouth.X || l.Nose.Y <= l.LeftEye.Y || l.Nose.Y >= l.LeftMouth.Y {
		t.Errorf("got landmarks %+v, want them in their order", l)
	}
	if f.Size != l.Size() || f.Area <= 0 || f.Area >= 0.5 {
		t.Errorf("got size %v, area %v", f.Size, f.Area)
	}
	if c := f.CropImage; c.MediaType != "image/jpeg" || c.Width > 512 || c.Width != c.Height {
		t.Errorf("got a crop %s of %d x %d", c.MediaType, c.Width, c.Height)
	}
}

// The stored crop must do for everything that the picture does: the face is found
// in it again, in its middle, and is the same person.
func TestStoredCropIsFoundAgain(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	for _, name := range []string{
		"docs/portraits/obama.jpg", "docs/portraits/obama2.jpg", "docs/portraits/biden.jpg",
		"shared/images/people/alice_1.jpg", "shared/images/people/carl_1.jpg", "shared/images/people/two_people.jpg",
		"shared/images/spoof/live_1.jpg",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for n, f := range inspect(t, e, read(t, name), all()).Faces {
				crop := decodeJPEG(t, f.CropImage.Data).Bounds()
				if crop.Dx() != f.CropImage.Width || crop.Dy() != f.CropImage.Height {
					t.Errorf("face %d: got a crop of %v, want %d x %d", n, crop, f.CropImage.Width, f.CropImage.Height)
				}
				again := inspect(t, e, f.CropImage.Data, face.InspectOptions{Templates: true, MaxFaces: 1})
				if len(again.Faces) != 1 {
					t.Errorf("face %d: got %d faces in the crop, want 1", n, len(again.Faces))
					continue
				}
				if got := cosine(f.Template, again.Faces[0].Template); got < 0.9 {
					t.Errorf("face %d: got cosine %.3f of picture and crop, want at least 0.9", n, got)
				}
				if roll := again.Faces[0].Landmarks.RightEye.Sub(again.Faces[0].Landmarks.LeftEye); math.Abs(roll.Y) > 0.2*roll.X {
					t.Errorf("face %d: got eyes %v apart, want them level", n, roll)
				}
			}
		})
	}
}

func TestInspectGroups(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	tests := []struct {
		file     string
		opts     face.InspectOptions
		min, max int
	}{
		{"two_people.jpg", wireDefaults(), 2, 2},
		{"six_people.jpg", wireDefaults(), 6, 7}, // two more are cut in half by the edge
		{"six_people.jpg", face.InspectOptions{}, 6, 7},
		{"six_people.jpg", face.InspectOptions{Detector: face.Accurate}, 6, 7},
		{"six_people.jpg", face.InspectOptions{MaxFaces: 3}, 3, 3},
		{"six_people.jpg", face.InspectOptions{MinFaceSize: 500}, 0, 0},
		{"six_people.jpg", face.InspectOptions{MaxFaceSize: 10}, 0, 0},
		{"six_people.jpg", face.InspectOptions{Confidence: 0.99}, 0, 0},
	}
	for _, tt := range tests {
		got := inspect(t, e, read(t, "shared/images/people/"+tt.file), tt.opts)
		if n := len(got.Faces); n < tt.min || n > tt.max {
			t.Errorf("%s %+v: got %d faces, want %d…%d", tt.file, tt.opts, n, tt.min, tt.max)
		}
		for i, f := range got.Faces {
			if i > 0 && f.Size > got.Faces[i-1].Size {
				t.Errorf("%s %+v: face %d is larger than the one before", tt.file, tt.opts, i)
			}
			if f.Size < tt.opts.MinFaceSize || tt.opts.MaxFaceSize > 0 && f.Size > tt.opts.MaxFaceSize {
				t.Errorf("%s %+v: face %d is of size %v", tt.file, tt.opts, i, f.Size)
			}
		}
	}
}

// The same pictures of the same people, in all the sizes, that people send.
func TestInspectPeople(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	people := map[string][]*face.Template{}
	for _, name := range []string{"alice_1", "alice_2", "alice_3", "bella_1", "bella_2", "carl_1", "carl_2", "dora_1", "dora_2"} {
		f := only(t, e, read(t, "shared/images/people/"+name+".jpg"), wireDefaults())
		people[name[:len(name)-2]] = append(people[name[:len(name)-2]], f.Template)
	}
	for a, of := range people {
		for b, others := range people {
			for i, x := range of {
				for j, y := range others {
					switch c := cosine(x, y); {
					case a == b && i != j && c < 0.45:
						t.Errorf("%s %d and %d: got cosine %.3f, want at least 0.45", a, i+1, j+1, c)
					case a != b && c > 0.35:
						t.Errorf("%s and %s: got cosine %.3f, want at most 0.35", a, b, c)
					}
				}
			}
		}
	}
}

// TestACutFaceIsSmaller cuts a portrait through the face: what is left of it
// must not pass for a face of its former size.
func TestACutFaceIsSmaller(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	whole := only(t, e, read(t, "../docs/portraits/obama.jpg"), wireDefaults())
	m := decodeJPEG(t, read(t, "../docs/portraits/obama.jpg"))
	part := m.Bounds()
	part.Min.X = int(whole.Landmarks.Nose.X) // the right half of the picture
	cut := only(t, e, encodePNG(t, scaledTo(m, part, part.Dx(), part.Dy())), face.InspectOptions{})
	if ratio := cut.Size / whole.Size; ratio < 0.3 || ratio > 0.75 {
		t.Errorf("half a face has size %.0f, the whole %.0f: want about half", cut.Size, whole.Size)
	}
}

func TestInspectWithoutAFace(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	noise := image.NewGray(image.Rect(0, 0, 300, 200))
	for i := range noise.Pix {
		noise.Pix[i] = byte(i*i*31 + i>>3)
	}
	pictures := map[string]image.Image{
		"grey": image.NewGray(image.Rect(0, 0, 640, 480)), "one pixel": image.NewGray(image.Rect(0, 0, 1, 1)),
		"a line": image.NewGray(image.Rect(0, 0, 3000, 1)), "noise": noise,
	}
	for name, m := range pictures {
		got := inspect(t, e, encodePNG(t, m), wireDefaults())
		if len(got.Faces) != 0 || got.Width != m.Bounds().Dx() || got.Height != m.Bounds().Dy() {
			t.Errorf("%s: got %d faces in %d x %d, want none in %v", name, len(got.Faces), got.Width, got.Height, m.Bounds())
		}
	}
}

// A face is found whether it fills the picture or is as small as was asked for.
func TestInspectFacesOfAnySize(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	data := read(t, "docs/portraits/obama.jpg")
	whole := only(t, e, data, all())
	portrait := decodeJPEG(t, data)
	b := whole.Box
	tight := image.Rect(int(b.X), int(b.Y), int(b.X+b.W), int(b.Y+b.H))
	t.Run("fills the picture", func(t *testing.T) {
		t.Parallel()
		for _, side := range []int{100, 300, 1400} {
			for _, opts := range []face.InspectOptions{{Templates: true}, {Templates: true, MinFaceSize: 25}} {
				got := inspect(t, e, encodePNG(t, scaledTo(portrait, tight, side*tight.Dx()/tight.Dy(), side)), opts)
				if len(got.Faces) != 1 {
					t.Errorf("%d px, %+v: got %d faces, want 1", side, opts, len(got.Faces))
					continue
				}
				if c := cosine(got.Faces[0].Template, whole.Template); c < 0.8 {
					t.Errorf("%d px: got cosine %.3f to the whole portrait, want at least 0.8", side, c)
				}
			}
		}
	})
	t.Run("is small", func(t *testing.T) {
		t.Parallel()
		for _, tt := range []struct{ size, longSide int }{{20, 640}, {35, 1500}, {35, 3000}} {
			// The portrait, so that its face has the size, on a large canvas.
			k := float64(tt.size) * 1.1 / whole.Size
			small := scaledTo(portrait, portrait.Bounds(), int(k*576), int(k*720))
			canvas := image.NewRGBA(image.Rect(0, 0, tt.longSide, tt.longSide*3/4))
			draw.Draw(canvas, canvas.Bounds(), image.NewUniform(color.Gray{Y: 180}), image.Point{}, draw.Src)
			draw.Draw(canvas, small.Bounds().Add(image.Pt(tt.longSide*3/5, tt.longSide/3)), small, image.Point{}, draw.Src)
			f := only(t, e, encodePNG(t, canvas), face.InspectOptions{MinFaceSize: float64(tt.size), Templates: true})
			if c := cosine(f.Template, whole.Template); c < 0.5 {
				t.Errorf("size %d in %d px: got cosine %.3f, want at least 0.5", tt.size, tt.longSide, c)
			}
		}
	})
}

// Templates hardly depend on how the picture came: its size, format and decoder.
func TestInspectIsTheSameForEveryFormat(t *testing.T) {
	t.Parallel()
	turbo := newEngine(t, models.Standard, engine.Config{})
	std := newEngine(t, models.Standard, goDecoder())
	data := read(t, "docs/portraits/obama.jpg")
	want := only(t, turbo, data, all())
	m := decodeJPEG(t, data)
	tests := []struct {
		name  string
		e     *engine.Engine
		data  []byte
		scale float64
	}{
		{"the standard library's JPEG", std, data, 1},
		{"PNG", turbo, encodePNG(t, m), 1},
		{"PNG of twice the size", turbo, encodePNG(t, scaledTo(m, m.Bounds(), 2*576, 2*720)), 2},
	}
	for _, tt := range tests {
		got := only(t, tt.e, tt.data, all())
		if c := cosine(want.Template, got.Template); c < 0.97 {
			t.Errorf("%s: got cosine %.3f, want at least 0.97", tt.name, c)
		}
		p := got.Landmarks.Points()
		for i, w := range want.Landmarks.Points() {
			if d := w.Distance(face.Point{X: p[i].X / tt.scale, Y: p[i].Y / tt.scale}); d > 0.03*want.Size {
				t.Errorf("%s: landmark %d is %.1f px off", tt.name, i, d)
			}
		}
	}
}
