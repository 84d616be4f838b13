package indexsync

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// merge joins two answers to one query: of each member in a watchlist the nearest
// face, in the order of an answer, at most limit.
func merge(a, b []face.Hit, limit int) []face.Hit {
	if len(b) == 0 {
		return a
	}
	all := slices.Concat(a, b)
	slices.SortFunc(all, order)
	seen := make(map[[2]uuid.UUID]bool, len(all))
	all = slices.DeleteFunc(all, func(h face.Hit) bool {
		who := [2]uuid.UUID{h.Watchlist, h.Member}
		again := seen[who]
		seen[who] = true
		return again
	})
	return all[:min(len(all), limit)]
}

// order is negative if a comes before b in an answer.
func order(a, b face.Hit) int {
	return cmp.Or(cmp.Compare(b.Cosine, a.Cosine), bytes.Compare(a.Watchlist[:], b.Watchlist[:]),
		bytes.Compare(a.Member[:], b.Member[:]), bytes.Compare(a.Face[:], b.Face[:]))
}
