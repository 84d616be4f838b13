package repository

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// faceRow is a row of faces.
type faceRow struct {
	ID              key      `gorm:"column:id;primaryKey"`
	MemberUID       key      `gorm:"column:member_uid"`
	TrackletID      key      `gorm:"column:tracklet_id"`
	FrameID         key      `gorm:"column:frame_id"`
	ImageID         key      `gorm:"column:image_id"`
	Order           int      `gorm:"column:face_order"`
	FacesOnFrame    int      `gorm:"column:faces_on_frame"`
	Geometry        geometry `gorm:"serializer:json"`
	Confidence      float64
	Size            float64
	Area            float64
	Quality         int
	TemplateQuality int
	Attributes      face.Attributes `gorm:"serializer:json"`
	Created         moment          `gorm:"column:created_at"`
	Updated         moment          `gorm:"column:updated_at"`
}

// TableName implements GORM's Tabler.
func (faceRow) TableName() string { return "faces" }

func newFaceRow(f face.Face) faceRow {
	return faceRow{
		ID: key(f.ID), MemberUID: key(f.MemberUID), TrackletID: key(f.TrackletID), FrameID: key(f.FrameID), ImageID: key(f.ImageID),
		Order: f.Order, FacesOnFrame: f.FacesOnFrame, Geometry: newGeometry(f.Finding),
		Confidence: f.Confidence, Size: f.Size, Area: f.Area, Quality: f.Quality, TemplateQuality: f.TemplateQuality,
		Attributes: f.Attributes, Created: at(f.CreatedAt), Updated: at(f.UpdatedAt),
	}
}

func (r faceRow) face() face.Face {
	f := face.Face{
		ID: uuid.UUID(r.ID), MemberUID: uuid.UUID(r.MemberUID), TrackletID: uuid.UUID(r.TrackletID),
		FrameID: uuid.UUID(r.FrameID), ImageID: uuid.UUID(r.ImageID), Order: r.Order, FacesOnFrame: r.FacesOnFrame,
		CreatedAt: r.Created.Time, UpdatedAt: r.Updated.Time,
		Finding: face.Finding{
			Confidence: r.Confidence, Size: r.Size, Area: r.Area, Quality: r.Quality, TemplateQuality: r.TemplateQuality,
			Attributes: r.Attributes,
		},
	}
	r.Geometry.restore(&f.Finding)
	return f
}

// MemberFaces returns one page of the faces of a member. An unknown member has
// none.
func (r *Repository) MemberFaces(ctx context.Context, memberID string, q face.PageQuery) (page face.Page[face.Face], err error) {
	ofMember := func(tx *gorm.DB) *gorm.DB {
		return tx.Where("member_uid = (SELECT uid FROM members WHERE id = ?)", memberID)
	}
	err = r.view(ctx, func(tx *gorm.DB) error {
		page, err = paged(tx, q, ofMember, [2]string{"created_at", "id"}, faceRow.face)
		return err
	})
	return page, err
}
