package engine_test

import (
	"testing"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/face"
)

// usualGap is the gap of lips between those that are shut and those that show teeth.
const usualGap = 0.1

func TestMouths(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	tests := map[string]bool{ // whether it is open
		"docs/portraits/biden.jpg": false, "shared/images/people/carl_1.jpg": false,
		"shared/images/people/bella_1.jpg": false, "shared/images/people/bella_2.jpg": false,
		"docs/portraits/obama.jpg": true, "docs/portraits/obama2.jpg": true, "shared/images/people/alice_1.jpg": true,
		lfwPath("Ben_Broussard", "1"): false, lfwPath("Richard_Sterner", "1"): false, lfwPath("Eddie_Sutton", "1"): false,
		lfwPath("Chang_Dae-whan", "1"): false, lfwPath("Nino_DAngelo", "1"): false, lfwPath("Georgina_Papin", "1"): false,
		lfwPath("Glenn_Plummer", "1"): true, lfwPath("Michael_Olowokandi", "1"): true, lfwPath("Isidro_Pastor", "1"): true,
		lfwPath("Jesse_Helms", "1"): true, lfwPath("Donna_Morrissey", "1"): true, lfwPath("Stephen_Frears", "1"): true,
	}
	for path, open := range tests {
		gap := only(t, e, read(t, path), face.InspectOptions{Central: true, Mouth: true}).Attributes.MouthOpen
		least, most := 0.0, usualGap
		if open {
			least, most = usualGap, 2
		}
		if gap == nil || *gap < least || *gap > most {
			t.Errorf("%s: got a gap of %v, want %v…%v", path, value(gap), least, most)
		}
	}
}

// value returns what a measurement says, for a message.
func value(v *float64) any {
	if v == nil {
		return "nothing"
	}
	return *v
}

// A head has its size in px of the picture, however finely that is decoded.
func TestHeads(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	for _, path := range portraits() {
		data := read(t, path)
		f := only(t, e, data, face.InspectOptions{Head: true})
		l, width, height := f.Landmarks, *f.Attributes.HeadWidth, *f.Attributes.HeadHeight
		near(t, path+": height in distances of the eyes", height/l.LeftEye.Distance(l.RightEye), 3.8, 0.5)
		near(t, path+": width over height", width/height, 0.62, 0.09)
		m := decodeJPEG(t, data)
		twice := encodeJPEG(t, scaledTo(m, m.Bounds(), 4*m.Bounds().Dx(), 4*m.Bounds().Dy()))
		large := only(t, e, twice, face.InspectOptions{Head: true}).Attributes
		near(t, path+": width of four times the size", *large.HeadWidth/width, 4, 0.2)
		near(t, path+": height of four times the size", *large.HeadHeight/height, 4, 0.2)
	}
}
