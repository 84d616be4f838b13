package gallery

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/facekeep/facekeep/face"
)

// Steps of the gallery, as the metrics and the timing of a request name them.
const (
	stepSync    = "sync"    // the index catches up with the database
	stepSearch  = "search"  // the index looks for the nearest faces
	stepResolve = "resolve" // the database says whose they are
	stepStore   = "store"   // the database takes a face
)

// Metrics times the steps of a gallery.
type Metrics struct{ seconds *prometheus.HistogramVec }

// NewMetrics registers the metrics of a gallery. A registerer that has them already
// is a mistake of the wiring and is returned as an error.
func NewMetrics(reg prometheus.Registerer) (*Metrics, error) {
	m := &Metrics{seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: "facekeep", Subsystem: "gallery", Name: "step_seconds",
		Help:    "Time that a step of a search or of an enrolment took, beside the engine.",
		Buckets: prometheus.ExponentialBuckets(0.0001, 2, 14),
	}, []string{"step"})}
	if err := reg.Register(m.seconds); err != nil {
		return nil, fmt.Errorf("register gallery metrics: %w", err)
	}
	return m, nil
}

// took records what a step took that began at start.
func (g *Gallery) took(ctx context.Context, step string, start time.Time) {
	took := time.Since(start)
	if g.metrics != nil {
		g.metrics.seconds.WithLabelValues(step).Observe(took.Seconds())
	}
	face.TimingOf(ctx).Add(step, took)
}
