package repository

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// Resolve turns the hits of an index into candidates without a score, in the
// order of the hits. A hit whose face, member, watchlist or link is gone is left
// out: the index was behind.
func (r *Repository) Resolve(ctx context.Context, hits []face.Hit) (found []face.Candidate, err error) {
	switch {
	case len(hits) == 0:
		return nil, nil
	case len(hits) <= maxBound: // one statement, which sees one state by itself
		found, err = resolve(r.read.WithContext(ctx), hits)
		return found, r.fault(ctx, err)
	}
	err = r.view(ctx, func(tx *gorm.DB) error {
		found, err = resolve(tx, hits)
		return err
	})
	return found, err
}

func resolve(tx *gorm.DB, hits []face.Hit) ([]face.Candidate, error) {
	known := newResolved()
	for begin := 0; begin < len(hits); begin += maxBound {
		if err := known.read(tx, hits[begin:min(begin+maxBound, len(hits))]); err != nil {
			return nil, err
		}
	}
	known.label()
	out := make([]face.Candidate, 0, len(hits))
	for _, h := range hits {
		if c, ok := known.candidate(h); ok {
			out = append(out, c)
		}
	}
	return out, nil
}

// unique returns the ids, each once.
func unique(ids []uuid.UUID) []uuid.UUID {
	seen := make(map[uuid.UUID]bool, len(ids))
	out := make([]uuid.UUID, 0, len(ids))
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}
