// Package vectorstore says what an index of templates must do: keep one vector
// for each (label, watchlist, face), and find the members whose faces are
// nearest to a probe. Package exact keeps them in memory and compares all of
// them; vectorstoretest holds every implementation to this contract.
package vectorstore

import (
	"context"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// MaxLimit is the largest number of hits that one search answers with; a query
// for more is answered with so many.
const MaxLimit = 16384

// Store is an index of templates. Its methods may be called concurrently.
// Applying the same write again changes nothing, and a write that has returned is
// seen by every search that begins later; a store that can be set to promise less
// says what, and passes the suite when it is not. Vectors are of unit length and of one
// dimension per label; anything else is an Invalid error that leaves the index
// as it was. Every error is, or wraps, a *face.Error.
type Store interface {
	// Upsert puts rows into the index. A row whose watchlist and face are there
	// already under the label replaces the old one, unless the old one has a higher
	// version: then that stays in force. The vectors are copied.
	Upsert(ctx context.Context, label face.TemplateLabel, rows []face.IndexRow) error

	// Delete takes the rows of faces out of watchlists, under every label, if their
	// version is below that of the removal. Keys that are not there are no error.
	Delete(ctx context.Context, removals []face.IndexRemoval) error

	// DropWatchlist takes a whole watchlist out, under every label. One that is
	// not there is no error.
	DropWatchlist(ctx context.Context, watchlist uuid.UUID) error

	// Search returns for each (watchlist, member) that is near enough its
	// nearest face of those that q.Skip lets pass, by descending cosine, at most
	// q.Limit of them. Equal cosines
	// are ordered by watchlist, member and face, so that the same index gives the
	// same answer always. An approximate index refuses a q that is Exact.
	Search(ctx context.Context, q face.IndexQuery) ([]face.Hit, error)

	// Stats counts what the index holds.
	Stats(ctx context.Context) (Stats, error)
}

// Stats counts what an index holds.
type Stats struct {
	Rows       map[face.TemplateLabel]int // without labels that hold none
	Watchlists int                        // that hold a row of any label
}
