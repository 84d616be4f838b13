package smartface

import (
	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

const (
	genderMale   = "Male"
	genderFemale = "Female"

	maskUnknown = "Unknown"
	maskOn      = "Mask"
	maskOff     = "NoMask"

	defaultMaskThreshold = 3000
)

// features says which measurements of a face are told.
type features struct {
	shown featuresConfig
	mask  float64 // confidence from which on a face wears a mask
}

func newFeatures(shown *featuresConfig, mask *maskRequest) features {
	f := features{mask: defaultMaskThreshold}
	if shown != nil {
		f.shown = *shown
	}
	if mask != nil {
		f.mask = httpx.OrDefault(mask.FaceMaskThreshold, defaultMaskThreshold)
	}
	return f
}

// measureAll asks for every measurement that the contract tells of a face.
func measureAll(o *face.InspectOptions) {
	o.Age, o.Gender, o.Mask, o.NoseTip, o.Pose, o.Sharpness, o.Brightness = true, true, true, true, true, true, true
}

// narrow takes back what is switched off, so that it costs nothing. The three
// angles are one measurement. Age and gender stay: the contract tells them in any
// case, and has no word for "unknown".
func (f features) narrow(o *face.InspectOptions) {
	c := &f.shown
	o.Mask = o.Mask && on(c.FaceMask)
	o.NoseTip = o.NoseTip && on(c.NoseTip)
	o.Pose = o.Pose && (on(c.YawAngle) || on(c.PitchAngle) || on(c.RollAngle))
	o.Sharpness = o.Sharpness && on(c.Sharpness)
	o.Brightness = o.Brightness && on(c.Brightness)
}

// on reports whether a flag is on, which it is where it is absent.
func on(flag *httpx.Bool) bool { return bool(httpx.OrDefault(flag, true)) }

// attributes returns what a face is told by, in a picture where it is the
// order-th largest. A measurement that was not made or is switched off is null;
// age and gender, which the contract has no null for, are told in any case.
func (f features) attributes(x face.Finding, order int) faceAttributes {
	m := x.Attributes
	a := placed(x)
	a.FaceOrder = order
	a.Age, a.Gender = httpx.OrDefault(m.Age, 0), genderOf(m.Gender)
	a.FaceMaskConfidence = shown(f.shown.FaceMask, m.MaskConfidence)
	a.FaceMaskStatus = maskStatus(a.FaceMaskConfidence, f.mask)
	a.NoseTipConfidence = shown(f.shown.NoseTip, m.NoseTipConfidence)
	a.Sharpness = shown(f.shown.Sharpness, m.Sharpness)
	a.Brightness = shown(f.shown.Brightness, m.Brightness)
	a.TintedGlasses = shown(f.shown.TintedGlasses, m.TintedGlasses)
	a.HeavyFrame = shown(f.shown.HeavyFrame, m.HeavyFrame)
	a.GlassStatus = shown(f.shown.GlassStatus, m.GlassStatus)
	a.PitchAngle = shown(f.shown.PitchAngle, m.Pitch)
	a.YawAngle = shown(f.shown.YawAngle, m.Yaw)
	a.RollAngle = shown(f.shown.RollAngle, m.Roll)
	return a
}

// placed returns what is known of every face: where it is and how good.
func placed(x face.Finding) faceAttributes {
	q, l := x.Crop, x.Landmarks
	return faceAttributes{
		CropLeftTopX: q.LeftTop.X, CropLeftTopY: q.LeftTop.Y,
		CropRightTopX: q.RightTop.X, CropRightTopY: q.RightTop.Y,
		CropLeftBottomX: q.LeftBottom.X, CropLeftBottomY: q.LeftBottom.Y,
		CropRightBottomX: q.RightBottom.X, CropRightBottomY: q.RightBottom.Y,
		LeftEyeX: &l.LeftEye.X, LeftEyeY: &l.LeftEye.Y,
		RightEyeX: &l.RightEye.X, RightEyeY: &l.RightEye.Y,
		Quality: x.Quality, TemplateQuality: x.TemplateQuality,
		FaceSize: x.Size, FaceArea: x.Area,
	}
}

// shown returns a measurement unless it is switched off.
func shown(flag *httpx.Bool, value *float64) *float64 {
	if !on(flag) {
		return nil
	}
	return value
}

func genderOf(g *float64) string {
	if httpx.OrDefault(g, 0) > 0 {
		return genderFemale
	}
	return genderMale
}

func maskStatus(confidence *float64, threshold float64) string {
	switch {
	case confidence == nil:
		return maskUnknown
	case *confidence >= threshold:
		return maskOn
	}
	return maskOff
}
