package load

import (
	"context"
	"sync"
	"time"
)

// mostOpen bounds the requests of an open loop that are under way. Beyond it they wait
// for each other, and their latencies say so.
const mostOpen = 10_000

// Send sends one request and returns the status of the answer, 0 if there was none.
type Send func(ctx context.Context) (status int)

// Run carries out a plan, and waits for the last answer. It returns a sample for each
// request, in no order, and how long it took. When the context ends it returns what
// there is; requests that were under way then are left out.
func Run(ctx context.Context, p Plan, send Send) ([]Sample, time.Duration, error) {
	if err := p.Validate(); err != nil {
		return nil, 0, err
	}
	begun := time.Now()
	var kept recorder
	one := func(due time.Time) {
		status := send(ctx)
		if ctx.Err() == nil {
			kept.add(Sample{At: due.Sub(begun), Took: time.Since(due), Status: status})
		}
	}
	if p.Rate > 0 {
		open(ctx, p, begun, one)
	} else {
		closed(ctx, p, begun, one)
	}
	return kept.all, time.Since(begun), ctx.Err()
}

func closed(ctx context.Context, p Plan, begun time.Time, one func(due time.Time)) {
	var clients sync.WaitGroup
	for range p.Clients {
		clients.Go(func() {
			for ctx.Err() == nil {
				now := time.Now()
				if now.Sub(begun) >= p.Duration {
					return
				}
				one(now)
			}
		})
	}
	clients.Wait()
}

func open(ctx context.Context, p Plan, begun time.Time, one func(due time.Time)) {
	var requests sync.WaitGroup
	defer requests.Wait()
	slots := make(chan struct{}, mostOpen)
	for i := 0; ; i++ {
		after := time.Duration(float64(i) / p.Rate * float64(time.Second))
		if after >= p.Duration || !waitUntil(ctx, begun.Add(after)) {
			return
		}
		slots <- struct{}{}
		requests.Go(func() {
			defer func() { <-slots }()
			one(begun.Add(after))
		})
	}
}

// waitUntil reports whether the context is still valid then.
func waitUntil(ctx context.Context, at time.Time) bool {
	wait := time.Until(at)
	if wait <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
