package indexsync

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/facekeep/facekeep/face"
)

// SharedOutbox is what a Shared index needs of a database that several servers
// write.
type SharedOutbox interface {
	tail
	templates
	// ApplyChanges gives unapplied changes to apply and notes those whose numbers
	// it returns; no two calls have changes of one watchlist at a time.
	ApplyChanges(ctx context.Context, limit int, except []uuid.UUID,
		apply func(ctx context.Context, changes []face.IndexChange) (applied []int64, err error)) (int, error)
	// ScanTemplates gives every template of a label in watchlists (none: in all), of
	// one state of the database; what it gives is kept by nobody.
	ScanTemplates(ctx context.Context, label face.TemplateLabel, watchlists []uuid.UUID, size int, visit func([]face.IndexRow) error) error
	// Alone does something unless another server does it, and reports whether it did.
	Alone(ctx context.Context, name string, do func(context.Context) error) (bool, error)
	// RowsAtMost reports whether the index to be has at most so many rows.
	RowsAtMost(ctx context.Context, limit int) (bool, error)
	// ForgetApplied deletes changes that were applied longer ago than the bound.
	ForgetApplied(ctx context.Context, bound time.Duration) error
}

// SharedConfig says how a Shared index works. A zero field is its default.
type SharedConfig struct {
	// Bound is after what time the index surely shows what was applied to it: its
	// own staleness bound, and the time that a search may take. Default 15 s.
	Bound time.Duration
	// ExactLimit is how many rows are searched exactly, in memory, while the index
	// cannot be reached; with more, searches are Unavailable. Default 200,000.
	ExactLimit int
	// ShadowRate is the part of the searches, 0 to 1, that is repeated exactly in the
	// background, to measure the recall of the index; see shadow.
	ShadowRate float64
	// NewIndex makes an empty index in memory. It is needed.
	NewIndex func() Searcher
	// Count and Mend, if set, let Run look whether the index holds what it should,
	// and mend it; the index is trusted from the first good count on. Mend is told
	// whether it may take its time, and tells of rows that are missing before it
	// puts them, and again when it has.
	Count func(ctx context.Context) (Counts, error)
	Mend  func(ctx context.Context, gently bool, missing MissingFunc) (Drift, error)
	// CheckEvery is how often Mend is called if the counts agree. Default 5 min.
	CheckEvery time.Duration

	// Suits and Change, if set, let Run look whether the index is of the kind that its
	// size asks for, and make it so, which may take it away for a while; see Fit.
	Suits  func(ctx context.Context) (bool, error)
	Change func(ctx context.Context) error
	// Seal, if set, is called now and then to have the index take what was written
	// lately into the form in which it is searched best.
	Seal func(ctx context.Context) error
	// Check, if set, asks the index whether it can answer, for State.
	Check   func(ctx context.Context) error
	Log     *slog.Logger
	Now     func() time.Time      // default time.Now
	Metrics prometheus.Registerer // nil: none are kept
}

func (c SharedConfig) withDefaults() SharedConfig {
	if c.Bound <= 0 {
		c.Bound = 15 * time.Second
	}
	if c.ExactLimit <= 0 {
		c.ExactLimit = 200_000
	}
	if c.CheckEvery <= 0 {
		c.CheckEvery = 5 * time.Minute
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// Shared is an index that several servers follow one database with, and that
// shows a write only some time after it was applied. Searches see every committed
// write all the same: what is fresh is searched beside it. While the index cannot
// be reached, galleries of up to ExactLimit rows are searched in memory.
//
// Whoever commits calls Flush, which wakes Run; Run applies changes to the index.
type Shared struct {
	cfg   SharedConfig
	from  SharedOutbox
	to    Searcher
	fresh *fresh
	exact *memory
	guard *guard // nil: the index is trusted
	stats *sharedMetrics
	wake  chan struct{}

	outage *outage
	fallen atomic.Bool   // searches go through memory
	scans  chan struct{} // holds a token for each scan of the database under way
	shadow *shadow
	told   atomic.Bool // that the kind of the index has to be changed by hand; of Fit
}

// NewShared returns a Shared over an index. Somebody must call its Run. It fails
// only if the metrics cannot be registered.
func NewShared(from SharedOutbox, to Searcher, cfg SharedConfig) (*Shared, error) {
	cfg = cfg.withDefaults()
	s := &Shared{cfg: cfg, from: from, to: to, wake: make(chan struct{}, 1), outage: newOutage(to), scans: make(chan struct{}, scansAtOnce)}
	s.fresh = newFresh(from, cfg.Bound, cfg.NewIndex, cfg.Now)
	s.exact = &memory{from: from, make: cfg.NewIndex, limit: cfg.ExactLimit, log: cfg.Log}
	if cfg.Count != nil && cfg.Mend != nil {
		s.guard = &guard{
			count: cfg.Count, mend: cfg.Mend, keep: s.fresh.keep,
			every: cfg.CheckEvery, bound: cfg.Bound, now: cfg.Now, log: cfg.Log,
		}
	}
	var err error
	if s.stats, err = newSharedMetrics(s, cfg.Metrics); err != nil {
		return nil, fmt.Errorf("register the metrics of the index: %w", err)
	}
	if s.guard != nil {
		s.guard.stats = &s.stats.guard
	}
	s.shadow = newShadow(cfg, s.fresh, s.scan, s.stats.shadow)
	return s, nil
}

// Flush says that something was committed. It does not wait for the index, since
// searches do not depend on it.
func (s *Shared) Flush(context.Context) error {
	select {
	case s.wake <- struct{}{}:
	default: // Run knows already
	}
	return nil
}

// CatchUp is there for the gallery: every Search catches up by itself.
func (s *Shared) CatchUp(context.Context) error { return nil }

const (
	applyBatch = 2048        // changes; as many rows as Milvus takes best
	idleEvery  = time.Second // between looks for changes of servers that have died
	tidyEvery  = 10 * time.Second

	// longestPause is between attempts to reach an index that is away. It is short:
	// all that was written meanwhile is waiting.
	longestPause = 3 * time.Second
)

// Run applies changes as they come until the context ends; then it returns nil.
func (s *Shared) Run(ctx context.Context) error {
	var looking sync.WaitGroup
	defer looking.Wait()
	if s.guard != nil {
		looking.Go(func() { s.guard.run(ctx) })
	}
	if s.cfg.Suits != nil && s.cfg.Change != nil {
		looking.Go(func() { s.often(ctx, fitEvery, "change its kind", s.Fit) })
	}
	if s.cfg.Seal != nil {
		looking.Go(func() { s.often(ctx, sealEvery, "seal what was written", s.cfg.Seal) })
	}
	looking.Go(func() { s.outage.run(ctx) })
	looking.Go(func() { s.shadow.run(ctx) })
	idle, tidy := time.NewTicker(idleEvery), time.NewTicker(tidyEvery)
	defer idle.Stop()
	defer tidy.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.wake:
			s.applyAll(ctx)
		case <-idle.C:
			s.applyAll(ctx)
		case <-tidy.C:
			if err := s.from.ForgetApplied(ctx, s.cfg.Bound); err != nil && ctx.Err() == nil {
				s.cfg.Log.WarnContext(ctx, "applied changes stay in the outbox", slog.Any("error", err))
			}
		}
	}
}

// applyAll applies changes until none are left or one cannot be applied; then it
// waits, longer from time to time.
func (s *Shared) applyAll(ctx context.Context) {
	for pause := firstRetry; ; pause = min(2*pause, longestPause) {
		n, err := s.from.ApplyChanges(ctx, applyBatch, nil, s.apply)
		s.stats.applied.Add(float64(n))
		switch {
		case ctx.Err() != nil || err == nil && n == 0:
			return
		case err == nil:
			pause = firstRetry / 2
			continue
		}
		s.stats.failed.Inc()
		s.cfg.Log.WarnContext(ctx, "the index is behind the database", slog.Any("error", err), slog.Duration("retry_in", pause))
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// apply applies changes in order and returns the numbers of those that were.
func (s *Shared) apply(ctx context.Context, changes []face.IndexChange) (applied []int64, err error) {
	note := func(run []face.IndexChange) {
		for _, c := range run {
			applied = append(applied, c.Seq)
		}
	}
	if err = known(changes); err == nil {
		err = newBatch(changes).apply(ctx, s.to)
	}
	switch {
	case err == nil:
		note(changes)
		return applied, nil
	case face.KindOf(err) == face.Unavailable || ctx.Err() != nil:
		return nil, err
	}
	// One of them is bad. What comes before it can be applied.
	err = applyRuns(ctx, s.to, changes, note)
	return applied, err
}
