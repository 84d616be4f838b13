package indexsync

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// Searcher is an index that follows the database and can be searched.
type Searcher interface {
	Index
	Search(ctx context.Context, q face.IndexQuery) ([]face.Hit, error)
}

// tail is where the fresh changes come from.
type tail interface {
	Tail(ctx context.Context, after string, bound time.Duration, take func(c face.IndexChange, age time.Duration)) (next string, whole bool, err error)
}

// fresh holds what was committed so lately that a shared index may not show it
// yet: rows that were put, in an index of their own, and the keys that were
// removed. It is brought up to date before every search, by one query that
// returns what is new since the one before.
type fresh struct {
	from  tail
	bound time.Duration // after which the shared index surely shows an applied change
	make  func() Searcher
	now   func() time.Time

	turn   chan struct{} // holds one token: whoever has it reads the tail
	after  string        // where the next reading goes on; the token guards it
	latest uint64        // how many readings have ended well; mu guards it

	mu      sync.RWMutex
	puts    Searcher
	put     map[face.IndexKey]*mark // keys with rows in puts
	removed map[face.IndexKey]*mark
	dropped map[uuid.UUID]*mark
	lost    uint64 // counts what left the overlay; see memory
	swept   time.Time
}

// mark is a change, and when the shared index had it applied.
type mark struct {
	seq     int64
	applied time.Time // zero: not yet
}

// lingering is how much longer than the bound a removal is kept in mind, so that
// a search that began before it was applied does not meet it either.
const lingering = time.Minute

func newFresh(from tail, bound time.Duration, newIndex func() Searcher, now func() time.Time) *fresh {
	f := &fresh{from: from, bound: bound, make: newIndex, now: now, turn: make(chan struct{}, 1)}
	f.turn <- struct{}{}
	f.clear()
	return f
}

// clear begins anew. It is called with mu held, or before anybody else knows f.
func (f *fresh) clear() {
	f.puts = f.make()
	f.put = map[face.IndexKey]*mark{}
	f.removed = map[face.IndexKey]*mark{}
	f.dropped = map[uuid.UUID]*mark{}
	f.lost++
}

// refresh makes sure that everything that was committed before the call is in the
// overlay or in the shared index. Callers that come while the tail is being read
// share the next reading.
func (f *fresh) refresh(ctx context.Context) error {
	f.mu.RLock()
	arrived := f.latest
	f.mu.RUnlock()
	select {
	case <-f.turn:
		defer func() { f.turn <- struct{}{} }()
	case <-ctx.Done():
		return ended(ctx)
	}
	f.mu.RLock()
	// A reading that began after we came has ended: it saw all that we must see.
	// The one that was under way when we came is arrived+1, hence the 2.
	seen := f.latest >= arrived+2
	f.mu.RUnlock()
	if seen {
		return nil
	}
	return f.read(ctx)
}

type taken struct {
	change face.IndexChange
	age    time.Duration
}

// read takes in what is new. It is called with the token.
func (f *fresh) read(ctx context.Context) error {
	var news []taken
	next, whole, err := f.from.Tail(ctx, f.after, f.bound, func(c face.IndexChange, age time.Duration) {
		news = append(news, taken{c, age})
	})
	if err != nil {
		f.after = "" // what was read may be lost: begin anew
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if whole {
		f.clear()
	}
	now := f.now()
	for _, n := range news {
		if err := f.take(ctx, n.change, n.age, now); err != nil {
			f.after = ""
			return err
		}
	}
	f.after = next
	f.latest++
	return f.expire(ctx, now)
}

// take notes one change. Changes of one key come in the order of their numbers;
// one that is known comes again when it is applied.
func (f *fresh) take(ctx context.Context, c face.IndexChange, age time.Duration, now time.Time) error {
	m := mark{seq: c.Seq}
	if age >= 0 {
		m.applied = now.Add(-age)
	}
	key := face.IndexKey{Watchlist: c.Watchlist, Face: c.Face}
	switch c.Op {
	case face.IndexDrop:
		f.dropped[c.Watchlist] = &m
		return nil
	case face.IndexRemove:
		switch put := f.put[key]; {
		case put != nil && put.seq > c.Seq:
			return nil // it was put again since
		case put != nil:
			delete(f.put, key)
			if err := f.puts.Delete(ctx, []face.IndexRemoval{{IndexKey: key, Before: face.AnyVersion}}); err != nil {
				return err
			}
		}
		if known := f.removed[key]; known == nil || known.seq <= c.Seq {
			f.removed[key] = &m
		}
		return nil
	case face.IndexPut:
		return f.takePut(ctx, key, c, m)
	}
	return face.Errorf(face.Internal, "change %d has the unknown operation %q", c.Seq, c.Op)
}

func (f *fresh) takePut(ctx context.Context, key face.IndexKey, c face.IndexChange, m mark) error {
	if gone := f.removed[key]; gone != nil {
		if gone.seq > c.Seq {
			return nil // it was removed since
		}
		delete(f.removed, key)
	}
	if known := f.put[key]; known == nil || known.seq <= c.Seq {
		f.put[key] = &m
	}
	if c.Vector == nil {
		return nil
	}
	return f.puts.Upsert(ctx, c.Label, []face.IndexRow{rowOf(c)})
}

// keep searches rows beside the index that were found missing from it and are
// being put: for as long as if they were applied just now. Their version stands for
// the change that put them.
func (f *fresh) keep(ctx context.Context, label face.TemplateLabel, rows []face.IndexRow) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	for _, row := range rows {
		c := face.IndexChange{Seq: row.Version, Watchlist: row.Watchlist, Member: row.Member, Face: row.Face, Label: label, Vector: row.Vector}
		key := face.IndexKey{Watchlist: row.Watchlist, Face: row.Face}
		if err := f.takePut(ctx, key, c, mark{seq: row.Version, applied: now}); err != nil {
			return err
		}
	}
	return nil
}

// sweepEvery is how often the overlay is looked through for what is old.
const sweepEvery = time.Second

// expire forgets what the shared index surely shows by now.
func (f *fresh) expire(ctx context.Context, now time.Time) error {
	if now.Sub(f.swept) < sweepEvery {
		return nil
	}
	f.swept = now
	old := func(m *mark, bound time.Duration) bool { return !m.applied.IsZero() && now.Sub(m.applied) > bound }
	var past []face.IndexRemoval
	for key, p := range f.put {
		if old(p, f.bound) {
			past = append(past, face.IndexRemoval{IndexKey: key, Before: face.AnyVersion})
			delete(f.put, key)
		}
	}
	f.lost += uint64(len(past))
	for key, m := range f.removed {
		if old(m, f.bound+lingering) {
			delete(f.removed, key)
			f.lost++
		}
	}
	for key, m := range f.dropped {
		if old(m, f.bound+lingering) {
			delete(f.dropped, key)
			f.lost++
		}
	}
	if len(past) == 0 {
		return nil
	}
	return f.puts.Delete(ctx, past)
}

// gone reports whether a row of the shared index was removed lately.
func (f *fresh) gone(key face.IndexKey) bool {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.removed[key] != nil || f.dropped[key.Watchlist] != nil
}

// losses counts what has left the overlay.
func (f *fresh) losses() uint64 {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.lost
}

// changed returns which keys are fresh just now: put, removed or dropped lately.
func (f *fresh) changed() func(face.IndexKey) bool {
	f.mu.RLock()
	defer f.mu.RUnlock()
	put, removed, dropped := maps.Clone(f.put), maps.Clone(f.removed), maps.Clone(f.dropped)
	return func(key face.IndexKey) bool {
		return put[key] != nil || removed[key] != nil || dropped[key.Watchlist] != nil
	}
}

// search answers from what was put lately.
func (f *fresh) search(ctx context.Context, q face.IndexQuery) ([]face.Hit, error) {
	f.mu.RLock()
	puts, none := f.puts, len(f.put) == 0
	f.mu.RUnlock()
	if none {
		return nil, nil
	}
	return puts.Search(ctx, q)
}
