package repository

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// membershipRow is a row of memberships.
type membershipRow struct {
	WatchlistUID key    `gorm:"column:watchlist_uid;primaryKey"`
	MemberUID    key    `gorm:"column:member_uid;primaryKey"`
	Created      moment `gorm:"column:created_at"`
}

// TableName implements GORM's Tabler.
func (membershipRow) TableName() string { return "memberships" }

// Link puts members on a watchlist, all or none. A link that is there already
// stays as it is. Unknown ids are NotFound, and named.
func (r *Repository) Link(ctx context.Context, watchlistID string, memberIDs []string, now time.Time) error {
	return r.update(ctx, func(tx *gorm.DB) error { return linkAll(tx, watchlistID, memberIDs, now) })
}

func linkAll(tx *gorm.DB, watchlistID string, memberIDs []string, now time.Time) error {
	w, members, err := findEnds(tx, watchlistID, memberIDs)
	if err != nil {
		return err
	}
	for _, m := range members {
		if err := link(tx, membershipRow{WatchlistUID: w.UID, MemberUID: m.UID, Created: at(now)}); err != nil {
			return err
		}
	}
	return nil
}

// Unlink takes members off a watchlist, all or none. One that is not on it is
// left alone. Unknown ids are NotFound, and named.
func (r *Repository) Unlink(ctx context.Context, watchlistID string, memberIDs []string, now time.Time) error {
	return r.update(ctx, func(tx *gorm.DB) error { return unlinkAll(tx, watchlistID, memberIDs, now) })
}

func unlinkAll(tx *gorm.DB, watchlistID string, memberIDs []string, now time.Time) error {
	w, members, err := findEnds(tx, watchlistID, memberIDs)
	if err != nil {
		return err
	}
	for _, m := range members {
		if err := unlink(tx, membershipRow{WatchlistUID: w.UID, MemberUID: m.UID}, now); err != nil {
			return err
		}
	}
	return nil
}

func link(tx *gorm.DB, row membershipRow) error {
	done := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	if done.Error != nil || done.RowsAffected == 0 {
		return done.Error
	}
	return noteLinked(tx, row)
}

func unlink(tx *gorm.DB, row membershipRow, now time.Time) error {
	done := tx.Delete(&row)
	if done.Error != nil || done.RowsAffected == 0 {
		return done.Error
	}
	return noteUnlinked(tx, row, now)
}

// findEnds returns a watchlist and members by their ids; repeated ids count
// once.
func findEnds(tx *gorm.DB, watchlistID string, memberIDs []string) (watchlistRow, []memberRow, error) {
	if err := scopeOf(tx).names(watchlistID); err != nil {
		return watchlistRow{}, nil, err
	}
	w, err := findWatchlist(kept(tx), watchlistID)
	if err != nil {
		return w, nil, err
	}
	members, err := findByID(visible(kept(tx)), "Watchlist member", memberIDs, func(m memberRow) string { return m.ID })
	return w, members, err
}
