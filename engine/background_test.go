package engine_test

import (
	"image"
	"testing"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/face"
)

func TestBackgrounds(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	tests := map[string]bool{ // whether it is of one colour
		"shared/images/people/bella_1.jpg": true, "shared/images/people/bella_2.jpg": true,
		"shared/images/people/dora_1.jpg": true, "shared/images/people/dora_2.jpg": true,
		"docs/portraits/obama.jpg": false, "docs/portraits/biden.jpg": false,
		"shared/images/people/alice_1.jpg": false, "shared/images/people/carl_1.jpg": false,
		lfwPath("Jonathan_Byrd", "1"): true, lfwPath("John_McCain", "1"): true, lfwPath("Laura_Bush", "1"): true,
		lfwPath("Hugo_Chavez", "1"): true, lfwPath("Mike_Myers", "1"): true,
		lfwPath("Sylvia_Plachy", "1"): false, lfwPath("Alfredo_Pena", "1"): false, lfwPath("Janis_Ruth_Coulter", "1"): false,
	}
	for path, plain := range tests {
		b := only(t, e, read(t, path), face.InspectOptions{Central: true, Background: true}).Attributes.Background
		if b == nil || plain != (b.Uniform > 0.8) {
			t.Errorf("%s: got %+v; of one colour: %t", path, b, plain)
		}
	}
}

func TestBackgroundColour(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	b := only(t, e, read(t, "shared/images/people/bella_1.jpg"), face.InspectOptions{Central: true, Background: true}).Attributes.Background
	for _, v := range b.Colour {
		if v < 245 {
			t.Errorf("got %v, want white", b.Colour)
			break
		}
	}
}

// A picture of a face and nothing else has no background.
func TestNoBackground(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	data := read(t, "docs/portraits/obama.jpg")
	box := only(t, e, data, face.InspectOptions{}).Box
	part := image.Rect(int(box.X), int(box.Y), int(box.X+box.W), int(box.Y+box.H))
	cut := encodePNG(t, scaledTo(decodeJPEG(t, data), part, part.Dx(), part.Dy()))
	if b := only(t, e, cut, face.InspectOptions{Background: true}).Attributes.Background; b != nil {
		t.Errorf("got %+v, want none", b)
	}
}
