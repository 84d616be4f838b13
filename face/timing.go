package face

import (
	"context"
	"sync"
	"time"
)

// Timing collects what the steps of one request take. A nil Timing collects nothing.
type Timing struct {
	mu    sync.Mutex
	steps []Step
}

// Step is a step of a request, and the time that it took in all.
type Step struct {
	Name string // letters alone
	Took time.Duration
}

type timingKey struct{}

// WithTiming returns a context whose work is timed, step by step.
func WithTiming(ctx context.Context) (context.Context, *Timing) {
	t := new(Timing)
	return context.WithValue(ctx, timingKey{}, t), t
}

// TimingOf returns what times the work of a context; nil if nothing does.
func TimingOf(ctx context.Context) *Timing {
	t, _ := ctx.Value(timingKey{}).(*Timing)
	return t
}

// Add adds to what a step took: one that is done several times is told once.
func (t *Timing) Add(step string, took time.Duration) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.steps {
		if t.steps[i].Name == step {
			t.steps[i].Took += took
			return
		}
	}
	t.steps = append(t.steps, Step{Name: step, Took: took})
}

// Steps returns the steps so far, in the order in which they ended first.
func (t *Timing) Steps() []Step {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]Step(nil), t.steps...)
}
