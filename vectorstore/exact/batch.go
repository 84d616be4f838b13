package exact

import (
	"context"
	"errors"
	"sync"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

const (
	// rowsToShare is how many rows are worth waiting for others: reading fewer takes
	// less time than a word about it.
	rowsToShare = 200_000
	// mostShared bounds the probes of one scan: beyond, arithmetic is what takes time.
	mostShared = 16
)

// rowsOf names the rows that searches may share a scan of.
type rowsOf struct {
	label     face.TemplateLabel
	watchlist uuid.UUID
	all       bool
}

// shareable returns the name of the rows of a query; false if they have none, because
// several watchlists are named.
func shareable(q face.IndexQuery) (rowsOf, bool) {
	switch len(q.Watchlists) {
	case 0:
		return rowsOf{label: q.Label, all: true}, true
	case 1:
		return rowsOf{label: q.Label, watchlist: q.Watchlists[0]}, true
	}
	return rowsOf{}, false
}

// batcher lets searches of the same rows that come at the same time share one scan. A
// scan waits for memory, which it then reads once for all of them. Who comes while a
// scan is under way waits for its end, and then goes with all who wait: two scans
// beside each other would take twice the time each.
type batcher struct {
	mu    sync.Mutex
	queue map[rowsOf][]*waiting // there is a queue where a scan is under way
}

// waiting is a search that waits for a scan.
type waiting struct {
	*lookup

	done chan struct{} // closed when the lookup is done, or the search is to lead
	lead []*waiting    // those to scan for, the search itself among them
	err  error
}

// do does a lookup of rows, by read or along with others. Read is given lookups of the
// same rows, and stops when its context ends: that is nobody's, because the others would
// hear of it.
func (b *batcher) do(ctx context.Context, of rowsOf, l *lookup, read func(context.Context, []*lookup) error) error {
	w := &waiting{lookup: l, done: make(chan struct{})}
	if !b.first(of, w) {
		select {
		case <-w.done:
		case <-ctx.Done():
			if b.leave(of, w) {
				return contextError(ctx)
			}
			<-w.done // somebody scans for it already, or it is to lead others
		}
		if w.lead == nil {
			return w.err
		}
	}
	defer func() {
		b.hand(of)
		for _, one := range w.lead {
			if one != w {
				one.err = w.err
				close(one.done)
			}
		}
	}()
	w.err = errNoScan // unless read returns
	lookups := make([]*lookup, len(w.lead))
	for i, one := range w.lead {
		lookups[i] = one.lookup
	}
	w.err = read(context.WithoutCancel(ctx), lookups)
	return w.err
}

// errNoScan is what those hear who wait for a scan that has panicked.
var errNoScan = errors.New("the scan that this search was part of has broken off")

// first reports whether a search is to begin at once, as the first of its rows. If not,
// it is queued.
func (b *batcher) first(of rowsOf, w *waiting) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if queue, busy := b.queue[of]; busy {
		b.queue[of] = append(queue, w)
		return false
	}
	if b.queue == nil {
		b.queue = map[rowsOf][]*waiting{}
	}
	b.queue[of] = nil
	w.lead = []*waiting{w}
	return true
}

// leave takes a search out of the queue, if it is still there.
func (b *batcher) leave(of rowsOf, w *waiting) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, one := range b.queue[of] {
		if one == w {
			b.queue[of] = append(b.queue[of][:i:i], b.queue[of][i+1:]...)
			return true
		}
	}
	return false
}

// hand gives the lead to the first of those who wait, with as many as one scan takes.
func (b *batcher) hand(of rowsOf) {
	b.mu.Lock()
	defer b.mu.Unlock()
	queue := b.queue[of]
	if len(queue) == 0 {
		delete(b.queue, of)
		return
	}
	n := min(len(queue), mostShared)
	b.queue[of] = queue[n:]
	queue[0].lead = queue[:n:n]
	close(queue[0].done)
}
