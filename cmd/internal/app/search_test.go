package app_test

import (
	"net/http"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/engine/batch"
)

// A search that finds the queue full is told so at once, before its picture is decoded.
func TestFullQueueRefuses(t *testing.T) {
	t.Parallel()
	s := openSearch(t, batch.Config{Workers: 1, Queue: 1})
	entered, leave := make(chan struct{}, 1), make(chan struct{})
	gate := func() {
		select {
		case entered <- struct{}{}:
		default:
		}
		<-leave
	}
	s.models.gate.Store(&gate)
	var busy sync.WaitGroup
	accepted := func() {
		if rec := s.ask(nil); rec.Code != http.StatusOK {
			t.Errorf("an accepted search: got %d %s, want 200", rec.Code, rec.Body)
		}
	}
	busy.Go(accepted) // on the worker
	<-entered
	busy.Go(accepted) // in the queue, which the first one has left
	for s.measured(t, "facekeep_queue_depth", "") < 1 {
		runtime.Gosched()
	}
	decoded := s.measured(t, "facekeep_engine_stage_seconds", "decode")

	least := time.Hour // of several: the machine may be busy with other things
	for range 5 {
		begun := time.Now()
		rec := s.ask(nil)
		least = min(least, time.Since(begun))
		if rec.Code != http.StatusTooManyRequests && rec.Code != http.StatusServiceUnavailable || rec.Header().Get("Retry-After") == "" {
			t.Errorf("got %d with Retry-After %q, want 429 or 503 with one", rec.Code, rec.Header().Get("Retry-After"))
		}
	}
	if most := raceSlowdown * 20 * time.Millisecond; least > most {
		t.Errorf("got the refusal after %v, want at most %v", least, most)
	}
	if got := s.measured(t, "facekeep_engine_stage_seconds", "decode"); got != decoded {
		t.Errorf("got %d pictures decoded for refused searches, want none", got-decoded)
	}
	close(leave)
	busy.Wait()
}

// measured returns the value of a gauge or the number of observations of a histogram,
// by the value of its one label if it has one.
func (s *searchBench) measured(tb testing.TB, name, label string) int {
	tb.Helper()
	families, err := s.metrics.Gather()
	must(tb, err)
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == name && (label == "" || m.GetLabel()[0].GetValue() == label) {
				return int(m.GetGauge().GetValue()) + int(m.GetHistogram().GetSampleCount())
			}
		}
	}
	return 0
}

// Every step of a search is timed: for the metrics always, in its answer if it asks.
func TestSearchIsTimed(t *testing.T) {
	t.Parallel()
	s := openSearch(t, batch.Config{Workers: 1})
	if got := s.ask(nil).Header().Get("Server-Timing"); got != "" {
		t.Errorf("nobody asked: got Server-Timing %q, want none", got)
	}
	got := s.ask(map[string]string{"X-Facekeep-Timing": "true"}).Header().Get("Server-Timing")
	t.Log(got)
	names := make([]string, 0, 12)
	for step := range strings.SplitSeq(got, ", ") {
		name, _, _ := strings.Cut(step, ";")
		names = append(names, name)
		if !regexp.MustCompile(`^[a-z]+;dur=[0-9]+\.[0-9]{2}$`).MatchString(step) {
			t.Errorf("got the step %q, want NAME;dur=MS", step)
		}
	}
	want := []string{"body", "queue", "decode", "detect", "refine", "attributes", "align", "extract", "sync", "search", "resolve", "total"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("steps: -want +got\n%s", diff)
	}
	for _, step := range []string{"sync", "search", "resolve"} {
		if n := s.measured(t, "facekeep_gallery_step_seconds", step); n != 2 {
			t.Errorf("step %s: got %d in the metrics, want 2", step, n)
		}
	}
}
