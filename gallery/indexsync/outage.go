package indexsync

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/facekeep/facekeep/face"
)

const (
	// failuresInRow is how many searches in a row must find the index away until it
	// counts as away: one slow answer is none.
	failuresInRow = 2
	probeEvery    = 250 * time.Millisecond
)

// outage stands before a shared index, and keeps searches from waiting for one
// that is away, hangs, or is being loaded. After two failures in a row they are
// refused at once, while the one that failed last is tried again and again in the
// background.
type outage struct {
	to Searcher

	mu       sync.Mutex
	failures int // in a row
	probe    face.IndexQuery
	begun    chan struct{} // tells run
}

func newOutage(to Searcher) *outage { return &outage{to: to, begun: make(chan struct{}, 1)} }

func (o *outage) search(ctx context.Context, q face.IndexQuery) ([]face.Hit, error) {
	if o.on() {
		return nil, face.Errorf(face.Unavailable, "the index is away")
	}
	hits, err := o.to.Search(ctx, q)
	if ctx.Err() == nil {
		o.note(q, err)
	}
	return hits, err
}

// on reports whether the index counts as away.
func (o *outage) on() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.failures >= failuresInRow
}

// note counts failures. An answer, even one that something is wrong with the
// query, ends the row.
func (o *outage) note(q face.IndexQuery, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err == nil || face.KindOf(err) != face.Unavailable {
		o.failures = 0
		return
	}
	if o.failures++; o.failures != failuresInRow {
		return
	}
	o.probe = cloned(q)
	select {
	case o.begun <- struct{}{}:
	default: // run knows already
	}
}

// cloned returns a query that may outlive the search that it is of.
func cloned(q face.IndexQuery) face.IndexQuery {
	q.Vector, q.Watchlists, q.Skip = slices.Clone(q.Vector), slices.Clone(q.Watchlists), nil
	return q
}

// run looks for the index while it is away, until the context ends.
func (o *outage) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-o.begun:
		}
		for o.on() {
			select {
			case <-ctx.Done():
				return
			case <-time.After(probeEvery):
				o.look(ctx)
			}
		}
	}
}

func (o *outage) look(ctx context.Context) {
	o.mu.Lock()
	q := o.probe
	o.mu.Unlock()
	if _, err := o.to.Search(ctx, q); ctx.Err() == nil {
		o.note(q, err)
	}
}
