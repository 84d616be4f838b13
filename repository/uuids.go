package repository

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// named is a row that clients know by an id, and the program by a UID.
type named interface{ memberRow | watchlistRow }

// MemberByUUID returns the member whose UUID an id is, or a NotFound error.
func (r *Repository) MemberByUUID(ctx context.Context, id uuid.UUID) (m face.Member, err error) {
	err = r.view(ctx, func(tx *gorm.DB) error {
		rows, err := ofUUID[memberRow](visible(tx), id)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if m = row.member(); m.UUID() == id {
				found := []face.Member{m}
				err = loadLabels(tx, found)
				m = found[0]
				return err
			}
		}
		return noMember(id.String())
	})
	return m, err
}

// WatchlistByUUID returns the watchlist whose UUID an id is, or a NotFound error.
func (r *Repository) WatchlistByUUID(ctx context.Context, id uuid.UUID) (face.Watchlist, error) {
	tx := r.read.WithContext(ctx)
	rows, err := ofUUID[watchlistRow](scopeOf(tx).watchlists(tx), id)
	if err != nil {
		return face.Watchlist{}, r.fault(ctx, err)
	}
	for _, row := range rows {
		if w := row.watchlist(); w.UUID() == id {
			return w, nil
		}
	}
	return face.Watchlist{}, noWatchlist(id.String())
}

// ofUUID returns the rows that have a UUID as their id or UID.
func ofUUID[R named](tx *gorm.DB, id uuid.UUID) (rows []R, err error) {
	err = tx.Where("(id = ? OR uid = ?)", id.String(), key(id)).Find(&rows).Error
	return rows, err
}

// notAnUID returns a Conflict if an id reads as the UID of a row that is there.
func notAnUID[R named](tx *gorm.DB, id string) error {
	parsed, err := uuid.Parse(id)
	if err != nil {
		return nil //nolint:nilerr // then it reads as no UID at all
	}
	var n int64
	if err := tx.Model(new(R)).Where("uid = ?", key(parsed)).Count(&n).Error; err != nil {
		return err
	}
	if n > 0 {
		return face.Errorf(face.Conflict, "The id '%s' is in use.", id)
	}
	return nil
}
