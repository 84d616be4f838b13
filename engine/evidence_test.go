package engine

import (
	"errors"
	"log/slog"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

func TestEvidence(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name            string
		seen            evidence
		distant, nearby float64
	}{
		{"one model", evidence{3}, 3, 3},
		{"both are sure", evidence{8, 6}, 7, 6},
		{"one doubts", evidence{5, -1}, 2, -1},
		{"both doubt", evidence{-4, -2}, -3, -4},
	}
	for _, tt := range tests {
		if d, n := tt.seen.of(face.Distant), tt.seen.of(face.Nearby); d != tt.distant || n != tt.nearby {
			t.Errorf("%s: got %v and %v, want %v and %v", tt.name, d, n, tt.distant, tt.nearby)
		}
	}
}

func TestLivenessScore(t *testing.T) {
	t.Parallel()
	for logOdds, want := range map[float64]float64{0: 90, math.Inf(1): 100, math.Inf(-1): 0, -math.Log(9): 50, math.Log(11): 99} {
		if got := livenessScore(logOdds); math.Abs(got-want) > 1e-9 {
			t.Errorf("log odds %v: got a score of %v, want %v", logOdds, got, want)
		}
	}
	for x := -40.; x < 40; x += 0.5 {
		if a, b := livenessScore(x), livenessScore(x+0.5); b < a || a < 0 || b > 100 {
			t.Errorf("got scores %v at %v and %v behind it, want them to rise within 0…100", a, x, b)
		}
	}
}

func TestWindows(t *testing.T) {
	t.Parallel()
	box := face.Box{X: 40, Y: 30, W: 20, H: 40}
	tests := []struct {
		name   string
		window func(face.Box, int, int) face.Box
		w, h   int
		want   face.Box
	}{
		{"a square, in the picture or not", squareWindow, 100, 100, face.Box{X: 20, Y: 20, W: 60, H: 60}},
		{"inside", insideWindow, 200, 200, face.Box{X: 23, Y: 0, W: 54, H: 108}},
		{"inside, as large as fits", insideWindow, 100, 80, face.Box{X: 30, Y: 0, W: 40, H: 80}},
		{"inside, moved from the right", insideWindow, 60, 200, face.Box{X: 6, Y: 0, W: 54, H: 108}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, tt.window(box, tt.w, tt.h), cmpopts.EquateApprox(0, 1e-9)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tt.name, diff)
		}
	}
}

// answers is a model that always gives these numbers, and counts its runs.
type answers struct {
	constant

	values []float32
	runs   *int
}

func (m answers) Run(_ *pixel.Tensor, out []*pixel.Tensor) error {
	*m.runs++
	if copy(out[0].Data, m.values) != len(out[0].Data) {
		return errors.New("another number of classes")
	}
	return nil
}

// withLiveness adds two liveness models to a complete set, that answer as told.
func withLiveness(spoof, attack []float32, runs *int) (fakeSet, *fakeRuntime) {
	set, rt := completeSet(), fakeModels()
	set[models.Liveness], set[models.LivenessPrintReplay] = "AntiSpoofing_bin_1.5_128.onnx", "AntiSpoofing_print-replay_1.5_128.onnx"
	rt.models[set[models.Liveness]] = answers{values: spoof, runs: runs}
	rt.models[set[models.LivenessPrintReplay]] = answers{values: attack, runs: runs}
	return set, rt
}

// The models run once for all checks of a face, and not at all if no check's
// conditions are met.
func TestLivenessIsLazy(t *testing.T) {
	t.Parallel()
	never := []face.Condition{{Measure: face.FaceSize, Least: 1e6, Most: math.Inf(1)}}
	tests := []struct {
		name   string
		checks []face.LivenessCheck
		runs   int
	}{
		{"not asked for", nil, 0},
		{"both kinds", []face.LivenessCheck{{Kind: face.Nearby}, {Kind: face.Distant}}, 2},
		{"one of two is met", []face.LivenessCheck{{Kind: face.Nearby, Conditions: never}, {Kind: face.Distant}}, 2},
		{"none is met", []face.LivenessCheck{{Kind: face.Nearby, Conditions: never}, {Conditions: never}}, 0},
	}
	for _, tt := range tests {
		runs := 0
		set, rt := withLiveness([]float32{2, 0}, []float32{0, 0, 0}, &runs)
		e := newFake(t, rt, set, nil)
		got, err := e.Inspect(t.Context(), somePNG(t), face.InspectOptions{Liveness: tt.checks})
		if err != nil {
			t.Fatal(err)
		}
		if runs != tt.runs || len(got.Faces[0].Liveness) != len(tt.checks) {
			t.Errorf("%s: got %d runs and %d results, want %d and %d", tt.name, runs, len(got.Faces[0].Liveness), tt.runs, len(tt.checks))
		}
		for _, l := range got.Faces[0].Liveness {
			want := 0.
			if l.Performed {
				want = map[face.LivenessKind]float64{face.Distant: livenessScore((2 - math.Log(2)) / 2), face.Nearby: livenessScore(-math.Log(2))}[l.Kind]
			}
			if math.Abs(l.Score-want) > 1e-6 {
				t.Errorf("%s: got a score of %v of kind %d, want %v", tt.name, l.Score, l.Kind, want)
			}
		}
	}
}

// A measure that nothing can take is told as such, not as a number.
func TestLivenessOfWhatCannotBeMeasured(t *testing.T) {
	t.Parallel()
	runs := 0
	set, rt := withLiveness([]float32{2, 0}, []float32{2, 0, 0}, &runs)
	e := newFake(t, rt, set, nil)
	frontal := face.Condition{Measure: face.YawAngle, Least: -20, Most: 20}
	got, err := e.Inspect(t.Context(), somePNG(t), face.InspectOptions{Liveness: []face.LivenessCheck{{Conditions: []face.Condition{frontal}}}})
	if err != nil {
		t.Fatal(err)
	}
	want := []face.Liveness{{Unmet: []face.Unmet{{Condition: frontal, Value: math.NaN()}}}}
	if diff := cmp.Diff(want, got.Faces[0].Liveness, cmpopts.EquateNaNs()); diff != "" || runs != 0 {
		t.Errorf("%d runs (-want +got)\n%s", runs, diff)
	}
}

func TestLivenessOfModelsThatFail(t *testing.T) {
	t.Parallel()
	check := face.InspectOptions{Liveness: []face.LivenessCheck{{Kind: face.Distant}}}
	t.Run("no model", func(t *testing.T) {
		t.Parallel()
		e := newFake(t, fakeModels(), completeSet(), nil)
		if e.Describe().Liveness != "" {
			t.Errorf("got the model %q, want none", e.Describe().Liveness)
		}
		if _, err := e.Inspect(t.Context(), somePNG(t), check); face.KindOf(err) != face.Unavailable {
			t.Errorf("got %v, want Unavailable", err)
		}
	})
	t.Run("no numbers", func(t *testing.T) {
		t.Parallel()
		runs := 0
		set, rt := withLiveness([]float32{float32(math.NaN()), 0}, []float32{0, 0, 0}, &runs)
		if _, err := newFake(t, rt, set, nil).Inspect(t.Context(), somePNG(t), check); err == nil || face.KindOf(err) != face.Internal {
			t.Errorf("got %v, want Internal", err)
		}
	})
	t.Run("an unknown family", func(t *testing.T) {
		t.Parallel()
		set := completeSet()
		set[models.Liveness] = "magic.onnx"
		if _, err := New(Config{}, set, fakeModels(), nil, slog.New(slog.DiscardHandler)); err == nil {
			t.Error("got no error for a model that nothing is known of")
		}
	})
}
