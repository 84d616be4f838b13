package gallery

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// MemberByUUID returns the member whose face.Member.UUID an id is, or a NotFound error.
func (g *Gallery) MemberByUUID(ctx context.Context, id uuid.UUID) (face.Member, error) {
	return g.rows.MemberByUUID(ctx, id)
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

// AddMember makes a member without faces and links it to watchlists, all of it or
// nothing. A taken id is a Conflict, an unknown watchlist NotFound.
func (g *Gallery) AddMember(ctx context.Context, m face.Member, watchlistIDs []string) (face.Member, []face.Watchlist, error) {
	if err := checkFewIDs("watchlistIds", watchlistIDs); err != nil {
		return face.Member{}, nil, err
	}
	m, err := g.newMember(m)
	if err != nil {
		return face.Member{}, nil, err
	}
	added, err := g.enrol(ctx, m, watchlistIDs, nil)
	if err != nil {
		return face.Member{}, nil, fmt.Errorf("add member: %w", err)
	}
	return added.Member, added.Watchlists, nil
}

// ChangeMember changes a member and the watchlists that it is on, all of it or nothing,
// and sets its UpdatedAt. An unknown member or watchlist is NotFound.
func (g *Gallery) ChangeMember(ctx context.Context, id string, c MemberChange) (face.Member, error) {
	if c.WatchlistIDs != nil {
		if err := checkFewIDs("watchlistIds", *c.WatchlistIDs); err != nil {
			return face.Member{}, err
		}
	}
	m, err := g.rows.ChangeMember(ctx, id, c.WatchlistIDs, g.clock(), func(m *face.Member) error {
		if c.Change != nil {
			c.Change(m)
		}
		return checkMember(*m)
	})
	if c.WatchlistIDs != nil {
		err = g.settled(ctx, err)
	}
	if err != nil {
		return face.Member{}, fmt.Errorf("change member: %w", err)
	}
	return m, nil
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

// Relink puts members on a watchlist and takes others off it, all of it or nothing. One
// that is on it, or is not, already is left alone. Unknown ids are NotFound, and named.
func (g *Gallery) Relink(ctx context.Context, watchlistID string, add, remove []string) error {
	for field, ids := range map[string][]string{"addItems": add, "removeItems": remove} {
		if err := checkFewIDs(field, ids); err != nil {
			return err
		}
	}
	err := g.rows.Relink(ctx, watchlistID, add, remove, g.clock())
	if err := g.settled(ctx, err); err != nil {
		return fmt.Errorf("relink: %w", err)
	}
	return nil
}

// KeepLiveness stores the record of a liveness check, to be asked for later.
func (g *Gallery) KeepLiveness(ctx context.Context, t face.LivenessTransaction) error {
	if t.CreatedAt.IsZero() {
		t.CreatedAt = g.clock()
	}
	if err := g.rows.KeepLiveness(ctx, t); err != nil {
		return fmt.Errorf("keep liveness: %w", err)
	}
	return nil
}

// LivenessTransaction returns the record of a liveness check, or a NotFound error.
func (g *Gallery) LivenessTransaction(ctx context.Context, id uuid.UUID) (face.LivenessTransaction, error) {
	return g.rows.LivenessTransaction(ctx, id)
}
