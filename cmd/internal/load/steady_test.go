package load_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/cmd/internal/load"
)

func TestSteadiness(t *testing.T) {
	t.Parallel()
	windows := make([]load.Window, 20) // of 10 s
	for i := range windows {
		windows[i].Usage = load.Usage{RSS: 100, Goroutines: 10}
	}
	windows[0].RSS, windows[6].RSS, windows[11].RSS = 9999, 50, 150
	for i := 14; i < 20; i++ {
		windows[i].Usage = load.Usage{RSS: 110, Goroutines: 11}
	}
	got := load.Steadiness(windows, 10*time.Second)
	want := &load.Steady{SecondRSS: 100, LastRSS: 110, SecondGoroutines: 10, LastGoroutines: 11}
	near := cmp.Comparer(func(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 })
	if diff := cmp.Diff(want, got, near); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	if g := got.Growth(); g < 0.0999 || g > 0.1001 {
		t.Errorf("Growth() = %v, want 0.1", g)
	}
	if got := load.Steadiness(windows[:17], 10*time.Second); got != nil {
		t.Errorf("a run of less than three minutes: got %+v, want nil", got)
	}
	if got := load.Steadiness(make([]load.Window, 20), 10*time.Second); got != nil {
		t.Errorf("a server that was not seen: got %+v, want nil", got)
	}
}
