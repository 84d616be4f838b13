package indexsync

import (
	"context"
	"time"

	"github.com/facekeep/facekeep/face"
)

// headStart is how long before the overlay is searched the index may have been asked.
// What leaves the overlay was applied longer ago than SharedConfig.Bound; it must show
// in an answer that is this much older.
const headStart = 100 * time.Millisecond

// ahead is a search of the index that begins before it is known what is fresh, so that
// the way to the database and back is not added to that to the index. Only the request
// goes ahead: which of the rows that come back are skipped is decided once the overlay
// is up to date. If that takes longer than the head start, the answer is too old to
// count, and the index is asked again.
//
// No write is lost by it. Either the overlay has it, or it has left the overlay because
// it was applied longer ago than the bound, which is the index's own delay and more
// than the head start. And none is shown that was removed, because removals stay in the
// overlay far longer than a search takes.
type ahead struct {
	shared *Shared
	begun  time.Time
	late   *time.Timer
	cancel context.CancelFunc
	known  chan struct{} // closed when the overlay is up to date
	done   chan struct{} // closed when hits and err are there
	hits   []face.Hit
	err    error
}

// lookAhead begins a search of the index. The caller calls end, whatever happens.
func (s *Shared) lookAhead(ctx context.Context, q face.IndexQuery) *ahead {
	ctx, cancel := context.WithCancel(ctx)
	a := &ahead{
		shared: s, begun: s.cfg.Now(), late: time.AfterFunc(headStart, cancel), cancel: cancel,
		known: make(chan struct{}), done: make(chan struct{}),
	}
	q.Skip = a.skipping(ctx, s.skipping(q.Skip))
	go func() {
		defer close(a.done)
		a.hits, a.err = s.searchIndex(ctx, q)
	}()
	return a
}

// skipping has a search wait for what it is to skip.
func (a *ahead) skipping(ctx context.Context, skip func(face.IndexKey) bool) func(face.IndexKey) bool {
	return func(key face.IndexKey) bool {
		select {
		case <-a.known:
			return skip(key)
		case <-ctx.Done():
			return true // nobody wants the answer
		}
	}
}

// answer returns what the index says. The caller has brought the overlay up to date,
// and searched it: what left it before has to be in the answer.
func (a *ahead) answer(ctx context.Context, q face.IndexQuery) ([]face.Hit, error) {
	if inTime := a.late.Stop(); !inTime || a.shared.cfg.Now().Sub(a.begun) > headStart {
		a.end()
		return a.shared.searchIndex(ctx, q)
	}
	close(a.known)
	<-a.done
	return a.hits, a.err
}

// end waits for a search that may still go on, after telling it to stop: what the
// query refers to is the caller's.
func (a *ahead) end() {
	a.late.Stop()
	a.cancel()
	<-a.done
}
