package repository

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// templateRow is a row of templates.
type templateRow struct {
	FaceID  key    `gorm:"column:face_id;primaryKey"`
	Label   string `gorm:"primaryKey"`
	Vector  vector `gorm:"type:blob"`
	Quality int
}

// TableName implements GORM's Tabler.
func (templateRow) TableName() string { return "templates" }

// AllTemplates gives every template of every watchlist to fill, in batches of
// one label and of at most size rows; fill may keep the vectors but not the
// slice of rows. It returns the number of a change in the outbox, which is the
// version of the rows: these templates show it and every one before. They may show
// later ones too, which are harmless to apply again in order.
func (r *Repository) AllTemplates(ctx context.Context, size int, fill func(face.TemplateLabel, []face.IndexRow) error) (seq int64, err error) {
	err = r.fault(ctx, r.backend.settled(ctx, func(tx *gorm.DB) error {
		return tx.Raw("SELECT coalesce(max(seq), 0) FROM outbox").Row().Scan(&seq)
	}))
	if err != nil {
		return 0, err
	}
	err = r.view(ctx, func(tx *gorm.DB) error {
		if err := unhurried(tx); err != nil {
			return err
		}
		return streamTemplates(tx, seq, size, fill)
	})
	return seq, err
}

// wantedRows are the rows that an index of this database has to hold.
const wantedRows = ` FROM memberships ms JOIN faces f ON f.member_uid = ms.member_uid JOIN templates t ON t.face_id = f.id`

func streamTemplates(tx *gorm.DB, version int64, size int, fill func(face.TemplateLabel, []face.IndexRow) error) error {
	rows, err := tx.Raw(`SELECT t.label, ms.watchlist_uid, ms.member_uid, f.id, t.vector` + wantedRows).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	batches := map[face.TemplateLabel][]face.IndexRow{}
	for rows.Next() {
		var label face.TemplateLabel
		row := face.IndexRow{Version: version}
		if err := rows.Scan(&label, (*key)(&row.Watchlist), (*key)(&row.Member), (*key)(&row.Face), (*vector)(&row.Vector)); err != nil {
			return err
		}
		batches[label] = append(batches[label], row)
		if len(batches[label]) == size {
			if err := fill(label, batches[label]); err != nil {
				return err
			}
			batches[label] = batches[label][:0]
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for label, batch := range batches {
		if len(batch) > 0 {
			if err := fill(label, batch); err != nil {
				return err
			}
		}
	}
	return nil
}

// Vectors returns the vectors of one label of faces, as far as there are any.
func (r *Repository) Vectors(ctx context.Context, label face.TemplateLabel, faces []uuid.UUID) (map[uuid.UUID][]float32, error) {
	rows, err := findAll[templateRow](r.read.WithContext(ctx).Where("label = ?", label).Session(&gorm.Session{}), "face_id", keys(unique(faces)))
	if err != nil {
		return nil, r.fault(ctx, err)
	}
	out := make(map[uuid.UUID][]float32, len(rows))
	for _, row := range rows {
		out[uuid.UUID(row.FaceID)] = row.Vector
	}
	return out, nil
}
