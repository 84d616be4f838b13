package engine

import (
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// stage is a step of a job, as the metrics name it.
type stage string

const (
	stageDecode     stage = "decode"
	stageDetect     stage = "detect"
	stageRefine     stage = "refine"
	stageAlign      stage = "align"
	stageExtract    stage = "extract"
	stageAttributes stage = "attributes"
	stageCrop       stage = "crop"
	stageLiveness   stage = "liveness"
)

// metrics of the stages.
type metrics struct {
	seconds *prometheus.HistogramVec
	faces   prometheus.Counter
}

func newMetrics(reg prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "facekeep", Subsystem: "engine", Name: "stage_seconds",
			Help:    "Time that one step of a picture, or of a face of it, took.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 2, 12),
		}, []string{"stage"}),
		faces: prometheus.NewCounter(prometheus.CounterOpts{
			Namespace: "facekeep", Subsystem: "engine", Name: "faces_total", Help: "Faces found that counted.",
		}),
	}
	if reg == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.seconds, m.faces} {
		if err := reg.Register(c); err != nil {
			return nil, fmt.Errorf("register engine metrics: %w", err)
		}
	}
	return m, nil
}

// since records what a stage of an inspection took that began at start.
func (i *inspection) since(s stage, start time.Time) { i.took(s, time.Since(start)) }

func (i *inspection) took(s stage, took time.Duration) {
	i.metrics.seconds.WithLabelValues(string(s)).Observe(took.Seconds())
	i.timing.Add(string(s), took)
}
