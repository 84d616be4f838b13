package indexsync

import (
	"context"
	"fmt"

	"github.com/facekeep/facekeep/face"
)

const (
	scanBatch   = 4096 // templates compared at once: 8 MB at 512 dimensions, and as much again
	scansAtOnce = 4    // so that scans leave most connections to the database to others
)

// scan compares a probe with every template that the database holds in the
// watchlists asked for. It reads one state of the database, which has all that was
// committed before, so that nothing has to be searched beside it; and it takes the
// memory of one batch. begun, if not nil, is called once that state is fixed.
//
// The nearest of each batch are enough: whoever is among the nearest of all is
// among those of the batch that holds the nearest face.
func (s *Shared) scan(ctx context.Context, q face.IndexQuery, begun func(context.Context) error) ([]face.Hit, error) {
	select {
	case s.scans <- struct{}{}:
		defer func() { <-s.scans }()
	case <-ctx.Done():
		return nil, ended(ctx)
	}
	var best []face.Hit
	err := s.from.ScanTemplates(ctx, q.Label, q.Watchlists, scanBatch, func(rows []face.IndexRow) error {
		if begun != nil {
			if err := begun(ctx); err != nil {
				return err
			}
			begun = nil
		}
		hits, err := s.searchRows(ctx, q, rows)
		if best = merge(hits, best, q.Limit); len(best) == q.Limit {
			q.MinCosine = max(q.MinCosine, best[len(best)-1].Cosine)
		}
		return err
	})
	if err == nil && begun != nil { // there was nothing
		err = begun(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("search the database: %w", err)
	}
	return best, nil
}

func (s *Shared) searchRows(ctx context.Context, q face.IndexQuery, rows []face.IndexRow) ([]face.Hit, error) {
	index := s.cfg.NewIndex()
	if err := index.Upsert(ctx, q.Label, rows); err != nil {
		return nil, err
	}
	return index.Search(ctx, q)
}
