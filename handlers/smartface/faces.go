package smartface

import (
	"github.com/facekeep/facekeep/face"

	"github.com/facekeep/facekeep/handlers/httpx"
)

const (
	stateExtracted = "Extracted" // faces are extracted before an answer: there is no other state
	typeRegular    = "Regular"   // and none are learnt on the way
)

// newFace writes an enrolled face. Crop and eyes are places in the picture it
// was enrolled by, which is not kept.
func newFace(f face.Face) faceData {
	p, m := placed(f.Finding), f.Attributes
	processed := httpx.TimeText(f.CreatedAt)
	return faceData{
		ID: f.ID.String(), TrackletID: f.TrackletID.String(), FrameID: f.FrameID.String(), ImageDataID: idText(f.ImageID),
		State: stateExtracted, Type: typeRegular, ProcessedAt: &processed,
		CreatedAt: httpx.TimeText(f.CreatedAt), UpdatedAt: timeOrNull(f.UpdatedAt),
		Quality: f.Quality, TemplateQuality: &f.TemplateQuality,
		Size: f.Size, FaceArea: &f.Area, FaceOrder: &f.Order, FacesOnFrameCount: &f.FacesOnFrame,
		CropLeftTopX: p.CropLeftTopX, CropLeftTopY: p.CropLeftTopY,
		CropRightTopX: p.CropRightTopX, CropRightTopY: p.CropRightTopY,
		CropLeftBottomX: p.CropLeftBottomX, CropLeftBottomY: p.CropLeftBottomY,
		CropRightBottomX: p.CropRightBottomX, CropRightBottomY: p.CropRightBottomY,
		LeftEyeX: p.LeftEyeX, LeftEyeY: p.LeftEyeY, RightEyeX: p.RightEyeX, RightEyeY: p.RightEyeY,
		Age: m.Age, Gender: m.Gender,
		FaceMaskConfidence: m.MaskConfidence, FaceMaskStatus: maskStatus(m.MaskConfidence, defaultMaskThreshold),
		NoseTipConfidence: m.NoseTipConfidence, YawAngle: m.Yaw, PitchAngle: m.Pitch, RollAngle: m.Roll,
		Sharpness: m.Sharpness, Brightness: m.Brightness,
		TintedGlasses: m.TintedGlasses, HeavyFrame: m.HeavyFrame, GlassStatus: m.GlassStatus,
	}
}
