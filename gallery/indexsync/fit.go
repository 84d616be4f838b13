package indexsync

import (
	"context"
	"log/slog"
	"time"

	"github.com/facekeep/facekeep/face"
)

// fitEvery is the time between looks whether the index is of the kind that its
// size asks for, and sealEvery that between calls of Seal.
const (
	fitEvery  = time.Minute
	sealEvery = 15 * time.Second
)

// KindLock is the name under which one server at a time changes the kind of the
// index.
const KindLock = "kind of the index"

// Fit gives the index the kind that its size asks for, if it has another and the
// gallery is small enough to be searched in memory meanwhile: nobody notices. One
// server does so at a time. A larger gallery is left alone, and the log says so; so
// is an index that is not trusted, since its size tells nothing.
func (s *Shared) Fit(ctx context.Context) error {
	if !s.trusted() {
		return nil
	}
	suits, err := s.cfg.Suits(ctx)
	if err != nil {
		return err
	}
	s.stats.unsuited.Set(oneIf(!suits))
	if suits {
		s.told.Store(false)
		return nil
	}
	fits, err := s.from.RowsAtMost(ctx, s.cfg.ExactLimit)
	if err != nil {
		return err
	}
	if !fits {
		if !s.told.Swap(true) {
			s.cfg.Log.WarnContext(ctx, "the index is not of the kind that its size asks for, and the gallery is too large to be searched in memory while that is changed: run facekeep reindex")
		}
		return nil
	}
	_, err = s.from.Alone(ctx, KindLock, s.changeKind)
	if err == nil {
		s.stats.unsuited.Set(0)
	}
	return err
}

func (s *Shared) changeKind(ctx context.Context) error {
	if suits, err := s.cfg.Suits(ctx); suits || err != nil {
		return err // another server has been here
	}
	// Now, while the index still answers, so that no search waits for the copy.
	if _, err := s.exact.current(ctx, s.fresh); err != nil {
		return err
	}
	start := time.Now()
	s.cfg.Log.InfoContext(ctx, "the kind of the index is being changed: searching in memory meanwhile")
	err := s.cfg.Change(ctx)
	if !s.fallen.Load() {
		s.exact.drop() // nobody has searched, so nobody else gives it back
	}
	if err == nil {
		s.cfg.Log.InfoContext(ctx, "the kind of the index was changed", slog.Duration("took", time.Since(start)))
	}
	return err
}

// often does something at once and then again and again until the context ends. Its
// failures are logged, unless the index is away.
func (s *Shared) often(ctx context.Context, every time.Duration, what string, do func(context.Context) error) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		if err := do(ctx); err != nil && face.KindOf(err) != face.Unavailable && ctx.Err() == nil {
			s.cfg.Log.WarnContext(ctx, "the upkeep of the index failed", slog.String("what", what), slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
