package indexsync

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/facekeep/facekeep/face"
)

// slowOutbox is an outbox whose tail takes its time, and may fail.
type slowOutbox struct {
	quietOutbox

	takes time.Duration
	err   error
}

func (o *slowOutbox) Tail(ctx context.Context, after string, bound time.Duration, take func(face.IndexChange, time.Duration)) (string, bool, error) {
	time.Sleep(o.takes) // bubble time
	if o.err != nil {
		return "", false, o.err
	}
	return o.quietOutbox.Tail(ctx, after, bound, take)
}

// lateIndex shows rows only some time after they were applied, all at one time. It
// answers at once with what it shows, or hangs until it is given up.
type lateIndex struct {
	rowsOnly

	shows time.Time
	hangs bool
	calls atomic.Int32
}

func (x *lateIndex) Search(ctx context.Context, q face.IndexQuery) ([]face.Hit, error) {
	x.calls.Add(1)
	if x.hangs {
		<-ctx.Done()
		return nil, face.Wrap(face.Canceled, ctx.Err(), "given up")
	}
	if time.Now().Before(x.shows) {
		return nil, nil
	}
	return x.rowsOnly.Search(ctx, q)
}

func newLate(t *testing.T, outbox SharedOutbox, index Searcher, bound time.Duration) *Shared {
	t.Helper()
	s, err := NewShared(outbox, index, SharedConfig{
		Bound: bound, NewIndex: func() Searcher { return &rowsOnly{rows: map[face.IndexKey]face.IndexRow{}} },
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestAheadLosesNothing has a row leave the overlay while the tail is read, just after
// the index was asked that did not show it yet.
func TestAheadLosesNothing(t *testing.T) {
	t.Parallel()
	const bound = 15 * time.Second
	for _, tt := range []struct {
		name  string
		takes time.Duration // the reading of the tail
		calls int32
	}{
		{"at once", 0, 1},
		{"within the head start", headStart - 2*time.Millisecond, 1},
		{"longer than the head start", headStart + 2*time.Millisecond, 2},
		{"longer than all", time.Minute, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				row := face.IndexRow{Watchlist: id("W"), Member: id("m"), Face: id("a"), Vector: unitVector("a")}
				index := &lateIndex{shows: time.Now().Add(bound - headStart)}
				index.rows = map[face.IndexKey]face.IndexRow{{Watchlist: row.Watchlist, Face: row.Face}: row}
				outbox := &slowOutbox{}
				outbox.readings = [][]taken{{{put("W", "a", "L"), 0}}} // applied just now
				s := newLate(t, outbox, index, bound)
				query := face.IndexQuery{Label: "L", Vector: unitVector("a"), Limit: 1}
				search := func() {
					t.Helper()
					if hits, err := s.Search(t.Context(), query); err != nil || len(hits) != 1 {
						t.Errorf("Search = %v, %v; want the row", hits, err)
					}
				}
				search()
				time.Sleep(bound - headStart - time.Millisecond)
				outbox.takes = tt.takes
				index.calls.Store(0)
				search()
				if got := index.calls.Load(); got != tt.calls {
					t.Errorf("the index was asked %d times, want %d", got, tt.calls)
				}
			})
		})
	}
}

// TestAheadWaitsForRemovals has the index answer before the tail is read that tells of
// a removal.
func TestAheadWaitsForRemovals(t *testing.T) {
	t.Parallel()
	for _, takes := range []time.Duration{0, headStart / 2, 2 * headStart} {
		t.Run(takes.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				index := &lateIndex{}
				index.rows = map[face.IndexKey]face.IndexRow{}
				for _, name := range []string{"a", "b", "c"} {
					row := face.IndexRow{Watchlist: id("W"), Member: id(name), Face: id(name)}
					index.rows[face.IndexKey{Watchlist: row.Watchlist, Face: row.Face}] = row
				}
				outbox := &slowOutbox{takes: takes}
				outbox.readings = [][]taken{{{remove("W", "a"), -1}}}
				s := newLate(t, outbox, index, 15*time.Second)
				hits, err := s.Search(t.Context(), face.IndexQuery{
					Label: "L", Vector: unitVector("a"), Limit: 3, Skip: func(key face.IndexKey) bool { return key.Face == id("b") },
				})
				if err != nil || len(hits) != 1 || hits[0].Face != id("c") {
					t.Errorf("Search = %v, %v; want c alone: a was removed, b is to be skipped", hits, err)
				}
			})
		})
	}
}

// TestAheadIsGivenUp has searches fail by the database while the index hangs: they wait
// for neither, and it does not count as away.
func TestAheadIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		index := &lateIndex{hangs: true}
		s := newLate(t, &slowOutbox{takes: time.Millisecond, err: errFault}, index, 15*time.Second)
		begun := time.Now()
		for range failuresInRow + 1 {
			if _, err := s.Search(t.Context(), face.IndexQuery{Label: "L", Vector: unitVector("a"), Limit: 1}); err == nil {
				t.Error("Search without the database: got no error, want one")
			}
		}
		if took := time.Since(begun); took != (failuresInRow+1)*time.Millisecond {
			t.Errorf("the searches took %v, want what the database took", took)
		}
		if s.outage.on() {
			t.Error("the index counts as away, want not: it was given up")
		}
	})
}
