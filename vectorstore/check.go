package vectorstore

import (
	"math"

	"github.com/facekeep/facekeep/face"
)

// CheckQuery returns an Invalid error unless a store can answer the query.
func CheckQuery(q face.IndexQuery) error {
	if q.Limit < 1 {
		return face.Errorf(face.Invalid, "a search for %d hits: at least 1 must be asked for", q.Limit)
	}
	if math.IsNaN(q.MinCosine) {
		return face.Errorf(face.Invalid, "the least cosine of a search is not a number")
	}
	return face.CheckVector(q.Vector)
}
