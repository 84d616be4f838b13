package indexsync

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/facekeep/facekeep/face"
)

// templates is where all rows of the index to be come from.
type templates interface {
	AllTemplates(ctx context.Context, size int, fill func(face.TemplateLabel, []face.IndexRow) error) (int64, error)
}

// memory is a copy of all rows in memory, made when a shared index is away. It
// stays right for as long as the overlay of fresh changes has lost nothing since
// it was begun: copy and overlay together are everything that is committed.
type memory struct {
	from  templates
	make  func() Searcher
	limit int // rows
	log   *slog.Logger

	mu   sync.Mutex // held while a copy is made, so that it is made once
	rows Searcher   // nil: none
	lost uint64     // of the overlay when the copy was begun
}

func (s *memory) search(ctx context.Context, q face.IndexQuery, f *fresh) ([]face.Hit, error) {
	rows, err := s.current(ctx, f)
	if err != nil {
		return nil, err
	}
	return rows.Search(ctx, q)
}

// current returns a copy that is right together with the overlay.
func (s *memory) current(ctx context.Context, f *fresh) (Searcher, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	lost := f.losses()
	if s.rows != nil && s.lost == lost {
		return s.rows, nil
	}
	start, rows, count := time.Now(), s.make(), 0
	_, err := s.from.AllTemplates(ctx, loadBatch, func(label face.TemplateLabel, batch []face.IndexRow) error {
		if count += len(batch); count > s.limit {
			return face.Errorf(face.Unavailable, "the index cannot be reached, and the gallery is too large to be searched without it: try again soon")
		}
		return rows.Upsert(ctx, label, batch)
	})
	if err != nil {
		return nil, fmt.Errorf("search without the index: %w", err)
	}
	s.rows, s.lost = rows, lost
	s.log.InfoContext(ctx, "rows copied into memory", slog.Int("rows", count), slog.Duration("took", time.Since(start)))
	return rows, nil
}

// ready returns the copy that there is, if it is right together with the overlay;
// nil otherwise, also while a copy is being made.
func (s *memory) ready(f *fresh) Searcher {
	if !s.mu.TryLock() {
		return nil
	}
	defer s.mu.Unlock()
	if s.rows == nil || s.lost != f.losses() {
		return nil
	}
	return s.rows
}

// drop gives the memory back.
func (s *memory) drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows = nil
}
