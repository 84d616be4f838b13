package regula

import (
	"math"

	"github.com/facekeep/facekeep/face"
)

// assessed is a face, the picture that it is in, and what it is to be held to. Its
// methods are the values of characteristics: nil where a measurement is missing.
type assessed struct {
	picture    *face.Inspection
	face       *face.Inspected
	background *[3]uint8 // the colour that it should have; nil: any
}

// Where faults are as likely to matter as not: these are 0.5 on the wire.
const (
	usualGap      = 0.1   // of the lips, over the width of the mouth
	usualShadow   = 0.35  // by which one cheek is darker than the other
	usualGlare    = 0.05  // of the face
	usualNoise    = 8     // standard deviation, in steps of luma
	usualSkin     = 5     // distance from the colours of skin, CIELAB units
	darkest       = 28    // luma of the face
	lightest      = 191   // likewise
	usualBlur     = 2000  // sharpness
	noBlur        = 6000  // sharpness that is 0 on the wire
	mostDistance  = 441.7 // of two colours
	fullScale     = 10000 // of what the engine is sure of
	middleOfLuma  = 127.5
	channelsOfRGB = 3
)

// fault maps a measurement that is 0 where all is well to 0…1, with 0.5 at usual.
func fault(v *float64, usual float64) *float64 {
	return mapped(v, func(x float64) float64 { return x / (2 * usual) })
}

// likelihood maps how sure the engine is, −10000…10000, to 0…1.
func likelihood(v *float64) *float64 {
	return mapped(v, func(x float64) float64 { return (x + fullScale) / (2 * fullScale) })
}

// mapped returns a measurement on another scale, 0…1; nil for nil.
func mapped(v *float64, to func(float64) float64) *float64 {
	if v == nil {
		return nil
	}
	x := min(max(to(*v), 0), 1)
	return &x
}

func (s *assessed) attributes() *face.Attributes { return &s.face.Attributes }

func (s *assessed) imageWidth() *float64  { return new(float64(s.picture.Width)) }
func (s *assessed) imageHeight() *float64 { return new(float64(s.picture.Height)) }

func (s *assessed) imageAspect() *float64 {
	return new(float64(s.picture.Width) / float64(s.picture.Height))
}

func (s *assessed) channels() *float64 {
	if s.picture.Grey {
		return new(1.0)
	}
	return new(float64(channelsOfRGB))
}

// padding is 0 without a crop, as the contract has it.
func (s *assessed) padding() *float64 { return &s.face.PortraitPad }

func (s *assessed) eyes() face.Point { return s.face.Landmarks.LeftEye.Mid(s.face.Landmarks.RightEye) }

func (s *assessed) midPointX() *float64 { return new(s.eyes().X / float64(s.picture.Width)) }
func (s *assessed) midPointY() *float64 { return new(s.eyes().Y / float64(s.picture.Height)) }

func (s *assessed) headWidth() *float64 { return ratio(s.attributes().HeadWidth, s.picture.Width) }
func (s *assessed) headHeight() *float64 {
	return ratio(s.attributes().HeadHeight, s.picture.Height)
}

func ratio(v *float64, whole int) *float64 {
	if v == nil {
		return nil
	}
	return new(*v / float64(whole))
}

func (s *assessed) eyesDistance() *float64 {
	return new(s.face.Landmarks.LeftEye.Distance(s.face.Landmarks.RightEye))
}

func (s *assessed) yaw() *float64   { return s.attributes().Yaw }
func (s *assessed) pitch() *float64 { return s.attributes().Pitch }
func (s *assessed) roll() *float64  { return s.attributes().Roll }

func (s *assessed) blur() *float64 {
	return mapped(s.attributes().Sharpness, func(x float64) float64 { return (noBlur - x) / (2 * (noBlur - usualBlur)) })
}

func (s *assessed) noise() *float64    { return fault(s.attributes().Noise, usualNoise) }
func (s *assessed) skinTone() *float64 { return fault(s.attributes().SkinTone, usualSkin) }

func (s *assessed) dynamicRange() *float64 {
	return mapped(s.attributes().DynamicRange, func(x float64) float64 { return x / 255 })
}

func (s *assessed) leftEyeClosed() *float64  { return closed(s.attributes().LeftEyeOpen) }
func (s *assessed) rightEyeClosed() *float64 { return closed(s.attributes().RightEyeOpen) }

func closed(open *float64) *float64 {
	return mapped(likelihood(open), func(x float64) float64 { return 1 - x })
}

// luma returns the mean luma of the face that a brightness stands for, 0…255.
func luma(brightness float64) float64 { return middleOfLuma * (1 + brightness/fullScale) }

func (s *assessed) tooDark() *float64 {
	return mapped(s.attributes().Brightness, func(x float64) float64 { return 1 - luma(x)/(2*darkest) })
}

func (s *assessed) tooLight() *float64 {
	return mapped(s.attributes().Brightness, func(x float64) float64 {
		return (luma(x) - middleOfLuma) / (2 * (lightest - middleOfLuma))
	})
}

func (s *assessed) glare() *float64     { return fault(s.attributes().Glare, usualGlare) }
func (s *assessed) shadows() *float64   { return fault(s.attributes().UnevenLight, usualShadow) }
func (s *assessed) mouthOpen() *float64 { return fault(s.attributes().MouthOpen, usualGap) }
func (s *assessed) mask() *float64      { return likelihood(s.attributes().MaskConfidence) }

// covered is the surer of two signs that the lower face is covered.
func (s *assessed) covered() *float64 {
	mask, tip := s.mask(), closed(s.attributes().NoseTipConfidence)
	if mask == nil || tip == nil {
		return nil
	}
	return new(math.Max(*mask, *tip))
}

func (s *assessed) uniformity() *float64 {
	if b := s.attributes().Background; b != nil {
		return &b.Uniform
	}
	return nil
}

func (s *assessed) otherFaces() *float64 { return new(float64(s.picture.Found - 1)) }

// backgroundMatch is how near the colour of the background is to that asked for.
func (s *assessed) backgroundMatch() *float64 {
	b := s.attributes().Background
	if b == nil || s.background == nil {
		return nil
	}
	var sum float64
	for c, v := range b.Colour {
		d := float64(v) - float64(s.background[c])
		sum += d * d
	}
	return new(1 - min(math.Sqrt(sum)/mostDistance, 1))
}
