package regula

import (
	"slices"

	"github.com/facekeep/facekeep/face"
)

// characteristic is something that can be assessed of a portrait.
type characteristic struct {
	name  string
	group qualityGroup
	usual *[2]float64                  // range that complies unless the client names another; nil: every value
	need  func(o *face.InspectOptions) // asks for what value looks at; nil: for nothing
	value func(s *assessed) *float64   // nil, or returning nil: it cannot be told
}

// within is a range of values.
func within(least, most float64) *[2]float64 { return &[2]float64{least, most} }

// sound is the range of a fault that is told as 0, none, to 1, as bad as can be.
func sound() *[2]float64 { return within(0, 0.5) }

// unknown returns a characteristic that nothing here can measure.
func unknown(name string, group qualityGroup) characteristic {
	return characteristic{name: name, group: group, usual: sound()}
}

// characteristics are all that the contract has, by group, with the ranges that
// comply. README.md says how each is measured.
func characteristics() []characteristic {
	return slices.Concat(imageCharacteristics(), headCharacteristics(), faceCharacteristics(), eyeCharacteristics(),
		lightCharacteristics(), poseCharacteristics(), occlusionCharacteristics(), backgroundCharacteristics())
}

// widest is no bound of what is measured in px.
const widest = 65535

func imageCharacteristics() []characteristic {
	return []characteristic{
		{"ImageWidth", imageGroup, nil, nil, (*assessed).imageWidth},
		{"ImageHeight", imageGroup, nil, nil, (*assessed).imageHeight},
		{"ImageWidthToHeight", imageGroup, nil, nil, (*assessed).imageAspect},
		{"ImageChannelsNumber", imageGroup, nil, nil, (*assessed).channels},
		{"PaddingRatio", imageGroup, nil, nil, (*assessed).padding},
		unknown("ArtFace", imageGroup),
	}
}

func headCharacteristics() []characteristic {
	return []characteristic{
		{"FaceMidPointHorizontalPosition", headGroup, within(0.45, 0.55), nil, (*assessed).midPointX},
		{"FaceMidPointVerticalPosition", headGroup, within(0.3, 0.55), nil, (*assessed).midPointY},
		{"HeadWidthRatio", headGroup, within(0.5, 0.75), needHead, (*assessed).headWidth},
		{"HeadHeightRatio", headGroup, within(0.6, 0.9), needHead, (*assessed).headHeight},
		{"EyesDistance", headGroup, within(90, widest), nil, (*assessed).eyesDistance},
		{"Yaw", headGroup, within(-5, 5), needPose, (*assessed).yaw},
		{"Pitch", headGroup, within(-5, 5), needPose, (*assessed).pitch},
		{"Roll", headGroup, within(-8, 8), needPose, (*assessed).roll},
	}
}

func faceCharacteristics() []characteristic {
	return []characteristic{
		{"BlurLevel", faceGroup, sound(), func(o *face.InspectOptions) { o.Sharpness = true }, (*assessed).blur},
		{"NoiseLevel", faceGroup, sound(), func(o *face.InspectOptions) { o.Noise = true }, (*assessed).noise},
		{"UnnaturalSkinTone", faceGroup, sound(), func(o *face.InspectOptions) { o.SkinTone = true }, (*assessed).skinTone},
		{"FaceDynamicRange", faceGroup, within(0.5, 1), needLight, (*assessed).dynamicRange},
	}
}

func eyeCharacteristics() []characteristic {
	return []characteristic{
		{"EyeRightClosed", eyesGroup, sound(), needEyes, (*assessed).rightEyeClosed},
		{"EyeLeftClosed", eyesGroup, sound(), needEyes, (*assessed).leftEyeClosed},
		unknown("EyeRightOccluded", eyesGroup), unknown("EyeLeftOccluded", eyesGroup), unknown("EyesRed", eyesGroup),
		unknown("EyeRightCoveredWithHair", eyesGroup), unknown("EyeLeftCoveredWithHair", eyesGroup),
		unknown("OffGaze", eyesGroup), unknown("ContactLenses", eyesGroup),
	}
}

func lightCharacteristics() []characteristic {
	return []characteristic{
		{"TooDark", lightGroup, sound(), needBrightness, (*assessed).tooDark},
		{"TooLight", lightGroup, sound(), needBrightness, (*assessed).tooLight},
		{"FaceGlare", lightGroup, sound(), needLight, (*assessed).glare},
		{"ShadowsOnFace", lightGroup, sound(), needLight, (*assessed).shadows},
	}
}

func poseCharacteristics() []characteristic {
	return []characteristic{
		unknown("ShouldersPose", poseGroup), unknown("ExpressionLevel", poseGroup),
		{"MouthOpen", poseGroup, sound(), needMouth, (*assessed).mouthOpen},
		unknown("Smile", poseGroup),
	}
}

func occlusionCharacteristics() []characteristic {
	return []characteristic{
		unknown("DarkGlasses", occlusionGroup), unknown("ReflectionOnGlasses", occlusionGroup), unknown("FramesTooHeavy", occlusionGroup),
		{"FaceOccluded", occlusionGroup, sound(), needCover, (*assessed).covered},
		unknown("HeadCovering", occlusionGroup), unknown("ForeheadCovering", occlusionGroup),
		unknown("StrongMakeup", occlusionGroup), unknown("Headphones", occlusionGroup),
		{"MedicalMask", occlusionGroup, sound(), needMask, (*assessed).mask},
	}
}

func backgroundCharacteristics() []characteristic {
	return []characteristic{
		{"BackgroundUniformity", backgroundGroup, within(0.8, 1), needBackground, (*assessed).uniformity},
		unknown("ShadowsOnBackground", backgroundGroup),
		{"OtherFaces", backgroundGroup, within(0, 0), nil, (*assessed).otherFaces},
		{"BackgroundColorMatch", backgroundGroup, within(0.9, 1), needBackground, (*assessed).backgroundMatch},
	}
}

func needHead(o *face.InspectOptions)       { o.Head = true }
func needPose(o *face.InspectOptions)       { o.Pose = true }
func needLight(o *face.InspectOptions)      { o.Lighting = true }
func needBrightness(o *face.InspectOptions) { o.Brightness = true }
func needEyes(o *face.InspectOptions)       { o.Eyes = true }
func needMouth(o *face.InspectOptions)      { o.Mouth = true }
func needMask(o *face.InspectOptions)       { o.Mask = true }
func needCover(o *face.InspectOptions)      { o.Mask, o.NoseTip = true, true }
func needBackground(o *face.InspectOptions) { o.Background = true }
