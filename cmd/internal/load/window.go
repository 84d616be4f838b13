package load

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"time"
)

// Window is what happened in a part of a run, and how the server stood at its end.
type Window struct {
	End     float64   `json:"end_s"` // from the beginning of the run
	Served  int       `json:"served"`
	Refused int       `json:"refused"`
	Failed  int       `json:"failed"`
	Latency Quantiles `json:"latency_ms"` // of requests that were due in it
	Usage
}

// Windows cuts a run into parts. usage holds how the server stood at their ends, as far
// as it is known; a last part that is shorter than half is left out.
func Windows(samples []Sample, took, every time.Duration, usage []Usage) []Window {
	n := int((took + every/2) / every)
	out := make([]Window, n)
	latencies := make([][]time.Duration, n)
	for i := range out {
		out[i].End = (time.Duration(i+1) * every).Seconds()
		if i < len(usage) {
			out[i].Usage = usage[i]
		}
	}
	for _, s := range samples {
		i := int(s.At / every)
		if i >= n {
			continue
		}
		switch {
		case s.Served():
			out[i].Served++
			latencies[i] = append(latencies[i], s.Took)
		case s.Refused():
			out[i].Refused++
		default:
			out[i].Failed++
		}
	}
	for i := range out {
		out[i].Latency = quantiles(latencies[i])
	}
	return out
}

// WriteWindows writes windows as CSV: times in seconds and milliseconds, memory in
// bytes.
func WriteWindows(w io.Writer, windows []Window) error {
	table := csv.NewWriter(w)
	rows := make([][]string, 0, 1+len(windows))
	rows = append(rows, []string{"end_s", "served", "refused", "failed", "p50_ms", "p90_ms", "p99_ms", "max_ms", "rss_bytes", "goroutines"})
	for _, w := range windows {
		rows = append(rows, []string{
			number(w.End), strconv.Itoa(w.Served), strconv.Itoa(w.Refused), strconv.Itoa(w.Failed),
			number(w.Latency.P50), number(w.Latency.P90), number(w.Latency.P99), number(w.Latency.Max),
			strconv.FormatUint(w.RSS, 10), strconv.Itoa(w.Goroutines),
		})
	}
	if err := table.WriteAll(rows); err != nil {
		return fmt.Errorf("write samples: %w", err)
	}
	return nil
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', 3, 64) }
