package face

import (
	"math"

	"github.com/google/uuid"
)

// IndexRow is one row of an index of templates: the vector of one face of a
// member, once for each watchlist that lists the member.
type IndexRow struct {
	Watchlist uuid.UUID
	Member    uuid.UUID
	Face      uuid.UUID
	Vector    []float32 // unit length

	// Version is the number of the change that put the row, or, of a row that was
	// copied from the database, of a change that it shows. Of several rows of one
	// label, watchlist and face, the one of the highest version is in force.
	Version int64
}

// IndexKey names the rows of one face in one watchlist, of every label.
type IndexKey struct {
	Watchlist uuid.UUID
	Face      uuid.UUID
}

// IndexRemoval takes the rows of a key out of an index that are older than the
// removal itself. One that arrives late, when the face has been put again since,
// takes nothing.
type IndexRemoval struct {
	IndexKey

	Before int64 // rows of lower versions go; AnyVersion: all
}

// AnyVersion as the bound of a removal lets no row stay.
const AnyVersion = math.MaxInt64

// IndexQuery asks an index for the members whose faces are nearest to a probe.
type IndexQuery struct {
	Label      TemplateLabel
	Vector     []float32   // the probe's template, unit length
	Watchlists []uuid.UUID // empty: all; one that the index does not know is empty
	Limit      int         // hits at most, ≥ 1
	MinCosine  float64     // a hit is at least this near; −1 lets everything pass
	Exact      bool        // compare with every template, whatever it costs

	// Skip leaves rows out as if the index did not hold them; nil skips none. It
	// is called from one goroutine at a time, and the first call may take a while.
	Skip func(IndexKey) bool
}

// IndexOp is what a change does to an index.
type IndexOp string

// The changes that a write to the gallery may ask of an index.
const (
	IndexPut    IndexOp = "put"    // one face of one label into one watchlist
	IndexRemove IndexOp = "remove" // one face out of one watchlist, every label
	IndexDrop   IndexOp = "drop"   // a whole watchlist, every label
)

// IndexChange is one change that the database has committed and an index must
// follow. Changes are applied in the order of Seq.
type IndexChange struct {
	Seq       int64
	Op        IndexOp
	Watchlist uuid.UUID
	Member    uuid.UUID     // of IndexPut
	Face      uuid.UUID     // of IndexPut and IndexRemove
	Label     TemplateLabel // of IndexPut
	Vector    []float32     // of IndexPut; nil if the template is gone since, and nothing is to be put
}

// unitTolerance is how far from 1 the squared length of a vector may be.
const unitTolerance = 1e-3

// Dot returns the dot product of two vectors of one dimension: the cosine, if they
// are of unit length.
func Dot(a, b []float32) float64 {
	var sum float64
	for i, x := range a {
		sum += float64(x) * float64(b[i])
	}
	return sum
}

// CheckVector returns an Invalid error unless a template's vector is finite and
// of unit length. Only then is a dot product of two a cosine.
func CheckVector(v []float32) error {
	sum := Dot(v, v)
	if !(math.Abs(sum-1) <= unitTolerance) { // so written that NaN fails
		return Errorf(Invalid, "a template of dimension %d has the squared length %.4g, want 1", len(v), sum)
	}
	return nil
}
