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
