package engine_test

import (
	"image"
	"image/draw"
	"math"
	"testing"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/math/f64"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/face"
)

// mirroredImage returns a picture with left and right exchanged.
func mirroredImage(m image.Image) *image.RGBA {
	b := m.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	for y := range b.Dy() {
		for x := range b.Dx() {
			out.Set(b.Dx()-1-x, y, m.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return out
}

// turnedImage returns a picture turned anticlockwise, all of it.
func turnedImage(m image.Image, degrees float64) *image.RGBA {
	b := m.Bounds()
	side := math.Ceil(math.Hypot(float64(b.Dx()), float64(b.Dy())))
	out := image.NewRGBA(image.Rect(0, 0, int(side), int(side)))
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	cx, cy := float64(b.Dx())/2, float64(b.Dy())/2
	to := f64.Aff3{cos, sin, side/2 - cos*cx - sin*cy, -sin, cos, side/2 + sin*cx - cos*cy}
	xdraw.BiLinear.Transform(out, to, m, b, draw.Src, nil)
	return out
}

// turnedHead is a picture of LFW whose subject looks to one side, up or down, as
// anybody can see.
type turnedHead struct {
	file       string
	yaw, pitch int // the sign; 0 is not judged
}

func turnedHeads() []turnedHead {
	return []turnedHead{
		{"Tony_Blair/Tony_Blair_0001.jpg", 1, 0},
		{"Colin_Powell/Colin_Powell_0124.jpg", 1, 0},
		{"Eduardo_Duhalde/Eduardo_Duhalde_0008.jpg", 1, 0},
		{"Hugo_Chavez/Hugo_Chavez_0003.jpg", -1, 0},
		{"Richard_Gere/Richard_Gere_0004.jpg", -1, 0},
		{"Conchita_Martinez/Conchita_Martinez_0003.jpg", -1, 0},
		{"Hugo_Chavez/Hugo_Chavez_0039.jpg", 0, 1},
		{"Larry_Hahn/Larry_Hahn_0001.jpg", 0, 1},
		{"Lleyton_Hewitt/Lleyton_Hewitt_0028.jpg", 0, 1},
		{"Jeremy_Greenstock/Jeremy_Greenstock_0012.jpg", 0, -1},
		{"Art_Howe/Art_Howe_0002.jpg", 0, -1},
		{"Silvio_Berlusconi/Silvio_Berlusconi_0025.jpg", 0, -1},
	}
}

func pose(tb testing.TB, e *engine.Engine, data []byte) face.Attributes {
	tb.Helper()
	got := inspect(tb, e, data, face.InspectOptions{Pose: true, MaxFaces: 1})
	if len(got.Faces) != 1 || got.Faces[0].Attributes.Roll == nil {
		tb.Fatalf("got %+v, want one face with a pose", got.Faces)
	}
	return got.Faces[0].Attributes
}

// The signs are those of DIN 9300: yaw to the person's right and pitch up are
// positive.
func TestPoseSigns(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	for _, head := range turnedHeads() {
		got := pose(t, e, read(t, "shared/lfw/images/"+head.file))
		if head.yaw != 0 && *got.Yaw*float64(head.yaw) < 10 {
			t.Errorf("%s: got yaw %.1f, want at least 10 with the sign of %d", head.file, *got.Yaw, head.yaw)
		}
		if head.pitch != 0 && *got.Pitch*float64(head.pitch) < 8 {
			t.Errorf("%s: got pitch %.1f, want at least 8 with the sign of %d", head.file, *got.Pitch, head.pitch)
		}
	}
}

// A mirrored head turns and leans the other way, and nods the same; a picture that
// is turned anticlockwise has a head of so much more roll.
func TestPoseFollowsThePicture(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	for _, name := range []string{
		"docs/portraits/obama.jpg", "docs/portraits/biden.jpg",
		"shared/images/people/alice_3.jpg", "shared/images/people/carl_1.jpg", "shared/images/people/dora_2.jpg",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := read(t, name)
			m := decodeJPEG(t, data)
			was := pose(t, e, data)
			if math.Abs(*was.Yaw) > 20 || math.Abs(*was.Pitch) > 15 || math.Abs(*was.Roll) > 15 {
				t.Errorf("got %.1f %.1f %.1f, want the angles of a portrait", *was.Yaw, *was.Pitch, *was.Roll)
			}
			got := pose(t, e, encodePNG(t, mirroredImage(m)))
			if math.Abs(*got.Yaw+*was.Yaw) > 5 || math.Abs(*got.Pitch-*was.Pitch) > 5 || math.Abs(*got.Roll+*was.Roll) > 4 {
				t.Errorf("mirrored: got %.1f %.1f %.1f of %.1f %.1f %.1f", *got.Yaw, *got.Pitch, *got.Roll, *was.Yaw, *was.Pitch, *was.Roll)
			}
			for _, by := range []float64{-30, -15, 15, 30} {
				got := pose(t, e, encodePNG(t, turnedImage(m, by)))
				if math.Abs(*got.Yaw-*was.Yaw) > 6 || math.Abs(*got.Pitch-*was.Pitch) > 6 || math.Abs(*got.Roll-*was.Roll-by) > 6 {
					t.Errorf("turned by %v: got %.1f %.1f %.1f of %.1f %.1f %.1f", by, *got.Yaw, *got.Pitch, *got.Roll, *was.Yaw, *was.Pitch, *was.Roll)
				}
			}
		})
	}
}

// A pack without models of pose measures none.
func TestNoPoseWithoutModels(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Registry, engine.Config{})
	got := only(t, e, read(t, "docs/portraits/obama.jpg"), face.InspectOptions{Pose: true}).Attributes
	if got.Yaw != nil || got.Pitch != nil || got.Roll != nil {
		t.Errorf("got %v, want no angles", got)
	}
}
