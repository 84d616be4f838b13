package indexsync

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

var errFault = errors.New("injected")

func silence() *slog.Logger { return slog.New(slog.DiscardHandler) }

// fakeOutbox is an outbox in memory that can be made to fail.
type fakeOutbox struct {
	mu        sync.Mutex
	changes   []face.IndexChange
	last      int64
	faults    int // reads and deletions that fail from now on
	reads     int
	forgotten int64
}

// commit appends changes and numbers them.
func (o *fakeOutbox) commit(changes ...face.IndexChange) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, c := range changes {
		o.last++
		c.Seq = o.last
		o.changes = append(o.changes, c)
	}
}

func (o *fakeOutbox) fault() error {
	if o.faults > 0 {
		o.faults--
		return errFault
	}
	return nil
}

func (o *fakeOutbox) Changes(ctx context.Context, after int64, limit int) ([]face.IndexChange, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.reads++
	if err := errors.Join(o.fault(), ctx.Err()); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(o.changes, func(c face.IndexChange) bool { return c.Seq > after })
	if i < 0 {
		return nil, nil
	}
	return slices.Clone(o.changes[i:min(i+limit, len(o.changes))]), nil
}

func (o *fakeOutbox) ForgetChanges(_ context.Context, upTo int64) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.fault(); err != nil {
		return err
	}
	o.changes = slices.DeleteFunc(o.changes, func(c face.IndexChange) bool { return c.Seq <= upTo })
	o.forgotten = upTo
	return nil
}

func (o *fakeOutbox) left() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.changes)
}

// fakeIndex writes down what is asked of it, and can be made to fail.
type fakeIndex struct {
	mu     sync.Mutex
	calls  []string
	faults int           // calls that fail from now on
	gate   chan struct{} // if set, a call waits for it to be closed
}

func (x *fakeIndex) call(format string, args ...any) error {
	if x.gate != nil {
		<-x.gate
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.faults > 0 {
		x.faults--
		return errFault
	}
	x.calls = append(x.calls, fmt.Sprintf(format, args...))
	return nil
}

func (x *fakeIndex) Upsert(_ context.Context, label face.TemplateLabel, rows []face.IndexRow) error {
	text := ""
	for _, r := range rows {
		text += fmt.Sprintf(" %s/%s=%v", name(r.Watchlist), name(r.Face), r.Vector)
	}
	return x.call("put %s%s", label, text)
}

func (x *fakeIndex) Delete(_ context.Context, removals []face.IndexRemoval) error {
	text := ""
	for _, r := range removals {
		text += fmt.Sprintf(" %s/%s", name(r.Watchlist), name(r.Face))
		if r.Before > 0 { // of changes that have numbers
			text += fmt.Sprintf("<%d", r.Before)
		}
	}
	return x.call("remove%s", text)
}

func (x *fakeIndex) DropWatchlist(_ context.Context, watchlist uuid.UUID) error {
	return x.call("drop %s", name(watchlist))
}

func (x *fakeIndex) done() []string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.Clone(x.calls)
}

// id and name convert between one-letter names and ids.
func id(name string) uuid.UUID      { return uuid.UUID{0: name[0]} }
func name(id uuid.UUID) string      { return string(id[0]) }
func unitVector(f string) []float32 { return []float32{float32(f[0] - 'a')} }

func put(watchlist, f, label string) face.IndexChange {
	return face.IndexChange{
		Op: face.IndexPut, Watchlist: id(watchlist), Member: id("m"), Face: id(f),
		Label: face.TemplateLabel(label), Vector: unitVector(f),
	}
}

func remove(watchlist, f string) face.IndexChange {
	return face.IndexChange{Op: face.IndexRemove, Watchlist: id(watchlist), Face: id(f)}
}

func drop(watchlist string) face.IndexChange {
	return face.IndexChange{Op: face.IndexDrop, Watchlist: id(watchlist)}
}
