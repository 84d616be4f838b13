package repository

import (
	"context"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// imageRow is a row of images.
type imageRow struct {
	ID        key `gorm:"column:id;primaryKey"`
	MediaType string
	Width     int
	Height    int
	Data      []byte
	Created   moment `gorm:"column:created_at"`
}

// TableName implements GORM's Tabler.
func (imageRow) TableName() string { return "images" }

func newImageRow(i face.Image) imageRow {
	return imageRow{
		ID: key(i.ID), MediaType: i.MediaType, Width: i.Width, Height: i.Height, Data: i.Data, Created: at(i.CreatedAt),
	}
}

// Image returns a stored picture, or a NotFound error.
func (r *Repository) Image(ctx context.Context, id uuid.UUID) (face.Image, error) {
	var row imageRow
	tx := r.read.WithContext(ctx)
	owners := visible(tx.Table("faces").Select("1").Joins("JOIN members ON members.uid = faces.member_uid")).
		Where("(faces.image_id = images.id OR faces.picture_id = images.id)")
	err := tx.Where("id = ? AND EXISTS (?)", key(id), owners).Take(&row).Error
	if err != nil {
		return face.Image{}, r.fault(ctx, orNotFound(err, face.Errorf(face.NotFound, "Image with id '%s' was not found.", id)))
	}
	return face.Image{
		ID: uuid.UUID(row.ID), MediaType: row.MediaType, Width: row.Width, Height: row.Height,
		Data: row.Data, CreatedAt: row.Created.Time,
	}, nil
}
