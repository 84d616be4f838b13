package engine_test

import (
	"image/color"
	"os"
	"path/filepath"
	"testing"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/face"
)

// defaultMaskThreshold is the confidence from which on clients speak of a mask.
const defaultMaskThreshold = 3000

// parts asks for all that is told of parts of a face.
func parts() face.InspectOptions {
	o := wireDefaults()
	o.MaxFaces, o.Mask, o.NoseTip, o.Eyes = 1, true, true, true
	return o
}

func portraits() []string {
	return []string{"docs/portraits/obama.jpg", "docs/portraits/obama2.jpg", "docs/portraits/biden.jpg"}
}

// between checks a measurement, which must be there.
func between(t *testing.T, what string, got *float64, least, most float64) {
	t.Helper()
	switch {
	case got == nil:
		t.Errorf("%s: got none, want %v…%v", what, least, most)
	case !(*got >= least && *got <= most):
		t.Errorf("%s: got %.0f, want %v…%v", what, *got, least, most)
	}
}

func TestPartsOfAPortrait(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	eyes, shut := 0, 0
	for _, path := range portraits() {
		data := read(t, path)
		f := only(t, e, data, parts())
		between(t, path+" mask", f.Attributes.MaskConfidence, -10000, -8000)
		between(t, path+" nose tip", f.Attributes.NoseTipConfidence, 8000, 10000)
		between(t, path+" left eye", f.Attributes.LeftEyeOpen, 5000, 10000)
		between(t, path+" right eye", f.Attributes.RightEyeOpen, 5000, 10000)

		p := paint(decodeJPEG(t, data), f.Landmarks)
		p.closedLids()
		closed := only(t, e, encodePNG(t, p), parts()).Attributes
		for _, open := range []*float64{closed.LeftEyeOpen, closed.RightEyeOpen} {
			if eyes++; *open < -5000 {
				shut++
			}
		}
		between(t, path+" nose tip, eyes closed", closed.NoseTipConfidence, 5000, 10000)
	}
	if shut < eyes-1 { // the model of 24 px errs now and then
		t.Errorf("of %d eyes under painted lids, %d are told to be shut", eyes, shut)
	}
}

func TestMasksOfAnyColour(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	colours := map[string]color.RGBA{
		"blue": {165, 205, 225, 255}, "white": {242, 240, 238, 255}, "black": {38, 36, 36, 255},
	}
	for _, path := range portraits() {
		data := read(t, path)
		bare := only(t, e, data, parts())
		for name, c := range colours {
			p := paint(decodeJPEG(t, data), bare.Landmarks)
			p.surgicalMask(c)
			f := only(t, e, encodePNG(t, p), parts()).Attributes
			between(t, path+" with a mask of "+name, f.MaskConfidence, defaultMaskThreshold+1, 10000)
			between(t, path+" nose tip under "+name, f.NoseTipConfidence, -10000, -defaultMaskThreshold)
		}
	}
}

// One eye is told from the other: left is left in the picture.
func TestOneEyeClosed(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	data := read(t, "docs/portraits/obama.jpg")
	p := paint(decodeJPEG(t, data), only(t, e, data, parts()).Landmarks)
	p.closedLid(leftEyeX)
	f := only(t, e, encodePNG(t, p), parts()).Attributes
	between(t, "left eye, closed", f.LeftEyeOpen, -10000, -5000)
	between(t, "right eye, open", f.RightEyeOpen, 5000, 10000)
}

// Of people without masks, hardly any passes for masked.
func TestNoMasksOnLFW(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	files, alarms := 0, 0
	for _, path := range lfwFirsts(t, 40) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		o := parts()
		o.MinFaceSize = 20
		for _, f := range inspect(t, e, data, o).Faces {
			files++
			if *f.Attributes.MaskConfidence >= defaultMaskThreshold {
				alarms++
			}
		}
	}
	if files < 40 || alarms > 1 {
		t.Errorf("got %d of %d people with a mask, want at most one of 40 or more", alarms, files)
	}
}

// lfwFirsts returns the first picture of every so many people, or skips the test.
func lfwFirsts(tb testing.TB, every int) []string {
	tb.Helper()
	root := above(tb, "shared/lfw/images")
	if root == "" {
		tb.Skip("no shared/lfw/images here")
	}
	all, err := filepath.Glob(filepath.Join(root, "*", "*_0001.jpg"))
	if err != nil {
		tb.Fatal(err)
	}
	var some []string
	for i := 0; i < len(all); i += every {
		some = append(some, all[i])
	}
	return some
}
