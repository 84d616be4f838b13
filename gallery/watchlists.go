package gallery

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// CreateWatchlist makes a watchlist. An empty ID is replaced by a made one; one
// that is taken is a Conflict. UID and times are set here.
func (g *Gallery) CreateWatchlist(ctx context.Context, w face.Watchlist) (face.Watchlist, error) {
	w, err := g.newWatchlist(w)
	if err != nil {
		return face.Watchlist{}, err
	}
	if err := g.rows.CreateWatchlist(ctx, w); err != nil {
		return face.Watchlist{}, fmt.Errorf("create watchlist: %w", err)
	}
	return w, nil
}

// UpsertWatchlist replaces names, threshold and colour of the watchlist with the
// ID of w and sets its UpdatedAt, or makes it where there is none.
func (g *Gallery) UpsertWatchlist(ctx context.Context, w face.Watchlist) (face.Watchlist, error) {
	w, err := g.newWatchlist(w)
	if err != nil {
		return face.Watchlist{}, err
	}
	w, err = g.rows.UpsertWatchlist(ctx, w)
	if err != nil {
		return face.Watchlist{}, fmt.Errorf("upsert watchlist: %w", err)
	}
	return w, nil
}

// Watchlist returns the watchlist of an id, or a NotFound error.
func (g *Gallery) Watchlist(ctx context.Context, id string) (face.Watchlist, error) {
	return g.rows.Watchlist(ctx, id)
}

// Watchlists returns one page of all watchlists.
func (g *Gallery) Watchlists(ctx context.Context, q face.PageQuery) (face.Page[face.Watchlist], error) {
	return g.rows.Watchlists(ctx, q)
}

// DeleteWatchlist deletes a watchlist and the links to it; members stay. An
// unknown id is NotFound.
func (g *Gallery) DeleteWatchlist(ctx context.Context, id string) error {
	err := g.rows.DeleteWatchlist(ctx, id, g.clock())
	if err := g.settled(ctx, err); err != nil {
		return fmt.Errorf("delete watchlist: %w", err)
	}
	return nil
}

// newWatchlist checks w and completes it as a new watchlist.
func (g *Gallery) newWatchlist(w face.Watchlist) (face.Watchlist, error) {
	if err := checkWatchlist(w); err != nil {
		return w, err
	}
	uid, err := newUID()
	if err != nil {
		return w, err
	}
	if w.ID == "" {
		w.ID = uuid.NewString()
	}
	w.UID, w.CreatedAt, w.UpdatedAt = uid, g.clock(), time.Time{}
	return w, nil
}

// newUID returns a time-ordered id.
func newUID() (uuid.UUID, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return uuid.Nil, fmt.Errorf("make an id: %w", err)
	}
	return id, nil
}

// WatchlistByUUID returns the watchlist whose face.Watchlist.UUID an id is, or a
// NotFound error.
func (g *Gallery) WatchlistByUUID(ctx context.Context, id uuid.UUID) (face.Watchlist, error) {
	return g.rows.WatchlistByUUID(ctx, id)
}

// WatchlistByName returns the watchlist whose id a name is, else whose full name, else
// whose display name, and of several the oldest. None is NotFound.
func (g *Gallery) WatchlistByName(ctx context.Context, name string) (face.Watchlist, error) {
	return g.rows.WatchlistByName(ctx, name)
}

// EnsureWatchlist returns the watchlist with the ID of w, which is made if there is
// none.
func (g *Gallery) EnsureWatchlist(ctx context.Context, w face.Watchlist) (face.Watchlist, error) {
	w, err := g.newWatchlist(w)
	if err != nil {
		return face.Watchlist{}, err
	}
	if w, err = g.rows.EnsureWatchlist(ctx, w); err != nil {
		return face.Watchlist{}, fmt.Errorf("ensure watchlist: %w", err)
	}
	return w, nil
}

// ChangeWatchlist changes names, threshold, colour and metadata of a watchlist and sets
// its UpdatedAt. An unknown id is NotFound. Change may be called several times.
func (g *Gallery) ChangeWatchlist(ctx context.Context, id string, change func(*face.Watchlist)) (face.Watchlist, error) {
	w, err := g.rows.ChangeWatchlist(ctx, id, g.clock(), func(w *face.Watchlist) error {
		change(w)
		return checkWatchlist(*w)
	})
	if err != nil {
		return face.Watchlist{}, fmt.Errorf("change watchlist: %w", err)
	}
	return w, nil
}

// MemberWatchlists returns one page of the watchlists that a member is on. An unknown
// member is on none.
func (g *Gallery) MemberWatchlists(ctx context.Context, memberID string, q face.PageQuery) (face.Page[face.Watchlist], error) {
	return g.rows.MemberWatchlists(ctx, memberID, q)
}

// WatchlistsOf returns the watchlists that members are on, by the UIDs of these, the
// newest first.
func (g *Gallery) WatchlistsOf(ctx context.Context, memberUIDs []uuid.UUID) (map[uuid.UUID][]face.Watchlist, error) {
	return g.rows.WatchlistsOf(ctx, memberUIDs)
}
