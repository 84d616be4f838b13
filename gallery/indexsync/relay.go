package indexsync

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/facekeep/facekeep/face"
)

// outbox is where a relay reads what was committed.
type outbox interface {
	// Changes returns the changes after a number, in the order of commits.
	Changes(ctx context.Context, after int64, limit int) ([]face.IndexChange, error)
	// ForgetChanges deletes the changes up to and including a number.
	ForgetChanges(ctx context.Context, upTo int64) error
}

// Relay applies committed changes to an index, each at least once and in order.
// It is meant for one process that alone writes the database. Whoever commits
// calls Flush; Run does later what a Flush could not.
type Relay struct {
	from outbox
	to   Index
	log  *slog.Logger

	turn    chan struct{} // holds one token: whoever has it applies changes
	applied int64         // number of the last applied change; the token guards it
	kept    int64         // number of the last forgotten change; the token guards it

	failed atomic.Int64  // flushes that failed
	healed atomic.Int64  // how many of them a later flush has made up for
	wake   chan struct{} // tells Run of a failure
}

const (
	flushBatch  = 512             // changes read at once
	forgetEvery = 5 * time.Second // between deletions of what is applied
	forgetAfter = 8192            // applied changes that are deleted without waiting for Run

	firstRetry = 100 * time.Millisecond
	lastRetry  = 30 * time.Second
)

// NewRelay returns a relay whose index shows every change up to a position, as
// Load returns it.
func NewRelay(from outbox, to Index, position int64, log *slog.Logger) *Relay {
	r := &Relay{
		from: from, to: to, log: log, applied: position, kept: position,
		turn: make(chan struct{}, 1), wake: make(chan struct{}, 1),
	}
	r.turn <- struct{}{}
	return r
}

// Flush applies every change that was committed before the call. When it
// returns nil, the index shows them. On an error the index shows what it showed
// or some changes more, in order; Run tries again.
func (r *Relay) Flush(ctx context.Context) error {
	err := r.flush(ctx)
	if err != nil {
		r.failed.Add(1)
		select {
		case r.wake <- struct{}{}:
		default: // Run knows already
		}
	}
	return err
}

// CatchUp calls Flush if the last one failed: where it returns nil, the index
// shows every change whose writer has called Flush. An index that cannot follow
// is an Unavailable error.
func (r *Relay) CatchUp(ctx context.Context) error {
	if !r.behind() {
		return nil
	}
	err := r.Flush(ctx)
	switch {
	case err == nil, ctx.Err() != nil:
		return err
	}
	return face.Wrap(face.Unavailable, err, "the index is behind the database: try again soon")
}

// behind reports whether a flush failed that none has made up for.
func (r *Relay) behind() bool { return r.failed.Load() > r.healed.Load() }

func (r *Relay) flush(ctx context.Context) error {
	select {
	case <-r.turn:
		defer func() { r.turn <- struct{}{} }()
	case <-ctx.Done():
		return ended(ctx)
	}
	// Only what failed before the outbox is read is made up for: a flush that gives
	// up its turn meanwhile may be about a change that is not seen here.
	failed := r.failed.Load()
	for {
		changes, err := r.from.Changes(ctx, r.applied, flushBatch)
		if err != nil {
			return fmt.Errorf("read the outbox: %w", err)
		}
		if err := r.apply(ctx, changes); err != nil {
			return fmt.Errorf("apply the outbox: %w", err)
		}
		if len(changes) < flushBatch {
			break
		}
	}
	r.healed.Store(failed)
	if r.applied-r.kept >= forgetAfter {
		r.forget(ctx)
	}
	return nil
}

// forget deletes what is applied from the outbox. A failure costs room, and
// nothing else: it is tried again.
func (r *Relay) forget(ctx context.Context) {
	if r.applied == r.kept {
		return
	}
	if err := r.from.ForgetChanges(ctx, r.applied); err != nil {
		r.log.WarnContext(ctx, "applied changes stay in the outbox", slog.Any("error", err))
		return
	}
	r.kept = r.applied
}

// Run applies what a Flush could not, with growing pauses, and deletes applied
// changes now and then, until the context ends; then it returns nil.
func (r *Relay) Run(ctx context.Context) error {
	ticker := time.NewTicker(forgetEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			r.tidy(ctx)
		case <-r.wake:
			r.retry(ctx)
		}
	}
}

// tidy deletes applied changes, unless somebody is applying some just now.
func (r *Relay) tidy(ctx context.Context) {
	select {
	case <-r.turn:
		r.forget(ctx)
		r.turn <- struct{}{}
	default:
	}
}

// retry flushes until the index is no longer behind or the context ends.
func (r *Relay) retry(ctx context.Context) {
	for pause := firstRetry; r.behind(); pause = min(2*pause, lastRetry) {
		err := r.flush(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		r.log.WarnContext(ctx, "the index is behind the database", slog.Any("error", err), slog.Duration("retry_in", pause))
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// ended gives the end of a context its kind.
func ended(ctx context.Context) error {
	if ctx.Err() == context.DeadlineExceeded {
		return face.Wrap(face.Timeout, ctx.Err(), "the index did not follow in time")
	}
	return face.Wrap(face.Canceled, ctx.Err(), "the request was given up")
}
