package gallery

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// What the key of a request lets it see and change in the database is decided by the
// repository, in the transaction that it holds for. Here is what concerns the index.

// searched returns the watchlists that a search goes through: the named ones, or,
// where none is named, those that the key of the request is for. Nil stands for all
// there are, and an empty list for none. A named one that is unknown is NotFound;
// one that the key is not for is Forbidden, whether it is there or not.
func (g *Gallery) searched(ctx context.Context, named []string) ([]uuid.UUID, error) {
	grant, _ := face.GrantOf(ctx)
	ids := named
	if len(named) == 0 {
		ids = grant.Watchlists
	}
	if len(ids) == 0 {
		return nil, nil
	}
	for _, id := range ids {
		if len(grant.Watchlists) > 0 && !slices.Contains(grant.Watchlists, id) {
			return nil, face.Errorf(face.Forbidden, "This key is not for the watchlist '%s'.", id)
		}
	}
	known, err := g.rows.WatchlistUIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	uids := make([]uuid.UUID, 0, len(known))
	for _, id := range ids {
		uid, ok := known[id]
		if !ok && len(named) > 0 {
			return nil, face.Errorf(face.NotFound, "Watchlists with specified ids were not found.")
		}
		if ok {
			uids = append(uids, uid)
		}
	}
	return uids, nil
}
