package exact

import (
	"bytes"
	"cmp"

	"github.com/facekeep/facekeep/face"
)

// order is negative if a comes before b in an answer: the nearer first, and by
// the bytes of watchlist, member and face where the cosines are equal.
func order(a, b face.Hit) int {
	return cmp.Or(
		cmp.Compare(b.Cosine, a.Cosine),
		bytes.Compare(a.Watchlist[:], b.Watchlist[:]),
		bytes.Compare(a.Member[:], b.Member[:]),
		bytes.Compare(a.Face[:], b.Face[:]),
	)
}
