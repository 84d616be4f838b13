package repository

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// livenessRow is a row of liveness_transactions.
type livenessRow struct {
	ID        key `gorm:"column:id;primaryKey"`
	Tag       string
	Confirmed *int // 0, 1; null: not performed
	Score     float64
	Age       *float64
	Created   moment `gorm:"column:created_at"`
}

// TableName implements GORM's Tabler.
func (livenessRow) TableName() string { return "liveness_transactions" }

// KeepLiveness stores the record of a liveness check.
func (r *Repository) KeepLiveness(ctx context.Context, t face.LivenessTransaction) error {
	row := livenessRow{ID: key(t.ID), Tag: t.Tag, Score: t.Score, Age: t.Age, Created: at(t.CreatedAt)}
	if t.Confirmed != nil {
		row.Confirmed = new(int)
		if *t.Confirmed {
			*row.Confirmed = 1
		}
	}
	return r.update(ctx, func(tx *gorm.DB) error { return tx.Create(&row).Error })
}

// LivenessTransaction returns the record of a liveness check, or a NotFound error.
func (r *Repository) LivenessTransaction(ctx context.Context, id uuid.UUID) (face.LivenessTransaction, error) {
	var row livenessRow
	if err := r.read.WithContext(ctx).Where("id = ?", key(id)).Take(&row).Error; err != nil {
		return face.LivenessTransaction{}, r.fault(ctx, orNotFound(err,
			face.Errorf(face.NotFound, "Liveness transaction with id '%s' was not found.", id)))
	}
	t := face.LivenessTransaction{ID: uuid.UUID(row.ID), Tag: row.Tag, Score: row.Score, Age: row.Age, CreatedAt: row.Created.Time}
	if row.Confirmed != nil {
		confirmed := *row.Confirmed == 1
		t.Confirmed = &confirmed
	}
	return t, nil
}

// ForgetLiveness deletes the records of liveness checks from before a time.
func (r *Repository) ForgetLiveness(ctx context.Context, before time.Time) error {
	return r.update(ctx, func(tx *gorm.DB) error {
		return tx.Where("created_at < ?", at(before)).Delete(&livenessRow{}).Error
	})
}
