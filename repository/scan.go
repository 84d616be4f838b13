package repository

import (
	"context"
	"database/sql"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// ScanTemplates gives every template of one label in watchlists, none named: in
// all, to visit, in batches of at most size rows. They are of one state of the
// database: one that has all that was committed before the call. It takes the
// memory of one batch, however many there are; visit keeps neither the slice of
// rows nor the vectors. Rows have no version: none of them replaces another.
func (r *Repository) ScanTemplates(ctx context.Context, label face.TemplateLabel, watchlists []uuid.UUID, size int, visit func([]face.IndexRow) error) error {
	return r.view(ctx, func(tx *gorm.DB) error {
		if err := unhurried(tx); err != nil {
			return err
		}
		batch := scanBatch{rows: make([]face.IndexRow, 0, size)}
		for lists := range listRuns(watchlists) {
			if err := batch.read(tx, label, lists, visit); err != nil {
				return err
			}
		}
		return batch.give(visit)
	})
}

// listRuns parts watchlists into runs that fit one query, each watchlist once; of
// none, that one.
func listRuns(watchlists []uuid.UUID) func(yield func([]key) bool) {
	lists := keys(unique(watchlists))
	return func(yield func([]key) bool) {
		for more := true; more; more = len(lists) > 0 {
			n := min(len(lists), maxBound)
			if !yield(lists[:n]) {
				return
			}
			lists = lists[n:]
		}
	}
}

// scanBatch collects rows. Vectors are decoded into one slice that is used again
// from batch to batch.
type scanBatch struct {
	rows    []face.IndexRow
	vectors []float32
}

func (b *scanBatch) read(tx *gorm.DB, label face.TemplateLabel, lists []key, visit func([]face.IndexRow) error) error {
	query, args := "SELECT ms.watchlist_uid, ms.member_uid, f.id, t.vector"+wantedRows+" WHERE t.label = ?", []any{label}
	if len(lists) > 0 {
		query, args = query+" AND ms.watchlist_uid IN ?", append(args, padded(lists))
	}
	rows, err := tx.Raw(query, args...).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	var vector sql.RawBytes
	for rows.Next() {
		var row face.IndexRow
		if err := rows.Scan((*key)(&row.Watchlist), (*key)(&row.Member), (*key)(&row.Face), &vector); err != nil {
			return err
		}
		if row.Vector, err = b.decode(vector); err != nil {
			return err
		}
		b.rows = append(b.rows, row)
		if len(b.rows) == cap(b.rows) {
			if err := b.give(visit); err != nil {
				return err
			}
		}
	}
	return rows.Err()
}

// give hands the rows over that there are, and begins anew.
func (b *scanBatch) give(visit func([]face.IndexRow) error) error {
	rows := b.rows
	b.rows, b.vectors = b.rows[:0], b.vectors[:0]
	if len(rows) == 0 {
		return nil
	}
	return visit(rows)
}

// decode appends a vector. Where there is no room, it goes on in a larger slice;
// rows from before keep the one that they are in.
func (b *scanBatch) decode(stored []byte) ([]float32, error) {
	start := len(b.vectors)
	var err error
	if b.vectors, err = appendVector(b.vectors, stored); err != nil {
		return nil, err
	}
	return b.vectors[start:len(b.vectors):len(b.vectors)], nil
}

// RowsAtMost reports whether an index of this database has to hold at most so many
// rows, without counting many more.
func (r *Repository) RowsAtMost(ctx context.Context, limit int) (bool, error) {
	n := 0
	err := r.read.WithContext(ctx).Raw("SELECT count(*) FROM (SELECT 1"+wantedRows+" LIMIT ?) few", limit+1).Row().Scan(&n)
	return err == nil && n <= limit, r.fault(ctx, err)
}
