package gallery

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// What the key of a request lets it see and change in the database is decided by the
// repository, in the transaction that it holds for. Here is what concerns the index.

// searchedIDs returns the ids of the watchlists that a search goes through: the named
// ones, or, where none is named, those that the key of the request is for; none stands
// for all there are. One that the key is not for is Forbidden, whether it is there or not.
func searchedIDs(ctx context.Context, named []string) ([]string, error) {
	grant, _ := face.GrantOf(ctx)
	if len(named) == 0 {
		return grant.Watchlists, nil
	}
	for _, id := range named {
		if len(grant.Watchlists) > 0 && !slices.Contains(grant.Watchlists, id) {
			return nil, face.Errorf(face.Forbidden, "This key is not for the watchlist '%s'.", id)
		}
	}
	return named, nil
}

// searchedUIDs looks watchlists up; an empty result stands for none. One that is unknown
// is left out, or NotFound if all have to be there.
func (g *Gallery) searchedUIDs(ctx context.Context, ids []string, all bool) ([]uuid.UUID, error) {
	known, err := g.rows.WatchlistUIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	uids := make([]uuid.UUID, 0, len(known))
	for _, id := range ids {
		uid, ok := known[id]
		if !ok && all {
			return nil, face.Errorf(face.NotFound, "Watchlists with specified ids were not found.")
		}
		if ok {
			uids = append(uids, uid)
		}
	}
	return uids, nil
}
