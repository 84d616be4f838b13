package engine_test

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"testing"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/face"
)

// Of a group, the most central face is the one whose box holds the middle, else the
// nearest.
func TestCentralOfGroups(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	for _, name := range []string{"two_people.jpg", "six_people.jpg"} {
		data := read(t, "shared/images/people/"+name)
		all := inspect(t, e, data, face.InspectOptions{})
		middle := face.Point{X: float64(all.Width) / 2, Y: float64(all.Height) / 2}
		nearest, least := -1, math.Inf(1)
		for n, f := range all.Faces {
			away := face.Point{
				X: math.Max(math.Abs(f.Box.Center().X-middle.X)-f.Box.W/2, 0),
				Y: math.Max(math.Abs(f.Box.Center().Y-middle.Y)-f.Box.H/2, 0),
			}
			if d := math.Hypot(away.X, away.Y); d < least {
				nearest, least = n, d
			}
		}
		central := only(t, e, data, face.InspectOptions{Central: true})
		if central.Box != all.Faces[nearest].Box {
			t.Errorf("%s: got the face at %+v, want face %d at %+v", name, central.Box, nearest, all.Faces[nearest].Box)
		}
		if found := inspect(t, e, data, face.InspectOptions{Central: true}).Found; found != len(all.Faces) || all.Found != found {
			t.Errorf("%s: got %d faces found, want %d", name, found, len(all.Faces))
		}
		with := only(t, e, data, face.InspectOptions{Central: true, Templates: true, MaxFaces: 5})
		if with.Box != central.Box || with.Template == nil {
			t.Errorf("%s, with a template: got the face at %+v, want %+v", name, with.Box, central.Box)
		}
	}
}

// The largest face is not the most central one, nor is a face in the middle that is
// not of the size asked for.
func TestCentralIsNotTheLargest(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	large := decodeJPEG(t, read(t, "docs/portraits/obama.jpg"))
	small := decodeJPEG(t, read(t, "docs/portraits/biden.jpg"))
	canvas := image.NewRGBA(image.Rect(0, 0, 1200, 600))
	draw.Draw(canvas, canvas.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	left := scaledTo(large, large.Bounds(), 450, 450*large.Bounds().Dy()/large.Bounds().Dx())
	middle := scaledTo(small, small.Bounds(), 250, 250*small.Bounds().Dy()/small.Bounds().Dx())
	draw.Draw(canvas, left.Rect, left, image.Point{}, draw.Src)
	draw.Draw(canvas, middle.Rect.Add(image.Pt(475, 150)), middle, image.Point{}, draw.Src)
	data := encodePNG(t, canvas)
	all := inspect(t, e, data, face.InspectOptions{})
	if len(all.Faces) != 2 || all.Faces[0].Box.Center().X > 450 {
		t.Fatalf("got %d faces, want two, the larger at the left", len(all.Faces))
	}
	central := only(t, e, data, face.InspectOptions{Central: true})
	if central.Box != all.Faces[1].Box {
		t.Errorf("got the face at %+v, want the one in the middle, %+v", central.Box, all.Faces[1].Box)
	}
	sized := only(t, e, data, face.InspectOptions{Central: true, MinFaceSize: (all.Faces[0].Size + all.Faces[1].Size) / 2})
	if sized.Box.Center().Distance(all.Faces[0].Box.Center()) > 10 {
		t.Errorf("got the face at %+v, want the one that is large enough, %+v", sized.Box, all.Faces[0].Box)
	}
}
