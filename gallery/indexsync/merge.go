package indexsync

import (
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
	slices.SortFunc(all, face.Hit.Compare)
	seen := make(map[[2]uuid.UUID]bool, len(all))
	all = slices.DeleteFunc(all, func(h face.Hit) bool {
		who := [2]uuid.UUID{h.Watchlist, h.Member}
		again := seen[who]
		seen[who] = true
		return again
	})
	return all[:min(len(all), limit)]
}
