package repository

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// noteLinked notes that the faces of a member are to be put into a watchlist.
func noteLinked(tx *gorm.DB, row membershipRow) error {
	return tx.Exec(`INSERT INTO outbox (op, watchlist_uid, member_uid, face_id, label, created_at)
		SELECT 'put', ?, f.member_uid, f.id, t.label, ? FROM faces f JOIN templates t ON t.face_id = f.id
		WHERE f.member_uid = ? ORDER BY f.created_at, f.id, t.label`, row.WatchlistUID, row.Created, row.MemberUID).Error
}

// noteUnlinked notes that the faces of a member are to leave a watchlist.
func noteUnlinked(tx *gorm.DB, row membershipRow, now time.Time) error {
	return tx.Exec(`INSERT INTO outbox (op, watchlist_uid, member_uid, face_id, created_at)
		SELECT 'remove', ?, f.member_uid, f.id, ? FROM faces f
		WHERE f.member_uid = ? ORDER BY f.created_at, f.id`, row.WatchlistUID, at(now), row.MemberUID).Error
}

// noteMemberGone notes that the faces of a member are to leave every watchlist.
func noteMemberGone(tx *gorm.DB, member key, now time.Time) error {
	return tx.Exec(`INSERT INTO outbox (op, watchlist_uid, member_uid, face_id, created_at)
		SELECT 'remove', ms.watchlist_uid, f.member_uid, f.id, ? FROM memberships ms
		JOIN faces f ON f.member_uid = ms.member_uid
		WHERE ms.member_uid = ? ORDER BY ms.watchlist_uid, f.created_at, f.id`, at(now), member).Error
}

// noteDrop notes that a watchlist is to be dropped.
func noteDrop(tx *gorm.DB, watchlist key, now time.Time) error {
	return tx.Exec("INSERT INTO outbox (op, watchlist_uid, created_at) VALUES ('drop', ?, ?)", watchlist, at(now)).Error
}

// Changes returns the changes after a number in the order of their commits, at
// most limit of them, ≥ 1. A put brings the vector as it is now, or none if the
// template is gone since.
func (r *Repository) Changes(ctx context.Context, after int64, limit int) ([]face.IndexChange, error) {
	rows, err := r.read.WithContext(ctx).Raw(`SELECT o.seq, o.op, o.watchlist_uid, o.member_uid, o.face_id,
		coalesce(o.label, ''), t.vector FROM outbox o
		LEFT JOIN templates t ON o.op = 'put' AND t.face_id = o.face_id AND t.label = o.label
		WHERE o.seq > ? ORDER BY o.seq LIMIT ?`, after, limit).Rows()
	if err != nil {
		return nil, r.fault(ctx, err)
	}
	defer rows.Close()
	var out []face.IndexChange
	for rows.Next() {
		var c face.IndexChange
		err := rows.Scan(&c.Seq, &c.Op, (*key)(&c.Watchlist), (*key)(&c.Member), (*key)(&c.Face), &c.Label, (*vector)(&c.Vector))
		if err != nil {
			return nil, r.fault(ctx, err)
		}
		out = append(out, c)
	}
	return out, r.fault(ctx, rows.Err())
}

// ForgetChanges deletes the changes up to and including a number: the index
// follows them for good.
func (r *Repository) ForgetChanges(ctx context.Context, upTo int64) error {
	return r.update(ctx, func(tx *gorm.DB) error {
		return tx.Exec("DELETE FROM outbox WHERE seq <= ?", upTo).Error
	})
}
