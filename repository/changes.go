package repository

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// EnsureWatchlist returns the watchlist with the id of w, which is made if there is
// none.
func (r *Repository) EnsureWatchlist(ctx context.Context, w face.Watchlist) (face.Watchlist, error) {
	old, err := r.Watchlist(ctx, w.ID)
	if face.KindOf(err) != face.NotFound {
		return old, err
	}
	var row watchlistRow
	err = r.update(ctx, func(tx *gorm.DB) error {
		if err := scopeOf(tx).names(w.ID); err != nil {
			return err
		}
		row, err = findWatchlist(tx, w.ID)
		if face.KindOf(err) != face.NotFound {
			return err
		}
		row = newWatchlistRow(w)
		return insertWatchlist(tx, &row)
	})
	if err != nil {
		return face.Watchlist{}, err
	}
	return row.watchlist(), nil
}

// ChangeWatchlist changes what change does to a watchlist, but its ids and times, and
// returns it as it is then. An unknown id is NotFound. An error of change, which may
// be called several times, ends it.
func (r *Repository) ChangeWatchlist(ctx context.Context, id string, now time.Time, change func(*face.Watchlist) error) (changed face.Watchlist, err error) {
	err = r.update(ctx, func(tx *gorm.DB) error {
		if err := scopeOf(tx).names(id); err != nil {
			return err
		}
		old, err := findWatchlist(changing(tx), id)
		if err != nil {
			return err
		}
		changed = old.watchlist()
		if err := change(&changed); err != nil {
			return err
		}
		changed.UID, changed.ID, changed.CreatedAt, changed.UpdatedAt = uuid.UUID(old.UID), old.ID, old.Created.Time, now
		row := newWatchlistRow(changed)
		return tx.Save(&row).Error
	})
	return changed, err
}

// ChangeMember changes what change does to a member, but its ids and times, and the
// watchlists that it is on, nil: as they are; all of it or nothing. It returns the
// member as it is then. An unknown id is NotFound. An error of change, which may be
// called several times, ends it.
func (r *Repository) ChangeMember(ctx context.Context, id string, lists *[]string, now time.Time, change func(*face.Member) error) (changed face.Member, err error) {
	err = r.update(ctx, func(tx *gorm.DB) error {
		row, err := changedMember(tx, id, lists, now)
		if err != nil {
			return err
		}
		old := []face.Member{row.member()}
		if err := loadLabels(tx, old); err != nil {
			return err
		}
		changed = old[0]
		if err := change(&changed); err != nil {
			return err
		}
		changed.UID, changed.ID, changed.CreatedAt, changed.UpdatedAt = old[0].UID, id, old[0].CreatedAt, now
		return saveMember(tx, changed)
	})
	return changed, err
}

// changedMember returns a member that is about to be changed, on the watchlists that
// it is to be on, nil: as they are.
func changedMember(tx *gorm.DB, id string, lists *[]string, now time.Time) (memberRow, error) {
	if lists == nil {
		return findOwn(tx, changing, id)
	}
	if err := scopeOf(tx).names(*lists...); err != nil {
		return memberRow{}, err
	}
	on, err := findByID(kept(tx), "Watchlist", *lists, func(w watchlistRow) string { return w.ID })
	if err != nil {
		return memberRow{}, err
	}
	m, err := findOwn(tx, alone, id)
	if err != nil {
		return m, err
	}
	return m, relinkMember(tx, m, on, now)
}

// relinkMember puts a member on watchlists, and takes it off all others.
func relinkMember(tx *gorm.DB, m memberRow, lists []watchlistRow, now time.Time) error {
	wanted := map[key]bool{}
	for _, w := range lists {
		wanted[w.UID] = true
	}
	var links []membershipRow
	if err := tx.Where("member_uid = ?", m.UID).Order("watchlist_uid").Find(&links).Error; err != nil {
		return err
	}
	for _, l := range links {
		if wanted[l.WatchlistUID] {
			continue
		}
		if err := unlink(tx, membershipRow{WatchlistUID: l.WatchlistUID, MemberUID: m.UID}, now); err != nil {
			return err
		}
	}
	for _, w := range lists {
		if err := link(tx, membershipRow{WatchlistUID: w.UID, MemberUID: m.UID, Created: at(now)}); err != nil {
			return err
		}
	}
	return nil
}

// Relink puts members on a watchlist and takes others off it, all of it or nothing.
// One that is on it, or is not, already is left alone. Unknown ids are NotFound, and
// named.
func (r *Repository) Relink(ctx context.Context, watchlistID string, add, remove []string, now time.Time) error {
	return r.update(ctx, func(tx *gorm.DB) error {
		if err := linkAll(tx, watchlistID, add, now); err != nil {
			return err
		}
		return unlinkAll(tx, watchlistID, remove, now)
	})
}
