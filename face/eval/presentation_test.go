package eval_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/facekeep/facekeep/face/eval"
)

// shows is small enough to check by hand.
func shows() *eval.Presentations {
	return eval.NewPresentations([]eval.Presentation{
		{Score: 99}, {Score: 90}, {Score: 95}, {Score: 40}, {Score: eval.NoResponse},
		{Attack: "replay", Score: 92}, {Attack: "replay", Score: 3}, {Attack: "replay", Score: eval.NoResponse},
		{Attack: "print", Score: 1}, {Attack: "print", Score: 91}, {Attack: "print", Score: 2}, {Attack: "print", Score: 0},
		{Attack: "mask", Score: eval.NoResponse},
	})
}

func TestPresentationRates(t *testing.T) {
	t.Parallel()
	p := shows()
	tests := []struct {
		name                         string
		threshold                    float64
		bpcer, prints, replay, worst float64
		kind                         string
	}{
		{"all are accepted", -1, 0, 1, 1, 1, "print"},
		{"a score at the threshold is not", 0, 0, 0.75, 1, 1, "replay"},
		{"the usual one", 90, 0.5, 0.25, 0.5, 0.5, "replay"},
		{"above all attacks", 92, 0.5, 0, 0, 0, "print"},
		{"none is accepted", 100, 1, 0, 0, 0, "print"},
	}
	for _, tt := range tests {
		kind, worst := p.WorstAPCER(tt.threshold)
		got := []float64{p.BPCER(tt.threshold), p.APCER("print", tt.threshold), p.APCER("replay", tt.threshold), worst}
		want := []float64{tt.bpcer, tt.prints, tt.replay, tt.worst}
		if diff := cmp.Diff(want, got); diff != "" || kind != tt.kind {
			t.Errorf("%s: worst is %q, want %q (-want +got)\n%s", tt.name, kind, tt.kind, diff)
		}
	}
}

func TestPresentationCounts(t *testing.T) {
	t.Parallel()
	p := shows()
	if diff := cmp.Diff([]string{"mask", "print", "replay"}, p.Attacks()); diff != "" {
		t.Errorf("kinds -want +got\n%s", diff)
	}
	if n, silent := p.BonaFide(); n != 4 || silent != 1 {
		t.Errorf("bona fide: got %d and %d, want 4 and 1", n, silent)
	}
	for kind, want := range map[string][2]int{"mask": {0, 1}, "print": {4, 0}, "replay": {2, 1}, "unknown": {0, 0}} {
		if n, silent := p.Attack(kind); n != want[0] || silent != want[1] {
			t.Errorf("%s: got %d and %d, want %v", kind, n, silent, want)
		}
	}
	if r := p.APCER("mask", 90); !math.IsNaN(r) {
		t.Errorf("a kind of which none was classified: got %v, want NaN", r)
	}
}

// Raising the threshold accepts fewer, of both.
func TestPresentationRatesAreMonotone(t *testing.T) {
	t.Parallel()
	p := shows()
	ts := p.Thresholds()
	if len(ts) != 11 || ts[0] != -1 {
		t.Fatalf("got thresholds %v, want -1 and ten scores", ts)
	}
	for i := 1; i < len(ts); i++ {
		_, before := p.WorstAPCER(ts[i-1])
		_, after := p.WorstAPCER(ts[i])
		if p.BPCER(ts[i]) < p.BPCER(ts[i-1]) || after > before {
			t.Errorf("from %v to %v: BPCER falls or APCER rises", ts[i-1], ts[i])
		}
	}
}

func TestPresentationEER(t *testing.T) {
	t.Parallel()
	if rate, at := shows().EER(); rate != 0.5 || at != 90 {
		t.Errorf("got %v at %v, want 0.5 at 90", rate, at)
	}
	parted := eval.NewPresentations([]eval.Presentation{{Score: 95}, {Score: 97}, {Attack: "a", Score: 5}, {Attack: "b", Score: 7}})
	if rate, at := parted.EER(); rate != 0 || at != 7 {
		t.Errorf("kinds apart: got %v at %v, want 0 at 7", rate, at)
	}
	onlyLive := eval.NewPresentations([]eval.Presentation{{Score: 95}})
	rate, at := onlyLive.EER()
	if diff := cmp.Diff([]float64{math.NaN(), math.NaN()}, []float64{rate, at}, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("no attacks: -want +got\n%s", diff)
	}
}
