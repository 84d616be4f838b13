package indexsync

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// Held is a row as a shared index holds it, under the key that the index gave it.
type Held struct {
	ID        int64
	Watchlist uuid.UUID
	Member    uuid.UUID
	Face      uuid.UUID
	Version   int64 // of several rows of one (watchlist, face), the highest is in force
}

// Rows is what a reconciler needs of a shared index.
type Rows interface {
	Index
	// Add puts rows that are missing, none of a key twice. Where it is called upon a
	// row that is there, a duplicate comes of it.
	Add(ctx context.Context, label face.TemplateLabel, rows []face.IndexRow) error
	// Labels returns the labels that the index holds rows of.
	Labels(ctx context.Context) ([]face.TemplateLabel, error)
	// Held gives the rows of a label whose faces have ids above one and up to
	// another, batch by batch, with every write that returned before the call.
	Held(ctx context.Context, label face.TemplateLabel, after, upTo uuid.UUID, visit func([]Held) error) error
	// DeleteRows takes single rows out.
	DeleteRows(ctx context.Context, label face.TemplateLabel, ids []int64) error
}

// database is what a reconciler needs of the truth.
type database interface {
	// FaceAfter returns the face that comes n places after an id; uuid.Max if there
	// are fewer.
	FaceAfter(ctx context.Context, after uuid.UUID, n int) (uuid.UUID, error)
	// WantedKeys gives the keys of the rows of a slice of faces to visit.
	WantedKeys(ctx context.Context, after, upTo uuid.UUID, visit func(face.TemplateLabel, face.IndexKey)) error
	// IndexRows returns the rows of keys as far as they are wanted still, in a
	// version that is above every change that they show and below any later one.
	IndexRows(ctx context.Context, label face.TemplateLabel, keys []face.IndexKey) ([]face.IndexRow, error)
	// Clock and UnderWay tell what was not applied yet at a time.
	Clock(ctx context.Context) (time.Time, error)
	UnderWay(ctx context.Context, since time.Time) ([]face.IndexChange, error)
	// NumberAbove makes later changes have numbers above one.
	NumberAbove(ctx context.Context, n int64) error
	// Resolve returns a candidate for each hit that the database still knows.
	Resolve(ctx context.Context, hits []face.Hit) ([]face.Candidate, error)
}

// Drift is what a reconciler found.
type Drift struct {
	Rows      int // that the database wants in the index
	Missing   int // of those, not there
	Surplus   int // in the index, and nothing in the database wants them
	Duplicate int // in the index more than once
}

// None reports whether index and database agree.
func (d Drift) None() bool { return d.Missing == 0 && d.Surplus == 0 && d.Duplicate == 0 }

// MissingFunc hears of rows that are missing from the index.
type MissingFunc func(ctx context.Context, label face.TemplateLabel, rows []face.IndexRow) error

// Reconciler compares a shared index with the database, slice by slice of the
// faces in the order of their ids, and mends the index. It may run while servers
// write: what is about to be applied, or was applied meanwhile, is no drift.
type Reconciler struct {
	From database
	To   Rows
	Mend bool // false: only count
	// Gently rests after each slice for as long as it took.
	Gently   bool
	Progress func(done int) // rows compared; may be nil
	// Missing hears of rows that are about to be put, and once more when they are;
	// may be nil.
	Missing MissingFunc
	// Faces is how many are compared at once. Each costs some 100 bytes of memory for
	// every watchlist that it is on. Default 50,000.
	Faces int
}

// Run compares everything, and returns what differs. An error ends it.
func (r *Reconciler) Run(ctx context.Context) (Drift, error) {
	var drift Drift
	size := r.Faces
	if size <= 0 {
		size = 50_000
	}
	newest := int64(0)
	for after := uuid.Nil; after != uuid.Max; {
		begun := time.Now()
		upTo, err := r.From.FaceAfter(ctx, after, size)
		if err != nil {
			return drift, fmt.Errorf("reconcile: %w", err)
		}
		s := slice{Reconciler: r, after: after, upTo: upTo, drift: &drift}
		if err := s.run(ctx); err != nil {
			return drift, fmt.Errorf("reconcile: %w", err)
		}
		newest = max(newest, s.newest)
		if after = upTo; r.Gently && after != uuid.Max {
			rest(ctx, time.Since(begun))
		}
	}
	if !r.Mend {
		return drift, nil
	}
	return drift, r.From.NumberAbove(ctx, newest)
}

func rest(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
