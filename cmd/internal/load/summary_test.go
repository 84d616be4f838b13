package load_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/cmd/internal/load"
)

const ms = time.Millisecond

func TestSummarise(t *testing.T) {
	t.Parallel()
	var samples []load.Sample
	for i := 200; i > 0; i-- {
		samples = append(samples, load.Sample{Took: time.Duration(i) * ms, Status: 200})
	}
	samples = append(samples,
		load.Sample{Took: 2 * ms, Status: 429}, load.Sample{Took: 4 * ms, Status: 503},
		load.Sample{Took: 9000 * ms, Status: 500}, load.Sample{Took: 9000 * ms})
	want := load.Summary{
		Seconds: 4, Requests: 204, Served: 200, Throughput: 50, Refused: 2,
		Latency: load.Quantiles{P50: 100, P90: 180, P99: 198, Max: 200},
		Refusal: load.Quantiles{P50: 2, P90: 4, P99: 4, Max: 4},
		Status:  map[string]int{"200": 200, "429": 1, "503": 1, "500": 1, "none": 1},
	}
	if diff := cmp.Diff(want, load.Summarise(samples, 4*time.Second)); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(load.Summary{Status: map[string]int{}}, load.Summarise(nil, 0)); diff != "" {
		t.Errorf("summary of nothing (-want +got):\n%s", diff)
	}
}

func TestWindows(t *testing.T) {
	t.Parallel()
	samples := []load.Sample{
		{At: 0, Took: 10 * ms, Status: 200}, {At: 9999 * ms, Took: 30 * ms, Status: 201}, {At: 5000 * ms, Took: ms, Status: 503},
		{At: 10_000 * ms, Took: 20 * ms, Status: 200}, {At: 19_000 * ms, Took: ms, Status: 500},
		{At: 21_000 * ms, Took: 7 * ms, Status: 200}, // in a part that is too short
	}
	usage := []load.Usage{{RSS: 1 << 20, Goroutines: 7}}
	got := load.Windows(samples, 24*time.Second, 10*time.Second, usage)
	want := []load.Window{
		{End: 10, Served: 2, Refused: 1, Latency: load.Quantiles{P50: 10, P90: 30, P99: 30, Max: 30}, Usage: usage[0]},
		{End: 20, Served: 1, Failed: 1, Latency: load.Quantiles{P50: 20, P90: 20, P99: 20, Max: 20}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("windows (-want +got):\n%s", diff)
	}
	var csv strings.Builder
	if err := load.WriteWindows(&csv, got); err != nil {
		t.Fatal(err)
	}
	text := "end_s,served,refused,failed,p50_ms,p90_ms,p99_ms,max_ms,rss_bytes,goroutines\n" +
		"10.000,2,1,0,10.000,30.000,30.000,30.000,1048576,7\n" +
		"20.000,1,0,1,20.000,20.000,20.000,20.000,0,0\n"
	if diff := cmp.Diff(text, csv.String()); diff != "" {
		t.Errorf("CSV (-want +got):\n%s", diff)
	}
}
