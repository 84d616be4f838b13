package facesearch

import (
	"context"

	"github.com/facekeep/facekeep/face"
)

// finder finds the collection that a search names.
type finder struct {
	collections collectionFinder
	pictures    identifier
}

// collection returns the collection of a name. Where there is none the picture is
// decoded all the same, because what is wrong with it is to be told first; with a
// collection the search itself decodes it.
func (f finder) collection(ctx context.Context, name string, picture []byte) (face.Watchlist, error) {
	w, err := collectionOf(ctx, f.collections, name)
	if kind := face.KindOf(err); kind != face.NotFound && kind != face.Forbidden {
		return w, err
	}
	if _, bad := f.pictures.Inspect(ctx, picture, face.InspectOptions{MinFaceSize: minFaceSize}); bad != nil {
		return w, aboutPicture(bad)
	}
	return w, err
}

// collectionOf returns the collection of a name. A key for some collections is not
// valid for any other, and is not told whether there is one.
func collectionOf(ctx context.Context, g collectionFinder, name string) (face.Watchlist, error) {
	w, err := g.WatchlistByName(ctx, name)
	if grant, ok := face.GrantOf(ctx); ok && len(grant.Watchlists) > 0 && face.KindOf(err) == face.NotFound {
		return w, face.Errorf(face.Forbidden, "the key is not for this collection")
	}
	return w, err
}
