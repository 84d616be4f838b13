package regula

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// groupFinder finds which groups ids mean, and makes the group that is meant
// without any.
type groupFinder interface {
	WatchlistByUUID(ctx context.Context, id uuid.UUID) (face.Watchlist, error)
	EnsureWatchlist(ctx context.Context, w face.Watchlist) (face.Watchlist, error)
}

// maxItems bounds the ids of one request.
const maxItems = 10000

// What a group gets that this dialect does not speak of.
const (
	groupThreshold = 40
	groupColor     = "#4adf62"
)

// defaultGroup is where persons are put that are put nowhere. Its id is fixed, so
// that all servers mean the same one.
func defaultGroup() face.Watchlist {
	return newWatchlist("00000000-0000-7000-8000-000000000001", "Default")
}

func newWatchlist(id, name string) face.Watchlist {
	return face.Watchlist{ID: id, DisplayName: name, FullName: name, Threshold: groupThreshold, PreviewColor: groupColor}
}

// groupIDs returns the ids of watchlists that the UUIDs of groups mean, each once.
// A group that does not exist is Invalid: it is not what the path names.
func groupIDs(ctx context.Context, g groupFinder, field string, texts []string) ([]string, error) {
	ids, err := parseIDs(field, texts)
	if err != nil {
		return nil, err
	}
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		w, err := findGroup(ctx, g, id)
		if err != nil {
			return nil, missingIsBad(field, err)
		}
		out = append(out, w.ID)
	}
	return out, nil
}

// groupsOrDefault is groupIDs, where no group is the default one.
func groupsOrDefault(ctx context.Context, g groupFinder, field string, texts []string) ([]string, error) {
	if len(texts) > 0 {
		return groupIDs(ctx, g, field, texts)
	}
	w, err := g.EnsureWatchlist(ctx, defaultGroup())
	return []string{w.ID}, err
}

// findGroup returns a group, or a NotFound error in the words of the dialect.
func findGroup(ctx context.Context, g interface {
	WatchlistByUUID(ctx context.Context, id uuid.UUID) (face.Watchlist, error)
}, id uuid.UUID) (face.Watchlist, error) {
	w, err := g.WatchlistByUUID(ctx, id)
	if face.KindOf(err) == face.NotFound {
		return w, face.Errorf(face.NotFound, "Group with id %s was not found.", id)
	}
	return w, err
}

// missingIsBad makes what is not there the fault of a field.
func missingIsBad(field string, err error) error {
	if face.KindOf(err) != face.NotFound {
		return err
	}
	bad := face.FieldErrorf(field, "%s: %s", field, face.MessageOf(err))
	bad.Err = err
	return bad
}

// parseIDs reads the ids of a list, each once.
func parseIDs(field string, texts []string) ([]uuid.UUID, error) {
	if len(texts) > maxItems {
		return nil, face.FieldErrorf(field, "%s holds %d ids, at most %d are allowed", field, len(texts), maxItems)
	}
	out, seen := make([]uuid.UUID, 0, len(texts)), make(map[uuid.UUID]bool, len(texts))
	for _, text := range texts {
		id, err := parseID(field, text)
		if err != nil {
			return nil, err
		}
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return slices.Clip(out), nil
}
