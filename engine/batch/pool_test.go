package batch_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/facekeep/facekeep/engine/batch"
	"github.com/facekeep/facekeep/face"
)

func newPool(t *testing.T, workers, queue int, log *slog.Logger) *batch.Pool {
	t.Helper()
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	p, err := batch.New(batch.Config{Workers: workers, Queue: queue}, nil, log)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestDoReturnsTheJobsError(t *testing.T) {
	t.Parallel()
	p := newPool(t, 2, 2, nil)
	defer p.Close()
	want := errors.New("no luck")
	if err := p.Do(t.Context(), func(context.Context) error { return want }); !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
	if err := p.Do(t.Context(), func(context.Context) error { return nil }); err != nil {
		t.Errorf("got %v, want no error", err)
	}
}

func TestDoRunsInOrderAndNoMoreThanWorkers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, 2, 10, nil)
		defer p.Close()
		var running, most atomic.Int32
		var mu sync.Mutex
		var order []int
		var all sync.WaitGroup
		for n := range 8 {
			all.Go(func() {
				err := p.Do(t.Context(), func(context.Context) error {
					mu.Lock()
					order = append(order, n)
					mu.Unlock()
					most.Store(max(most.Load(), running.Add(1)))
					time.Sleep(time.Duration(n+1) * time.Second) // synctest's clock
					running.Add(-1)
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
			synctest.Wait() // so that they come one after the other
		}
		all.Wait()
		if got := most.Load(); got != 2 {
			t.Errorf("got %d jobs at a time, want 2", got)
		}
		if diff := cmp.Diff([]int{0, 1, 2, 3, 4, 5, 6, 7}, order); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

// blocked returns a pool of one worker that is busy until release is called.
func blocked(t *testing.T, queue int, reg prometheus.Registerer) (p *batch.Pool, release func()) {
	t.Helper()
	p, err := batch.New(batch.Config{Workers: 1, Queue: queue}, reg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	gate := make(chan struct{})
	done := make(chan error)
	go func() {
		done <- p.Do(context.WithoutCancel(t.Context()), func(context.Context) error { <-gate; return nil })
	}()
	synctest.Wait()
	return p, func() {
		close(gate)
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func never(t *testing.T) batch.Job {
	t.Helper()
	return func(context.Context) error {
		t.Error("a job was run that should not be")
		return nil
	}
}

func TestDoRefusesWhenFull(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reg := prometheus.NewRegistry()
		p, release := blocked(t, 1, reg)
		waiting := make(chan error)
		go func() { waiting <- p.Do(t.Context(), func(context.Context) error { return nil }) }()
		synctest.Wait()
		if err := p.Do(t.Context(), never(t)); face.KindOf(err) != face.Overloaded {
			t.Errorf("got %v, want Overloaded", err)
		}
		want := `
# HELP facekeep_queue_depth Pictures that wait for a worker.
# TYPE facekeep_queue_depth gauge
facekeep_queue_depth 1
# HELP facekeep_queue_refused_total Pictures refused because the queue was full.
# TYPE facekeep_queue_refused_total counter
facekeep_queue_refused_total 1
`
		if err := testutil.GatherAndCompare(reg, strings.NewReader(want), "facekeep_queue_depth", "facekeep_queue_refused_total"); err != nil {
			t.Error(err)
		}
		release()
		if err := <-waiting; err != nil {
			t.Errorf("the one that waited: got %v, want no error", err)
		}
		p.Close()
	})
}

// A request that goes away while it waits is answered at once, never run, and
// leaves its place to another.
func TestContextEndsWhileWaiting(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		end  func(context.Context) (context.Context, context.CancelFunc)
		want face.Kind
	}{
		{"deadline", func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 3*time.Second)
		}, face.Timeout},
		{"cancel", func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(3*time.Second, cancel)
			return ctx, cancel
		}, face.Canceled},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p, release := blocked(t, 1, nil)
				ctx, cancel := tt.end(t.Context())
				defer cancel()
				start := time.Now()
				if err := p.Do(ctx, never(t)); face.KindOf(err) != tt.want {
					t.Errorf("got %v, want %v", err, tt.want)
				}
				if got := time.Since(start); got != 3*time.Second {
					t.Errorf("got the answer after %v, want 3s", got)
				}
				next := make(chan error)
				go func() { next <- p.Do(t.Context(), func(context.Context) error { return nil }) }()
				synctest.Wait()
				release()
				if err := <-next; err != nil {
					t.Errorf("the next one: got %v, want no error", err)
				}
				p.Close()
			})
		})
	}
}

func TestContextThatIsOver(t *testing.T) {
	t.Parallel()
	p := newPool(t, 1, 1, nil)
	defer p.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.Do(ctx, never(t)); face.KindOf(err) != face.Canceled {
		t.Errorf("got %v, want Canceled", err)
	}
}

// A job that is under way ends by its own checks of the context, and Do waits for
// it: the picture's bytes are the caller's.
func TestContextEndsWhileRunning(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, 1, 1, nil)
		defer p.Close()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		err := p.Do(ctx, func(ctx context.Context) error {
			time.Sleep(5 * time.Second) // synctest's clock
			return fmt.Errorf("between stages: %w", ctx.Err())
		})
		if face.KindOf(err) != face.Timeout || time.Since(start) != 5*time.Second {
			t.Errorf("got %v after %v, want Timeout after 5s", err, time.Since(start))
		}
	})
}

func TestPanicBecomesAnError(t *testing.T) {
	t.Parallel()
	var logged bytes.Buffer
	p := newPool(t, 1, 1, slog.New(slog.NewTextHandler(&logged, nil)))
	err := p.Do(t.Context(), func(context.Context) error { panic("the roof is on fire") })
	if face.KindOf(err) != face.Internal || err == nil || face.MessageOf(err) != "internal error" {
		t.Errorf("got %v, want an Internal error that hides the panic", err)
	}
	if err := p.Do(t.Context(), func(context.Context) error { return nil }); err != nil {
		t.Errorf("after the panic: got %v, want no error", err)
	}
	p.Close()
	if !strings.Contains(logged.String(), "the roof is on fire") {
		t.Errorf("got the log %q, want the panic in it", logged.String())
	}
}

func TestCloseDrains(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, release := blocked(t, 4, nil)
		var done atomic.Int32
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				if err := p.Do(t.Context(), func(context.Context) error { done.Add(1); return nil }); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		closed := make(chan struct{})
		go func() { p.Close(); close(closed) }()
		synctest.Wait()
		if err := p.Do(t.Context(), never(t)); face.KindOf(err) != face.Unavailable {
			t.Errorf("while closing: got %v, want Unavailable", err)
		}
		release()
		<-closed
		all.Wait()
		if got := done.Load(); got != 3 {
			t.Errorf("got %d jobs done, want 3", got)
		}
		p.Close()
	})
}

func TestConfigDefaults(t *testing.T) {
	t.Parallel()
	p := newPool(t, 0, 0, nil)
	defer p.Close()
	if c := p.Config(); c.Workers < 1 || c.Queue < c.Workers {
		t.Errorf("got %+v, want at least one worker and a place for each", c)
	}
}

func TestMetricsTwiceIsAnError(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewRegistry()
	p, err := batch.New(batch.Config{}, reg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if _, err := batch.New(batch.Config{}, reg, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("got no error, want one")
	}
}

// Many callers whose contexts end at any time: nothing is lost and nothing hangs.
func TestPoolUnderPressure(t *testing.T) {
	t.Parallel()
	p := newPool(t, 3, 8, nil)
	var ran, ok, refused, gone atomic.Int64
	var all sync.WaitGroup
	for n := range 64 {
		all.Go(func() {
			for i := range 50 {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration((n*50+i)%7)*100*time.Microsecond)
				err := p.Do(ctx, func(context.Context) error { ran.Add(1); return nil })
				kind := face.KindOf(err)
				switch {
				case err == nil:
					ok.Add(1)
				case kind == face.Overloaded:
					refused.Add(1)
				case kind == face.Timeout || kind == face.Canceled:
					gone.Add(1)
				default:
					t.Error(err)
				}
				cancel()
			}
		})
	}
	all.Wait()
	p.Close()
	if sum := ok.Load() + refused.Load() + gone.Load(); sum != 64*50 || ran.Load() != ok.Load() {
		t.Errorf("got %d ran, %d ok, %d refused, %d gone, want 3200 in all and as many ok as ran", ran.Load(), ok.Load(), refused.Load(), gone.Load())
	}
}
