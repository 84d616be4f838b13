package indexsync

import (
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// sharedMetrics say how far a shared index is behind, and what it costs.
type sharedMetrics struct {
	applied  prometheus.Counter
	failed   prometheus.Counter
	inMemory prometheus.Counter
	guard    guardMetrics
	unsuited prometheus.Gauge
	shadow   *shadowMetrics
}

// guardMetrics say what a guard has found.
type guardMetrics struct {
	missing prometheus.Gauge
	drift   *prometheus.GaugeVec
	checked prometheus.Gauge
}

func newGuardMetrics() guardMetrics {
	opts := func(name, help string) prometheus.GaugeOpts {
		return prometheus.GaugeOpts{Namespace: "facekeep", Subsystem: "index", Name: name, Help: help}
	}
	return guardMetrics{
		missing: prometheus.NewGauge(opts("rows_missing", "Rows that the last count found missing from the index.")),
		drift:   prometheus.NewGaugeVec(opts("drift", "Rows that the last comparison with the database found amiss, and mended."), []string{"kind"}),
		checked: prometheus.NewGauge(opts("checked_timestamp_seconds", "When the last comparison with the database ended.")),
	}
}

// report notes what a comparison found that ended at a time.
func (m *guardMetrics) report(d Drift, at time.Time) {
	for kind, rows := range map[string]int{"missing": d.Missing, "surplus": d.Surplus, "duplicate": d.Duplicate} {
		m.drift.WithLabelValues(kind).Set(float64(rows))
	}
	m.checked.Set(float64(at.UnixMilli()) / 1000)
}

// newSharedMetrics registers the metrics of a Shared; reg may be nil.
func newSharedMetrics(s *Shared, reg prometheus.Registerer) (*sharedMetrics, error) {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Namespace: "facekeep", Subsystem: "index", Name: name, Help: help})
	}
	gauge := func(name, help string, value func() float64) prometheus.GaugeFunc {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "facekeep", Subsystem: "index", Name: name, Help: help}, value)
	}
	m := &sharedMetrics{
		applied:  counter("changes_applied_total", "Changes that this server applied to the index."),
		failed:   counter("apply_failures_total", "Times that changes could not be applied; each is tried again."),
		inMemory: counter("searches_in_memory_total", "Searches answered from memory because the index was away or not trusted."),
		guard:    newGuardMetrics(),
		unsuited: prometheus.NewGauge(prometheus.GaugeOpts{
			Namespace: "facekeep", Subsystem: "index", Name: "unsuited", Help: "1 if the index is not of the kind that its size asks for.",
		}),
		shadow: newShadowMetrics(),
	}
	if reg == nil {
		return m, nil
	}
	var errs []error
	for _, c := range append(m.shadow.all(),
		m.applied, m.failed, m.inMemory, m.unsuited, m.guard.missing, m.guard.drift, m.guard.checked,
		gauge("fresh_rows", "Rows and removals that are searched beside the index.", s.fresh.size),
		gauge("trusted", "1 if the index is known to be complete.", func() float64 { return oneIf(s.trusted()) }),
		gauge("away", "1 if the last search found the index away or not trusted.", func() float64 { return oneIf(s.fallen.Load()) }),
	) {
		errs = append(errs, reg.Register(c))
	}
	return m, errors.Join(errs...)
}

func oneIf(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// size counts what is kept.
func (f *fresh) size() float64 {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return float64(len(f.put) + len(f.removed) + len(f.dropped))
}
