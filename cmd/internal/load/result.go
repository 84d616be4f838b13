package load

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// Result is a run, as it is written to a file.
type Result struct {
	Operation string `json:"operation"`
	URL       string `json:"url"`
	Plan      string `json:"plan"`
	Pictures  int    `json:"pictures"`
	Summary
	Server  *ServerUse `json:"server"` // null: its process cannot be seen
	Steady  *Steady    `json:"steady"` // null: the run was short, or the process cannot be seen
	Windows []Window   `json:"windows"`
}

// Report writes a result for people.
func (r Result) Report(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintf(table, "%s\t%s, %s, %d pictures, %.1f s\n", r.Operation, r.URL, r.Plan, r.Pictures, r.Seconds)
	_, _ = fmt.Fprintf(table, "served\t%d of %d, %.1f/s\n", r.Served, r.Requests, r.Throughput)
	_, _ = fmt.Fprintf(table, "latency\t%s\n", r.Latency)
	if r.Refused > 0 {
		_, _ = fmt.Fprintf(table, "refused\t%d: %s\n", r.Refused, r.Refusal)
	}
	_, _ = fmt.Fprintf(table, "status\t%s\n", r.statuses())
	if s := r.Server; s != nil {
		_, _ = fmt.Fprintf(table, "server\t%.2f ms of CPU for each served, memory %s, at most %s\n",
			s.CPUPerServed, change(mib(s.First.RSS), mib(s.Last.RSS), "MiB"), fmt.Sprintf("%.0f MiB", mib(s.PeakRSS)))
		if s.First.Goroutines > 0 {
			_, _ = fmt.Fprintf(table, "\tgoroutines %s\n", change(float64(s.First.Goroutines), float64(s.Last.Goroutines), ""))
		}
	}
	if s := r.Steady; s != nil {
		_, _ = fmt.Fprintf(table, "steady\tminute two → last minute: memory %.1f → %.1f MiB (%+.1f %%), goroutines %.1f → %.1f\n",
			s.SecondRSS/(1<<20), s.LastRSS/(1<<20), 100*s.Growth(), s.SecondGoroutines, s.LastGoroutines)
	}
	return table.Flush()
}

// String writes latencies in milliseconds.
func (q Quantiles) String() string {
	return fmt.Sprintf("p50 %.1f ms, p90 %.1f, p99 %.1f, at most %.1f", q.P50, q.P90, q.P99, q.Max)
}

func (s Summary) statuses() string {
	parts := make([]string, 0, len(s.Status))
	for _, name := range slices.Sorted(maps.Keys(s.Status)) {
		parts = append(parts, fmt.Sprintf("%s: %d", name, s.Status[name]))
	}
	return strings.Join(parts, ", ")
}

func change(from, to float64, unit string) string {
	return strings.TrimSpace(fmt.Sprintf("%.0f → %.0f %s", from, to, unit))
}

func mib(bytes uint64) float64 { return float64(bytes) / (1 << 20) }
