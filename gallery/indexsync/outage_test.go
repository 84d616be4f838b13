package indexsync

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/facekeep/facekeep/face"
)

// TestOutage has an index hang: no more than two searches wait for it, each as long
// as the index lets them, and soon after it is back it is searched again.
func TestOutage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, db, index := newSystem(t, 10, nil)
		defer running(t, s)()
		search := func() (took time.Duration) {
			start := time.Now()
			hits, err := s.Search(t.Context(), face.IndexQuery{Label: scanLabel, Vector: db.rows[1].Vector, Limit: 1})
			if err != nil || len(hits) != 1 || hits[0].Face != db.rows[1].Face {
				t.Errorf("Search = %v (%v), want face %s", hits, err, db.rows[1].Face)
			}
			return time.Since(start)
		}
		index.set(func(x *flawedIndex) { x.away, x.slow = true, time.Second })
		for i, want := range []time.Duration{time.Second, time.Second, 0, 0, 0} {
			if took := search(); took != want {
				t.Errorf("search %d took %v, want %v", i, took, want)
			}
		}
		index.set(func(x *flawedIndex) { x.away = false })
		time.Sleep(2*time.Second + probeEvery) // bubble time
		synctest.Wait()
		calls := index.calls
		if took := search(); took != 0 || index.calls != calls+1 {
			t.Errorf("after it is back, a search took %v and asked the index %d times, want 0 and 1", took, index.calls-calls)
		}
		if s.exact.rows != nil {
			t.Error("the copy in memory is kept")
		}
	})
}

// TestOneSlowAnswerIsNoOutage: a search that fails alone does not keep the next
// from the index.
func TestOneSlowAnswerIsNoOutage(t *testing.T) {
	t.Parallel()
	index := &flawedIndex{away: true}
	o := newOutage(index)
	for i := range 10 {
		_, _ = o.search(t.Context(), face.IndexQuery{})
		o.note(face.IndexQuery{}, face.Errorf(face.Invalid, "an answer"))
		if o.on() || index.calls != i+1 {
			t.Errorf("after %d single failures it is away, or was asked %d times", i+1, index.calls)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 10 {
		_, _ = o.search(ctx, face.IndexQuery{}) // given up, which says nothing of the index
	}
	if o.on() {
		t.Error("searches that were given up count as failures")
	}
}

func TestState(t *testing.T) {
	t.Parallel()
	gone := func(context.Context) error { return face.Errorf(face.Unavailable, "gone") }
	there := func(context.Context) error { return nil }
	counted := func(context.Context) (Counts, error) { return Counts{}, nil }
	for _, tt := range []struct {
		name   string
		change func(*SharedConfig)
		want   string
		err    string
	}{
		{"all well", func(c *SharedConfig) { c.Check = there }, "", ""},
		{"away", func(c *SharedConfig) { c.Check = gone }, "away: searching in memory", ""},
		{"away and too large", func(c *SharedConfig) { c.Check, c.ExactLimit = gone, 9 }, "", "away, and the gallery is too large to be searched in memory"},
		{
			"not trusted", func(c *SharedConfig) {
				c.Check, c.Count = there, counted
				c.Mend = func(context.Context, bool, MissingFunc) (Drift, error) { return Drift{}, nil }
			}, "not known to be complete: searching in memory", "",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, _, _ := newSystem(t, 10, tt.change)
			got, err := s.State(t.Context())
			if got != tt.want || (err != nil) != (tt.err != "") || err != nil && face.MessageOf(err) != tt.err {
				t.Errorf("State = %q, %v; want %q, %q", got, err, tt.want, tt.err)
			}
		})
	}
}
