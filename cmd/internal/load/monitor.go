package load

import (
	"bufio"
	"bytes"
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/facekeep/facekeep/cmd/internal/remote"
)

// Usage is how a server stands at some time.
type Usage struct {
	RSS        uint64 `json:"rss_bytes,omitempty"`  // 0: not known
	Goroutines int    `json:"goroutines,omitempty"` // 0: not known
}

// ServerUse is what a run took of a server.
type ServerUse struct {
	CPUSeconds   float64 `json:"cpu_s"`
	CPUPerServed float64 `json:"cpu_per_served_ms"` // 0 if nothing was served
	PeakRSS      uint64  `json:"peak_rss_bytes"`    // since the start of the process
	First        Usage   `json:"first"`
	Last         Usage   `json:"last"`
}

// Monitor looks at a server while a run goes on.
type Monitor struct {
	process Process // nil: it cannot be seen
	client  *remote.Client
	every   time.Duration

	cpu   float64 // at the beginning, in seconds
	first Usage
	seen  []Usage // at the end of each window
	done  chan struct{}
	stop  context.CancelFunc
}

// Watch begins to look at a server, every so often. Finish ends it.
func Watch(ctx context.Context, process Process, client *remote.Client, every time.Duration) (*Monitor, error) {
	m := &Monitor{process: process, client: client, every: every, done: make(chan struct{})}
	var err error
	if m.cpu, err = process.cpu(); err != nil {
		return nil, err
	}
	m.first = m.look(ctx)
	ctx, m.stop = context.WithCancel(ctx)
	go m.watch(ctx)
	return m, nil
}

func (m *Monitor) watch(ctx context.Context) {
	defer close(m.done)
	tick := time.NewTicker(m.every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			m.seen = append(m.seen, m.look(ctx))
		case <-ctx.Done():
			return
		}
	}
}

func (m *Monitor) look(ctx context.Context) Usage {
	return Usage{RSS: m.process.rss(), Goroutines: goroutines(ctx, m.client)}
}

// Finish returns how the server stood at the end of each window, and what all of the
// run took, nil if the process cannot be seen.
func (m *Monitor) Finish(ctx context.Context, served int) ([]Usage, *ServerUse, error) {
	m.stop()
	<-m.done
	if m.process == nil {
		return m.seen, nil, nil
	}
	cpu, err := m.process.cpu()
	if err != nil {
		return m.seen, nil, err
	}
	use := &ServerUse{CPUSeconds: cpu - m.cpu, PeakRSS: m.process.peak(), First: m.first, Last: m.look(ctx)}
	if served > 0 {
		use.CPUPerServed = use.CPUSeconds / float64(served) * 1e3
	}
	return m.seen, use, nil
}

// metricsTime bounds the wait for the server's metrics.
const metricsTime = 5 * time.Second

// goroutines reads their number from the server's metrics; 0 where it has none.
func goroutines(ctx context.Context, client *remote.Client) int {
	ctx, cancel := context.WithTimeout(ctx, metricsTime)
	defer cancel()
	answer, err := client.Send(ctx, http.MethodGet, "/metrics", nil)
	if err != nil || answer.Status != http.StatusOK {
		return 0
	}
	lines := bufio.NewScanner(bytes.NewReader(answer.Body))
	for lines.Scan() {
		if value, ok := strings.CutPrefix(lines.Text(), "go_goroutines "); ok {
			n, err := strconv.ParseFloat(value, 64)
			if err != nil {
				return 0
			}
			return int(n)
		}
	}
	return 0
}
