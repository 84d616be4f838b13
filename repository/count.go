package repository

import (
	"context"

	"github.com/facekeep/facekeep/face"
)

// CountRows returns how many rows of each label an index of this database has to
// hold: one for each face in each watchlist of its member.
func (r *Repository) CountRows(ctx context.Context) (map[face.TemplateLabel]int, error) {
	rows, err := r.read.WithContext(ctx).Raw("SELECT t.label, count(*)" + wantedRows + " GROUP BY t.label").Rows()
	if err != nil {
		return nil, r.fault(ctx, err)
	}
	defer rows.Close()
	out := map[face.TemplateLabel]int{}
	for rows.Next() {
		var label face.TemplateLabel
		var n int
		if err := rows.Scan(&label, &n); err != nil {
			return nil, r.fault(ctx, err)
		}
		out[label] = n
	}
	return out, r.fault(ctx, rows.Err())
}
