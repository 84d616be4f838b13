package indexsync

import "github.com/prometheus/client_golang/prometheus"

// shadowMetrics count what a shadow found. Recall@k is right over wanted.
type shadowMetrics struct {
	compared prometheus.Counter
	wanted   *prometheus.CounterVec // by at: k
	right    *prometheus.CounterVec // by at: k
	skipped  *prometheus.CounterVec // by reason
}

func newShadowMetrics() *shadowMetrics {
	options := func(name, help string) prometheus.CounterOpts {
		return prometheus.CounterOpts{Namespace: "facekeep", Subsystem: "index", Name: name, Help: help}
	}
	m := &shadowMetrics{
		compared: prometheus.NewCounter(options("shadow_total", "Searches of the index that were compared with an exact one.")),
		wanted: prometheus.NewCounterVec(options("shadow_wanted_total",
			"Members among the exact first k at or above the threshold."), []string{"at"}),
		right: prometheus.NewCounterVec(options("shadow_right_total",
			"Of those, members that the index had answered with. Over shadow_wanted_total it is recall@k."), []string{"at"}),
		skipped: prometheus.NewCounterVec(options("shadow_skipped_total",
			"Searches chosen to be compared that were not: another was being compared or had just been (busy), it waited too long (late), rows were written meanwhile (changed), the database failed."), []string{"reason"}),
	}
	return m
}

func (m *shadowMetrics) skip(reason string) { m.skipped.WithLabelValues(reason).Inc() }

func (m *shadowMetrics) all() []prometheus.Collector {
	return []prometheus.Collector{m.compared, m.wanted, m.right, m.skipped}
}
