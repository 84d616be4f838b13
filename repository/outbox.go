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

// noteFaceAdded notes that a face is to be put into every watchlist of its member.
func noteFaceAdded(tx *gorm.DB, id key, now time.Time) error {
	return tx.Exec(`INSERT INTO outbox (op, watchlist_uid, member_uid, face_id, label, created_at)
		SELECT 'put', ms.watchlist_uid, f.member_uid, f.id, t.label, ? FROM faces f
		JOIN memberships ms ON ms.member_uid = f.member_uid JOIN templates t ON t.face_id = f.id
		WHERE f.id = ? ORDER BY ms.watchlist_uid, t.label`, at(now), id).Error
}

// noteFaceGone notes that a face is to leave every watchlist of its member.
func noteFaceGone(tx *gorm.DB, id key, now time.Time) error {
	return tx.Exec(`INSERT INTO outbox (op, watchlist_uid, member_uid, face_id, created_at)
		SELECT 'remove', ms.watchlist_uid, f.member_uid, f.id, ? FROM faces f
		JOIN memberships ms ON ms.member_uid = f.member_uid
		WHERE f.id = ? ORDER BY ms.watchlist_uid`, at(now), id).Error
}

// noteDrop notes that a watchlist is to be dropped.
func noteDrop(tx *gorm.DB, watchlist key, now time.Time) error {
	return tx.Exec("INSERT INTO outbox (op, watchlist_uid, created_at) VALUES ('drop', ?, ?)", watchlist, at(now)).Error
}

// Changes returns the changes after a number in the order of their numbers, at
// most limit of them, ≥ 1; none with a lower number is committed later. A put
// brings the vector as it is now, or none if the template is gone since.
//
// It is for an index that one process alone follows. On Postgres it makes
// writers wait for its duration.
func (r *Repository) Changes(ctx context.Context, after int64, limit int) (out []face.IndexChange, err error) {
	err = r.backend.settled(ctx, func(tx *gorm.DB) error {
		out, err = readChanges(tx, limit, "o.seq > ?", after)
		return err
	})
	return out, r.fault(ctx, err)
}

// changeColumns are what changeFields take, of outbox o. The vector is looked up
// row by row and not joined, because a join that was planned for many rows reads
// all templates there are.
const changeColumns = `o.seq, o.op, o.watchlist_uid, o.member_uid, o.face_id, coalesce(o.label, ''),
	(SELECT t.vector FROM templates t WHERE o.op = 'put' AND t.face_id = o.face_id AND t.label = o.label)`

// readChanges returns the changes that a condition of ours allows, in the order
// of their numbers, at most limit.
func readChanges(tx *gorm.DB, limit int, where string, args ...any) ([]face.IndexChange, error) {
	rows, err := tx.Raw("SELECT "+changeColumns+" FROM outbox o WHERE "+where+" ORDER BY o.seq LIMIT ?", append(args, limit)...).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []face.IndexChange
	for rows.Next() {
		var c face.IndexChange
		if err := rows.Scan(changeFields(&c)...); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// changeFields are where changeColumns go.
func changeFields(c *face.IndexChange) []any {
	return []any{&c.Seq, &c.Op, (*key)(&c.Watchlist), (*key)(&c.Member), (*key)(&c.Face), &c.Label, (*vector)(&c.Vector)}
}

// ForgetChanges deletes the changes up to and including a number, applied or not:
// the one index that there is follows them for good.
func (r *Repository) ForgetChanges(ctx context.Context, upTo int64) error {
	return r.update(ctx, func(tx *gorm.DB) error {
		return tx.Exec("DELETE FROM outbox WHERE seq <= ?", upTo).Error
	})
}
