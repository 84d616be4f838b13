package batch

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics of a queue.
type metrics struct {
	depth   prometheus.Gauge
	wait    prometheus.Histogram
	refused prometheus.Counter
	dropped prometheus.Counter
}

func newMetrics(reg prometheus.Registerer) (*metrics, error) {
	const namespace, subsystem = "facekeep", "queue"
	m := &metrics{
		depth: prometheus.NewGauge(prometheus.GaugeOpts{
			Namespace: namespace, Subsystem: subsystem, Name: "depth", Help: "Pictures that wait for a worker.",
		}),
		wait: prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: namespace, Subsystem: subsystem, Name: "wait_seconds", Help: "Time that a picture waited for a worker.",
			Buckets: prometheus.ExponentialBuckets(0.001, 4, 8),
		}),
		refused: prometheus.NewCounter(prometheus.CounterOpts{
			Namespace: namespace, Subsystem: subsystem, Name: "refused_total", Help: "Pictures refused because the queue was full.",
		}),
		dropped: prometheus.NewCounter(prometheus.CounterOpts{
			Namespace: namespace, Subsystem: subsystem, Name: "dropped_total", Help: "Pictures dropped unseen because their request was gone.",
		}),
	}
	if reg == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.depth, m.wait, m.refused, m.dropped} {
		if err := reg.Register(c); err != nil {
			return nil, fmt.Errorf("register queue metrics: %w", err)
		}
	}
	return m, nil
}
