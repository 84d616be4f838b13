package repository

import (
	"context"

	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// CountRows returns how many rows of each label an index of this database has to
// hold: one for each face in each watchlist of its member.
func (r *Repository) CountRows(ctx context.Context) (map[face.TemplateLabel]int, error) {
	return r.countByLabel(ctx, "SELECT t.label, count(*)"+wantedRows+" GROUP BY t.label")
}

// TemplateLabels returns how many templates there are of each label.
func (r *Repository) TemplateLabels(ctx context.Context) (map[face.TemplateLabel]int, error) {
	return r.countByLabel(ctx, "SELECT label, count(*) FROM templates GROUP BY label")
}

// countByLabel takes its time: some millions of rows are not counted in a few
// seconds, and an index that could not be counted would never be trusted.
func (r *Repository) countByLabel(ctx context.Context, query string) (map[face.TemplateLabel]int, error) {
	out := map[face.TemplateLabel]int{}
	err := r.view(ctx, func(tx *gorm.DB) error {
		if err := unhurried(tx); err != nil {
			return err
		}
		rows, err := tx.Raw(query).Rows()
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var label face.TemplateLabel
			var n int
			if err := rows.Scan(&label, &n); err != nil {
				return err
			}
			out[label] = n
		}
		return rows.Err()
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}
