package indexsync

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/facekeep/facekeep/face"
)

// Search answers from the index and from what it may not show yet. When the index
// is away it answers from memory if the gallery is small enough, and otherwise
// with an Unavailable error: never with less than there is. A query that is Exact
// is answered without the index, by comparing with every template, however many.
func (s *Shared) Search(ctx context.Context, q face.IndexQuery) ([]face.Hit, error) {
	if q.Exact {
		return s.searchExactly(ctx, q)
	}
	begun, fallen := s.cfg.Now(), false
	index := s.lookAhead(ctx, q)
	defer index.end()
	hits, err := s.beside(ctx, q, func(ctx context.Context, q face.IndexQuery) (hits []face.Hit, err error) {
		hits, fallen, err = s.orMemory(ctx, q, index.answer)
		return hits, err
	})
	if err == nil && !fallen {
		s.shadow.offer(sample{query: q, got: hits, begun: begun})
	}
	return hits, err
}

type search func(ctx context.Context, q face.IndexQuery) ([]face.Hit, error)

// beside searches what is fresh and, with a search, what is below it.
func (s *Shared) beside(ctx context.Context, q face.IndexQuery, below search) ([]face.Hit, error) {
	if err := s.fresh.refresh(ctx); err != nil {
		return nil, fmt.Errorf("read fresh changes: %w", err)
	}
	q.Skip = s.skipping(q.Skip)
	// First what is fresh: what leaves the overlay meanwhile is in the index by now.
	newer, err := s.fresh.search(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("search fresh rows: %w", err)
	}
	hits, err := below(ctx, q)
	if err != nil {
		return nil, err
	}
	return merge(hits, newer, q.Limit), nil
}

// skipping returns a condition for rows that were removed lately, or that another
// condition is met by, if it is not nil.
func (s *Shared) skipping(asked func(face.IndexKey) bool) func(face.IndexKey) bool {
	if asked == nil {
		return s.fresh.gone
	}
	return func(key face.IndexKey) bool { return asked(key) || s.fresh.gone(key) }
}

// orMemory searches the index, and memory while that is away. It reports too whether
// the answer is from memory.
func (s *Shared) orMemory(ctx context.Context, q face.IndexQuery, index search) (hits []face.Hit, fallen bool, err error) {
	hits, err = index(ctx, q)
	switch {
	case err == nil:
		if s.fallen.Swap(false) {
			s.cfg.Log.InfoContext(ctx, "the index is back")
			s.exact.drop()
		}
		return hits, false, nil
	case face.KindOf(err) != face.Unavailable || ctx.Err() != nil:
		return nil, false, err
	}
	if !s.fallen.Swap(true) {
		s.cfg.Log.WarnContext(ctx, "the index is away: searching in memory", slog.Any("error", err))
	}
	s.stats.inMemory.Inc()
	hits, err = s.exact.search(ctx, q, s.fresh)
	return hits, true, err
}

// searchIndex asks the shared index, if it can be trusted and is there.
func (s *Shared) searchIndex(ctx context.Context, q face.IndexQuery) ([]face.Hit, error) {
	if !s.trusted() {
		return nil, face.Errorf(face.Unavailable, "the index is not known to be complete")
	}
	return s.outage.search(ctx, q)
}

func (s *Shared) trusted() bool { return s.guard == nil || s.guard.trusted.Load() }

// searchExactly takes the copy in memory if there is one, and otherwise the
// database.
func (s *Shared) searchExactly(ctx context.Context, q face.IndexQuery) ([]face.Hit, error) {
	if s.exact.ready(s.fresh) == nil {
		return s.scan(ctx, q, nil)
	}
	return s.beside(ctx, q, func(ctx context.Context, q face.IndexQuery) ([]face.Hit, error) {
		if rows := s.exact.ready(s.fresh); rows != nil {
			return rows.Search(ctx, q)
		}
		return s.scan(ctx, q, nil)
	})
}
