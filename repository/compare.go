package repository

import (
	"context"
	"database/sql/driver"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// What follows lets an index be compared with the database a slice of faces at a
// time: those of ids above one and up to another.

// FaceAfter returns the id of the face that comes n places, ≥ 1, after an id, of
// which there need be no face; uuid.Max if there are fewer.
func (r *Repository) FaceAfter(ctx context.Context, after uuid.UUID, n int) (uuid.UUID, error) {
	var ids []key
	err := r.read.WithContext(ctx).Model(&faceRow{}).Where("id > ?", edge(after)).
		Order("id").Offset(n-1).Limit(1).Pluck("id", &ids).Error
	if err != nil || len(ids) == 0 {
		return uuid.Max, r.fault(ctx, err)
	}
	return uuid.UUID(ids[0]), nil
}

// WantedKeys gives, of every row that an index has to hold of a slice, label and
// key to visit.
func (r *Repository) WantedKeys(ctx context.Context, after, upTo uuid.UUID, visit func(face.TemplateLabel, face.IndexKey)) error {
	rows, err := r.read.WithContext(ctx).Raw("SELECT t.label, ms.watchlist_uid, f.id"+wantedRows+" WHERE f.id > ? AND f.id <= ?",
		edge(after), edge(upTo)).Rows()
	if err != nil {
		return r.fault(ctx, err)
	}
	defer rows.Close()
	for rows.Next() {
		var label face.TemplateLabel
		var k face.IndexKey
		if err := rows.Scan(&label, (*key)(&k.Watchlist), (*key)(&k.Face)); err != nil {
			return r.fault(ctx, err)
		}
		visit(label, k)
	}
	return r.fault(ctx, rows.Err())
}

// IndexRows returns the rows of keys under a label as far as an index has to hold
// them still. Their version is that of the last change there was: they show it and
// every one before, and any change of theirs that they do not show is a later one.
func (r *Repository) IndexRows(ctx context.Context, label face.TemplateLabel, wanted []face.IndexKey) (out []face.IndexRow, err error) {
	var version int64
	err = r.backend.settled(ctx, func(tx *gorm.DB) error {
		version, err = r.backend.lastNumber(tx)
		return err
	})
	if err != nil {
		return nil, r.fault(ctx, err)
	}
	asked := make(map[face.IndexKey]bool, len(wanted))
	faces := make([]uuid.UUID, len(wanted))
	for i, k := range wanted {
		asked[k], faces[i] = true, k.Face
	}
	faces = unique(faces)
	for len(faces) > 0 {
		n := min(len(faces), maxBound)
		rows, err := indexRows(r.read.WithContext(ctx), label, faces[:n])
		if err != nil {
			return nil, r.fault(ctx, err)
		}
		for _, row := range rows {
			if asked[face.IndexKey{Watchlist: row.Watchlist, Face: row.Face}] {
				row.Version = version
				out = append(out, row)
			}
		}
		faces = faces[n:]
	}
	return out, nil
}

func indexRows(tx *gorm.DB, label face.TemplateLabel, faces []uuid.UUID) (out []face.IndexRow, err error) {
	rows, err := tx.Raw("SELECT ms.watchlist_uid, ms.member_uid, f.id, t.vector"+wantedRows+" WHERE t.label = ? AND f.id IN ?",
		string(label), padded(keys(faces))).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var row face.IndexRow
		if err := rows.Scan((*key)(&row.Watchlist), (*key)(&row.Member), (*key)(&row.Face), (*vector)(&row.Vector)); err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

// UnderWay returns the changes that are not applied, or were applied since a time
// by Clock: what an index that was read since then may show or not. Their vectors
// are left out.
func (r *Repository) UnderWay(ctx context.Context, since time.Time) ([]face.IndexChange, error) {
	rows, err := r.read.WithContext(ctx).Raw("SELECT seq, op, watchlist_uid, face_id FROM outbox WHERE applied_at IS NULL OR applied_at >= ?",
		at(since)).Rows()
	if err != nil {
		return nil, r.fault(ctx, err)
	}
	defer rows.Close()
	var out []face.IndexChange
	for rows.Next() {
		var c face.IndexChange
		if err := rows.Scan(&c.Seq, &c.Op, (*key)(&c.Watchlist), (*key)(&c.Face)); err != nil {
			return nil, r.fault(ctx, err)
		}
		out = append(out, c)
	}
	return out, r.fault(ctx, rows.Err())
}

// Clock returns the time by which the application of changes is noted.
func (r *Repository) Clock(ctx context.Context) (time.Time, error) {
	now, err := r.backend.clock(ctx)
	return now, r.fault(ctx, err)
}

// NumberAbove makes sure that later changes have numbers above n, which an index
// holds from a time that this database does not know: it was restored.
func (r *Repository) NumberAbove(ctx context.Context, n int64) error {
	return r.fault(ctx, r.backend.numberAbove(ctx, n))
}

// edge is an id that rows are compared with; unlike a key it may be zero.
type edge uuid.UUID

// Value implements driver.Valuer.
func (e edge) Value() (driver.Value, error) { return e[:], nil }
