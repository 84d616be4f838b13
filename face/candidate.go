package face

import (
	"bytes"
	"cmp"

	"github.com/google/uuid"
)

// Hit is one row of an index that is near to a probe: a face of a member in a
// watchlist, each by its internal id.
type Hit struct {
	Watchlist uuid.UUID
	Member    uuid.UUID
	Face      uuid.UUID
	Cosine    float64 // −1…1, of probe and template
}

// Compare orders hits as an answer does: the nearer first, and by the bytes of
// watchlist, member and face where the cosines are equal. It is negative if h
// comes before o.
func (h Hit) Compare(o Hit) int {
	return cmp.Or(
		cmp.Compare(o.Cosine, h.Cosine),
		bytes.Compare(h.Watchlist[:], o.Watchlist[:]),
		bytes.Compare(h.Member[:], o.Member[:]),
		bytes.Compare(h.Face[:], o.Face[:]),
	)
}

// Candidate is one row of the answer to a probe: a member of a watchlist, by
// the face of the member that is nearest to the probe.
type Candidate struct {
	Watchlist Watchlist
	Member    Member
	FaceID    uuid.UUID
	Score     Score
}
