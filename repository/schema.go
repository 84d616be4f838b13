package repository

import (
	"context"
	"time"
)

// Schema says which migrations a database has had.
type Schema struct {
	Version   int64     // number of the newest migration
	CreatedAt time.Time // of the first, to the second
	UpdatedAt time.Time // of the newest, to the second
}

// Schema returns what goose noted down of the migrations.
func (r *Repository) Schema(ctx context.Context) (Schema, error) {
	var applied []struct {
		VersionID int64
		Tstamp    time.Time
	}
	err := r.read.WithContext(ctx).Table("goose_db_version").
		Where("is_applied").Order("version_id").Find(&applied).Error
	if err != nil {
		return Schema{}, r.fault(ctx, err)
	}
	var s Schema
	for _, a := range applied {
		at := a.Tstamp.UTC()
		if s.CreatedAt.IsZero() || at.Before(s.CreatedAt) {
			s.CreatedAt = at
		}
		if at.After(s.UpdatedAt) {
			s.UpdatedAt = at
		}
		s.Version = max(s.Version, a.VersionID)
	}
	return s, nil
}
