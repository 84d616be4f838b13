package face_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/facekeep/facekeep/face"
)

// finding has another value for each measure.
func finding() face.Finding {
	return face.Finding{
		Confidence: 0.5, Size: 60, Area: 0.25, Visible: 0.9,
		Attributes: face.Attributes{
			Yaw: new(-20.), Pitch: new(7.), Sharpness: new(2000.), Brightness: new(-300.),
			Contrast: new(400.), Levels: new(-500.),
		},
	}
}

func TestMeasured(t *testing.T) {
	t.Parallel()
	want := map[face.Measure]float64{
		face.FaceConfidence: 5000, face.FaceSize: 60, face.FaceArea: 0.25, face.FaceVisible: 0.9,
		face.YawAngle: -20, face.PitchAngle: 7, face.SharpnessMeasure: 2000, face.BrightnessMeasure: -300,
		face.ContrastMeasure: 400, face.LevelsMeasure: -500, face.Measure(99): math.NaN(), face.Measure(-1): math.NaN(),
	}
	f, bare := finding(), face.Finding{}
	for m, w := range want {
		if got := f.Measured(m); !cmp.Equal(got, w, cmpopts.EquateNaNs()) {
			t.Errorf("measure %d: got %v, want %v", m, got, w)
		}
		if got := bare.Measured(m); m >= face.YawAngle && !math.IsNaN(got) {
			t.Errorf("measure %d that was not taken: got %v, want NaN", m, got)
		}
	}
}

func TestConditionHolds(t *testing.T) {
	t.Parallel()
	inf := math.Inf(1)
	tests := []struct {
		least, most, value float64
		want               bool
	}{
		{-20, 20, -20, true},
		{-20, 20, 20, true},
		{-20, 20, math.Nextafter(20, 21), false},
		{-20, 20, math.Nextafter(-20, -21), false},
		{30, inf, 1e300, true},
		{-inf, 30, -1e300, true},
		{-inf, inf, math.NaN(), false},
		{inf, inf, 1e300, false},
	}
	for _, tt := range tests {
		c := face.Condition{Least: tt.least, Most: tt.most}
		if got := c.Holds(tt.value); got != tt.want {
			t.Errorf("[%v; %v] of %v: got %v, want %v", tt.least, tt.most, tt.value, got, tt.want)
		}
	}
}

func TestUnmet(t *testing.T) {
	t.Parallel()
	holds := face.Condition{Measure: face.FaceSize, Least: 30, Most: math.Inf(1)}
	small := face.Condition{Measure: face.FaceArea, Least: 0.3, Most: 1}
	turned := face.Condition{Measure: face.YawAngle, Least: -10, Most: 10}
	f := finding()
	tests := []struct {
		name  string
		check face.LivenessCheck
		want  []face.Unmet
	}{
		{"no conditions", face.LivenessCheck{}, nil},
		{"all hold", face.LivenessCheck{Conditions: []face.Condition{holds}, TellAll: true}, nil},
		{"the first alone", face.LivenessCheck{Conditions: []face.Condition{holds, small, turned}},
			[]face.Unmet{{Condition: small, Value: 0.25}}},
		{"all of them", face.LivenessCheck{Conditions: []face.Condition{turned, holds, small, turned}, TellAll: true},
			[]face.Unmet{{Condition: turned, Value: -20}, {Condition: small, Value: 0.25}, {Condition: turned, Value: -20}}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, tt.check.Unmet(&f)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tt.name, diff)
		}
	}
}

// What conditions are about is measured, and nothing else is.
func TestWithNeeds(t *testing.T) {
	t.Parallel()
	about := func(ms ...face.Measure) (check face.LivenessCheck) {
		for _, m := range ms {
			check.Conditions = append(check.Conditions, face.Condition{Measure: m})
		}
		return check
	}
	tests := []struct {
		name   string
		checks []face.LivenessCheck
		want   face.InspectOptions
	}{
		{"known of every face", []face.LivenessCheck{about(face.FaceConfidence, face.FaceSize, face.FaceArea, face.FaceVisible)}, face.InspectOptions{}},
		{"yaw", []face.LivenessCheck{about(face.YawAngle)}, face.InspectOptions{Pose: true}},
		{"pitch", []face.LivenessCheck{about(face.PitchAngle)}, face.InspectOptions{Pose: true}},
		{"one of each of two checks", []face.LivenessCheck{about(face.SharpnessMeasure), about(face.LevelsMeasure)},
			face.InspectOptions{Sharpness: true, Levels: true}},
		{"light", []face.LivenessCheck{about(face.BrightnessMeasure, face.ContrastMeasure)},
			face.InspectOptions{Brightness: true, Contrast: true}},
	}
	for _, tt := range tests {
		asked := face.InspectOptions{Age: true, Liveness: tt.checks}
		tt.want.Age, tt.want.Liveness = true, tt.checks
		if diff := cmp.Diff(tt.want, asked.WithNeeds()); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tt.name, diff)
		}
	}
}
