package load_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/facekeep/facekeep/cmd/internal/load"
	"github.com/facekeep/facekeep/face"
)

// oneByOne answers one request at a time, each in so long; the nth (from 0) takes
// stall.
type oneByOne struct {
	turn  chan struct{} // and not a mutex: a bubble's time stands still while one is waited for
	n     int
	takes time.Duration
	nth   int
	stall time.Duration
}

func (s *oneByOne) send(context.Context) int {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	takes := s.takes
	if s.n == s.nth {
		takes = s.stall
	}
	s.n++
	time.Sleep(takes) // in a bubble
	return http.StatusOK
}

// TestRunOpen: while a server stands still, the requests that are due go on to be due.
// A closed loop with one client would have one slow request in the same time.
func TestRunOpen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// 10 a second for 4 s; the 11th stands still for 2 s.
		server := &oneByOne{turn: make(chan struct{}, 1), takes: 10 * time.Millisecond, nth: 10, stall: 2 * time.Second}
		samples, took, err := load.Run(t.Context(), load.Plan{Rate: 10, Duration: 4 * time.Second}, server.send)
		if err != nil {
			t.Fatal(err)
		}
		if len(samples) != 40 {
			t.Fatalf("%d requests, want 40", len(samples))
		}
		if want := 3910 * time.Millisecond; took != want {
			t.Errorf("the run took %v, want %v", took, want)
		}
		slow := 0
		for _, s := range samples {
			if s.Took >= time.Second {
				slow++
			}
		}
		// The one that stands still, and those that were due in its first second; each
		// waits 90 ms less than the one before.
		if slow != 12 {
			t.Errorf("%d requests of a second or more, want 12", slow)
		}
		slices.SortFunc(samples, func(a, b load.Sample) int { return int(a.At - b.At) })
		if got := samples[11]; got.At != 1100*time.Millisecond || got.Took != 1910*time.Millisecond {
			t.Errorf("the 12th request was due at %v and took %v, want 1.1 s and 1.91 s", got.At, got.Took)
		}
	})
}

func TestRunClosed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		samples, took, err := load.Run(t.Context(), load.Plan{Clients: 3, Duration: time.Second}, func(context.Context) int {
			time.Sleep(300 * time.Millisecond)
			return http.StatusOK
		})
		if err != nil || len(samples) != 12 || took != 1200*time.Millisecond {
			t.Errorf("got %d requests in %v (%v), want 12 in 1.2 s", len(samples), took, err)
		}
		for _, s := range samples {
			if s.Took != 300*time.Millisecond {
				t.Errorf("a request took %v, want 300 ms", s.Took)
			}
		}
	})
}

// TestRunInterrupted: what came before is kept, what was under way is not.
func TestRunInterrupted(t *testing.T) {
	t.Parallel()
	for _, plan := range []load.Plan{{Rate: 10, Duration: time.Hour}, {Clients: 2, Duration: time.Hour}} {
		t.Run(plan.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, stop := context.WithTimeout(t.Context(), 1050*time.Millisecond)
				defer stop()
				samples, took, err := load.Run(ctx, plan, func(ctx context.Context) int {
					select {
					case <-time.After(100 * time.Millisecond):
						return http.StatusOK
					case <-ctx.Done():
						return 0
					}
				})
				if !errors.Is(err, context.DeadlineExceeded) || took != 1050*time.Millisecond {
					t.Errorf("got %v after %v, want the end of the context at 1.05 s", err, took)
				}
				for _, s := range samples {
					if s.Status != http.StatusOK {
						t.Errorf("got the sample %+v, want those alone that were answered", s)
					}
				}
				if len(samples) < 10 || len(samples) > 20 {
					t.Errorf("got %d samples, want those of a second", len(samples))
				}
			})
		})
	}
}

func TestPlanRefuses(t *testing.T) {
	t.Parallel()
	for _, p := range []load.Plan{
		{Clients: 1}, {Duration: time.Second}, {Clients: 1, Rate: 1, Duration: time.Second}, {Clients: -1, Duration: time.Second},
		{Clients: 10_001, Duration: time.Second}, {Rate: -1, Duration: time.Second}, {Rate: 1e6, Duration: time.Second},
	} {
		if _, _, err := load.Run(t.Context(), p, nil); face.KindOf(err) != face.Invalid || err == nil {
			t.Errorf("%+v: got %v, want an Invalid error", p, err)
		}
	}
}
