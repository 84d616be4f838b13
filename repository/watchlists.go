package repository

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// watchlistRow is a row of watchlists.
type watchlistRow struct {
	UID          key    `gorm:"column:uid;primaryKey"`
	ID           string `gorm:"column:id"`
	DisplayName  string
	FullName     string
	Threshold    int
	PreviewColor string
	Metadata     document
	Created      moment `gorm:"column:created_at"`
	Updated      moment `gorm:"column:updated_at"`
}

// TableName implements GORM's Tabler.
func (watchlistRow) TableName() string { return "watchlists" }

func newWatchlistRow(w face.Watchlist) watchlistRow {
	return watchlistRow{
		UID: key(w.UID), ID: w.ID, DisplayName: w.DisplayName, FullName: w.FullName,
		Threshold: w.Threshold, PreviewColor: w.PreviewColor, Metadata: document(w.Metadata),
		Created: at(w.CreatedAt), Updated: at(w.UpdatedAt),
	}
}

func (r watchlistRow) watchlist() face.Watchlist {
	return face.Watchlist{
		UID: uuid.UUID(r.UID), ID: r.ID, DisplayName: r.DisplayName, FullName: r.FullName,
		Threshold: r.Threshold, PreviewColor: r.PreviewColor, Metadata: json.RawMessage(r.Metadata),
		CreatedAt: r.Created.Time, UpdatedAt: r.Updated.Time,
	}
}

// CreateWatchlist stores a new watchlist. Its id being taken is a Conflict, being
// out of scope Forbidden.
func (r *Repository) CreateWatchlist(ctx context.Context, w face.Watchlist) error {
	return r.update(ctx, func(tx *gorm.DB) error {
		if err := scopeOf(tx).names(w.ID); err != nil {
			return err
		}
		_, err := findWatchlist(tx, w.ID)
		if err == nil {
			return face.Errorf(face.Conflict, "Watchlist with id '%s' exists already.", w.ID)
		}
		if face.KindOf(err) != face.NotFound {
			return err
		}
		row := newWatchlistRow(w)
		return insertWatchlist(tx, &row)
	})
}

// insertWatchlist stores a new watchlist. An id that reads as the UID of another one
// is taken: dialects of UUIDs could not tell the two apart.
func insertWatchlist(tx *gorm.DB, row *watchlistRow) error {
	if err := notAnUID[watchlistRow](tx, row.ID); err != nil {
		return err
	}
	return tx.Create(row).Error
}

// UpsertWatchlist stores w as a new watchlist, or, where its id is taken,
// replaces the names, threshold and colour of the one that is there, and its metadata
// unless w has none, and sets its UpdatedAt to w.CreatedAt. It returns what is stored
// then.
func (r *Repository) UpsertWatchlist(ctx context.Context, w face.Watchlist) (face.Watchlist, error) {
	var row watchlistRow
	err := r.update(ctx, func(tx *gorm.DB) error {
		row = newWatchlistRow(w)
		if err := scopeOf(tx).names(w.ID); err != nil {
			return err
		}
		old, err := findWatchlist(changing(tx), w.ID)
		if face.KindOf(err) == face.NotFound {
			return insertWatchlist(tx, &row)
		}
		if err != nil {
			return err
		}
		row.UID, row.Created, row.Updated = old.UID, old.Created, row.Created
		if row.Metadata == nil {
			row.Metadata = old.Metadata
		}
		return tx.Save(&row).Error
	})
	if err != nil {
		return face.Watchlist{}, err
	}
	return row.watchlist(), nil
}

// Watchlist returns the watchlist of an id, or a NotFound error.
func (r *Repository) Watchlist(ctx context.Context, id string) (face.Watchlist, error) {
	row, err := findWatchlist(r.read.WithContext(ctx), id)
	if err != nil {
		return face.Watchlist{}, r.fault(ctx, err)
	}
	return row.watchlist(), nil
}

// WatchlistUIDs returns the UIDs of those watchlists of a list of ids that exist, by id.
// Nothing else of them is read: every search of a watchlist asks for it, and a
// watchlist may have much to say.
func (r *Repository) WatchlistUIDs(ctx context.Context, ids []string) (map[string]uuid.UUID, error) {
	tx := r.read.WithContext(ctx)
	rows, err := findAll[watchlistRow](scopeOf(tx).watchlists(tx).Select("id", "uid").Session(&gorm.Session{}), "id", ids)
	if err != nil {
		return nil, r.fault(ctx, err)
	}
	out := make(map[string]uuid.UUID, len(rows))
	for _, row := range rows {
		out[row.ID] = uuid.UUID(row.UID)
	}
	return out, nil
}

// Watchlists returns one page of all watchlists.
func (r *Repository) Watchlists(ctx context.Context, q face.PageQuery) (page face.Page[face.Watchlist], err error) {
	err = r.view(ctx, func(tx *gorm.DB) error {
		page, err = paged(tx, q, scopeOf(tx).watchlists, [2]string{"created_at", "uid"}, watchlistRow.watchlist)
		return err
	})
	return page, err
}

// DeleteWatchlist deletes a watchlist and its links; members stay. An unknown
// id is NotFound.
func (r *Repository) DeleteWatchlist(ctx context.Context, id string, now time.Time) error {
	return r.update(ctx, func(tx *gorm.DB) error { return deleteWatchlist(tx, id, now) })
}

func deleteWatchlist(tx *gorm.DB, id string, now time.Time) error {
	if err := scopeOf(tx).names(id); err != nil {
		return err
	}
	row, err := findWatchlist(deleting(tx), id)
	if err != nil {
		return err
	}
	if err := noteDrop(tx, row.UID, now); err != nil {
		return err
	}
	return tx.Delete(&row).Error
}

func findWatchlist(tx *gorm.DB, id string) (watchlistRow, error) {
	var row watchlistRow
	err := scopeOf(tx).watchlists(tx).Where("id = ?", id).Take(&row).Error
	return row, orNotFound(err, noWatchlist(id))
}
