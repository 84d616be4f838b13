package repository

import (
	"context"
	"time"

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
	err := r.read.WithContext(ctx).Where(`id = ? AND EXISTS (SELECT 1 FROM faces f JOIN members m ON m.uid = f.member_uid
		WHERE (f.image_id = images.id OR f.picture_id = images.id) AND (m.expires_at IS NULL OR m.expires_at > ?))`, key(id), at(time.Now())).Take(&row).Error
	if err != nil {
		return face.Image{}, r.fault(ctx, orNotFound(err, face.Errorf(face.NotFound, "Image with id '%s' was not found.", id)))
	}
	return face.Image{
		ID: uuid.UUID(row.ID), MediaType: row.MediaType, Width: row.Width, Height: row.Height,
		Data: row.Data, CreatedAt: row.Created.Time,
	}, nil
}
