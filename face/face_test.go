package face_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/facekeep/facekeep/face"
)

func TestErrorKinds(t *testing.T) {
	t.Parallel()
	cause := errors.New("connection refused by 10.0.0.7")
	tests := []struct {
		name    string
		err     error
		kind    face.Kind
		message string
	}{
		{"nil has no kind of its own", nil, face.Internal, "internal error"},
		{"a plain error is internal and hidden", cause, face.Internal, "internal error"},
		{"a kind survives wrapping", fmt.Errorf("identify: %w", face.Errorf(face.NoFace, "no face")), face.NoFace, "no face"},
		{"a cause is not shown", face.Wrap(face.Unavailable, cause, "the index is away"), face.Unavailable, "the index is away"},
		{"an internal message is not shown", face.Wrap(face.Internal, cause, "row 7 is odd"), face.Internal, "internal error"},
		{"the nearest of two wins", face.Wrap(face.Conflict, face.Errorf(face.NotFound, "inner"), "outer"), face.Conflict, "outer"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := face.KindOf(tt.err); got != tt.kind {
				t.Errorf("KindOf = %v, want %v", got, tt.kind)
			}
			if got := face.MessageOf(tt.err); got != tt.message {
				t.Errorf("MessageOf = %q, want %q", got, tt.message)
			}
		})
	}
	if !errors.Is(face.Wrap(face.Internal, cause, ""), cause) {
		t.Error("a wrapped cause is not found by errors.Is")
	}
	if got := face.FieldOf(fmt.Errorf("bind: %w", face.FieldErrorf("threshold", "must be at most 100"))); got != "threshold" {
		t.Errorf("FieldOf = %q, want threshold", got)
	}
}

func TestKindNames(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for k := face.Internal; k <= face.Forbidden; k++ {
		if name := k.String(); name == "" || seen[name] {
			t.Errorf("kind %d is called %q, want a name of its own", int(k), name)
		} else {
			seen[name] = true
		}
	}
	if got := face.Kind(99).String(); got != "kind(99)" {
		t.Errorf("unknown kind is called %q", got)
	}
}

func TestSimilarity(t *testing.T) {
	t.Parallel()
	for score, want := range map[face.Score]float64{-5: 0, 0: 0, 20: 0.375, 40: 0.75, 70: 0.875, 100: 1, 120: 1} {
		if got := score.Similarity(); math.Abs(got-want) > 1e-12 {
			t.Errorf("Score(%v).Similarity() = %v, want %v", score, got, want)
		}
	}
	for s := face.Score(0); s <= 100; s += 0.5 {
		if got := face.ScoreOfSimilarity(s.Similarity()); math.Abs(float64(got-s)) > 1e-9 {
			t.Errorf("ScoreOfSimilarity(Similarity(%v)) = %v", s, got)
		}
	}
	if got := face.Score(30).FMR(); math.Abs(got-1e-3) > 1e-12 {
		t.Errorf("Score(30).FMR() = %v, want 0.001", got)
	}
}

func curve() *face.Calibration {
	return &face.Calibration{Label: "test@1", Knots: []face.Knot{{-0.5, 0}, {0, 3}, {0.4, 40}, {0.9, 100}}}
}

func TestCalibrationScore(t *testing.T) {
	t.Parallel()
	c := curve()
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	for cosine, want := range map[float64]face.Score{-1: 0, -0.5: 0, 0: 3, 0.2: 21.5, 0.4: 40, 0.65: 70, 0.9: 100, 1: 100} {
		if got := c.Score(cosine); math.Abs(float64(got-want)) > 1e-9 {
			t.Errorf("Score(%v) = %v, want %v", cosine, got, want)
		}
	}
}

// TestCalibrationInverse holds Cosine to its promise: a cosine is at least
// Cosine(s) exactly when its score is at least s.
func TestCalibrationInverse(t *testing.T) {
	t.Parallel()
	c := curve()
	for _, s := range []face.Score{-1, 0, 0.5, 3, 17, 40, 40.5, 99.9, 100, 100.5} {
		limit := c.Cosine(s)
		for cosine := -1.0; cosine <= 1; cosine += 0.003 {
			if math.Abs(cosine-limit) < 1e-9 {
				continue
			}
			if got, want := cosine >= limit, c.Score(cosine) >= s; got != want {
				t.Fatalf("score %v: cosine %.3f ≥ %.3f is %v, but Score ≥ %v is %v", s, cosine, limit, got, s, want)
			}
		}
	}
}

func TestCalibrationCheck(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*face.Calibration){
		"no label":       func(c *face.Calibration) { c.Label = "" },
		"one knot":       func(c *face.Calibration) { c.Knots = c.Knots[:1] },
		"flat score":     func(c *face.Calibration) { c.Knots[1].Score = 0 },
		"falling cosine": func(c *face.Calibration) { c.Knots[1].Cosine = -0.6 },
		"score over 100": func(c *face.Calibration) { c.Knots[3].Score = 101 },
		"not a number":   func(c *face.Calibration) { c.Knots[0].Cosine = math.NaN() },
	}
	for name, spoil := range tests {
		c := curve()
		spoil(c)
		if face.KindOf(c.Check()) != face.Invalid {
			t.Errorf("%s: Check = %v, want an Invalid error", name, c.Check())
		}
	}
}

func TestCalibrationsFor(t *testing.T) {
	t.Parallel()
	cs := face.Calibrations{"test@1": curve()}
	if _, err := cs.For("test@1"); err != nil {
		t.Error(err)
	}
	if _, err := cs.For("other@1"); err == nil {
		t.Error("For an unknown label: no error")
	}
}

func TestLandmarkSize(t *testing.T) {
	t.Parallel()
	l := face.Landmarks{
		LeftEye: face.Point{X: 0, Y: 0}, RightEye: face.Point{X: 40, Y: 0}, Nose: face.Point{X: 20, Y: 20},
		LeftMouth: face.Point{X: 5, Y: 44}, RightMouth: face.Point{X: 35, Y: 44},
	}
	if got := l.Size(); got != 44 {
		t.Errorf("frontal: Size = %v, want the eye-mouth distance 44", got)
	}
	l.LeftMouth.Y, l.RightMouth.Y = 30, 30
	if got := l.Size(); got != 40 {
		t.Errorf("nodding: Size = %v, want the eye distance 40", got)
	}
}
