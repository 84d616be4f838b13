package batch

import (
	"container/list"
	"context"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/facekeep/facekeep/face"
)

// queuePerWorker is the default length of the queue: with jobs of some 20 ms, the
// last in line waits for about half a second.
const queuePerWorker = 32

// Config sizes a Pool. A zero field is its default.
type Config struct {
	Workers int // jobs that run at a time; default GOMAXPROCS
	Queue   int // jobs that wait; default 32 for each worker
}

func (c Config) withDefaults() Config {
	if c.Workers <= 0 {
		c.Workers = runtime.GOMAXPROCS(0)
	}
	if c.Queue <= 0 {
		c.Queue = queuePerWorker * c.Workers
	}
	return c
}

// Job is a piece of work. It returns early when its context ends; what it may
// return besides is its own affair.
type Job func(ctx context.Context) error

// Pool runs jobs in the order they came.
type Pool struct {
	cfg     Config
	log     *slog.Logger
	metrics *metrics
	workers sync.WaitGroup

	mu     sync.Mutex
	wake   *sync.Cond // a job was queued, or the pool closed
	queue  *list.List // of *entry
	closed bool
}

// New starts the workers. reg may be nil.
func New(cfg Config, reg prometheus.Registerer, log *slog.Logger) (*Pool, error) {
	m, err := newMetrics(reg)
	if err != nil {
		return nil, err
	}
	p := &Pool{cfg: cfg.withDefaults(), log: log, metrics: m, queue: list.New()}
	p.wake = sync.NewCond(&p.mu)
	for range p.cfg.Workers {
		p.workers.Go(p.work)
	}
	return p, nil
}

// Config returns the sizes with their defaults filled in.
func (p *Pool) Config() Config { return p.cfg }

// Do runs a job on a worker and returns its error. It does not return before the
// job does, unless the context ends while the job still waits: then the job is
// never run. The errors besides the job's own are Overloaded at once if the queue
// is full, Timeout and Canceled by the context, Internal if the job panics, and
// Unavailable after Close.
func (p *Pool) Do(ctx context.Context, job Job) error {
	if err := ctx.Err(); err != nil {
		return asFaceError(err)
	}
	e := &entry{ctx: ctx, job: job, done: make(chan error, 1), queued: time.Now(), waiting: true}
	at, err := p.push(e)
	if err != nil {
		return err
	}
	select {
	case err = <-e.done:
	case <-ctx.Done():
		if p.abandon(at) {
			p.metrics.dropped.Inc()
			return asFaceError(ctx.Err())
		}
		err = <-e.done
	}
	return asFaceError(err)
}

// push appends an entry, or refuses it.
func (p *Pool) push(e *entry) (*list.Element, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, face.Errorf(face.Unavailable, "the server is shutting down")
	}
	if p.queue.Len() >= p.cfg.Queue {
		p.metrics.refused.Inc()
		return nil, face.Errorf(face.Overloaded, "%d pictures are waiting already, try again soon", p.queue.Len())
	}
	at := p.queue.PushBack(e)
	p.metrics.depth.Set(float64(p.queue.Len()))
	p.wake.Signal()
	return at, nil
}

// abandon takes an entry out of the queue; false if a worker has it already.
func (p *Pool) abandon(at *list.Element) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !at.Value.(*entry).waiting {
		return false
	}
	p.remove(at)
	return true
}

// remove takes an entry out of the queue. The lock is held.
func (p *Pool) remove(at *list.Element) *entry {
	e := p.queue.Remove(at).(*entry)
	e.waiting = false
	p.metrics.depth.Set(float64(p.queue.Len()))
	return e
}

// next waits for an entry; nil when the pool is closed and the queue empty.
func (p *Pool) next() *entry {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.queue.Len() == 0 {
		if p.closed {
			return nil
		}
		p.wake.Wait()
	}
	return p.remove(p.queue.Front())
}

func (p *Pool) work() {
	for e := p.next(); e != nil; e = p.next() {
		p.metrics.wait.Observe(time.Since(e.queued).Seconds())
		e.done <- e.run(p.log)
	}
}

// Close refuses new jobs, waits for those that were accepted, and returns when
// the workers are gone. It may be called again.
func (p *Pool) Close() {
	p.mu.Lock()
	p.closed = true
	p.wake.Broadcast()
	p.mu.Unlock()
	p.workers.Wait()
}
