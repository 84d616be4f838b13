package repository

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// faceRow is a row of faces.
type faceRow struct {
	ID              key `gorm:"column:id;primaryKey"`
	MemberUID       key `gorm:"column:member_uid"`
	TrackletID      key `gorm:"column:tracklet_id"`
	FrameID         key `gorm:"column:frame_id"`
	ImageID         key `gorm:"column:image_id"`
	PictureID       key `gorm:"column:picture_id"`
	PictureType     *string
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
	row := faceRow{
		ID: key(f.ID), MemberUID: key(f.MemberUID), TrackletID: key(f.TrackletID), FrameID: key(f.FrameID), ImageID: key(f.ImageID),
		Order: f.Order, FacesOnFrame: f.FacesOnFrame, Geometry: newGeometry(f.Finding),
		Confidence: f.Confidence, Size: f.Size, Area: f.Area, Quality: f.Quality, TemplateQuality: f.TemplateQuality,
		Attributes: f.Attributes, Created: at(f.CreatedAt), Updated: at(f.UpdatedAt),
	}
	if f.PictureID != uuid.Nil {
		row.PictureID, row.PictureType = key(f.PictureID), &f.PictureType
	}
	return row
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
	if r.PictureType != nil {
		f.PictureID, f.PictureType = uuid.UUID(r.PictureID), *r.PictureType
	}
	r.Geometry.restore(&f.Finding)
	return f
}

// MemberFaces returns one page of the faces of a member. An unknown member has
// none.
func (r *Repository) MemberFaces(ctx context.Context, memberID string, q face.PageQuery) (page face.Page[face.Face], err error) {
	ofMember := func(tx *gorm.DB) *gorm.DB {
		member := visible(tx.Session(&gorm.Session{NewDB: true}).Model(&memberRow{})).Select("uid").Where("id = ?", memberID)
		return tx.Where("member_uid = (?)", member)
	}
	err = r.view(ctx, func(tx *gorm.DB) error {
		page, err = paged(tx, q, ofMember, [2]string{"created_at", "id"}, faceRow.face)
		return err
	})
	return page, err
}

// Face returns a stored face, or a NotFound error.
func (r *Repository) Face(ctx context.Context, id uuid.UUID) (face.Face, error) {
	var row faceRow
	tx := r.read.WithContext(ctx)
	err := scopeOf(tx).members(tx, "faces.member_uid").Where("id = ?", key(id)).Take(&row).Error
	if err != nil {
		return face.Face{}, r.fault(ctx, orNotFound(err, noFace(id)))
	}
	return row.face(), nil
}

// FacesOf returns the faces of members by the UIDs of these, oldest first.
func (r *Repository) FacesOf(ctx context.Context, members []uuid.UUID) (map[uuid.UUID][]face.Face, error) {
	tx := r.read.WithContext(ctx)
	rows, err := findAll[faceRow](scopeOf(tx).members(tx.Order("created_at, id"), "faces.member_uid").Session(&gorm.Session{}), "member_uid", keys(unique(members)))
	if err != nil {
		return nil, r.fault(ctx, err)
	}
	out := make(map[uuid.UUID][]face.Face, len(members))
	for _, row := range rows {
		f := row.face()
		out[f.MemberUID] = append(out[f.MemberUID], f)
	}
	return out, nil
}
