package regula

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/face"
)

// compliant is a portrait that complies with everything that can be measured.
func compliant() *assessed {
	return &assessed{
		picture: &face.Inspection{Width: 600, Height: 800, Found: 1},
		face: &face.Inspected{Finding: face.Finding{
			Landmarks: face.Landmarks{LeftEye: face.Point{X: 230, Y: 340}, RightEye: face.Point{X: 370, Y: 340}},
			Attributes: face.Attributes{
				HeadWidth: new(330.0), HeadHeight: new(560.0), Yaw: new(1.0), Pitch: new(-2.0), Roll: new(3.0),
				Sharpness: new(5000.0), Noise: new(2.0), SkinTone: new(0.0), DynamicRange: new(190.0),
				LeftEyeOpen: new(9000.0), RightEyeOpen: new(9500.0), Brightness: new(-500.0), Glare: new(0.001), UnevenLight: new(0.1),
				MouthOpen: new(0.02), MaskConfidence: new(-9000.0), NoseTipConfidence: new(8000.0),
				Background: &face.Background{Colour: [3]uint8{250, 250, 250}, Uniform: 0.97},
			},
		}},
		background: &[3]uint8{255, 255, 255},
	}
}

func TestCompliant(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]scenario{"QualityFull": scenarios()["QualityFull"], "QualityICAO": scenarios()["QualityICAO"], "QualityVisaSchengen": scenarios()["QualityVisaSchengen"]} {
		q := compliant().assess(usualCriteria(s.except, s.ranges))
		if len(q.NonCompliant) > 0 || q.Score != 1 {
			t.Errorf("%s: got %v that do not comply, a score of %v", name, q.NonCompliant, q.Score)
		}
	}
}

// Each characteristic that is measured has a value that complies, one that does not,
// and none without the measurement.
func TestEachCharacteristic(t *testing.T) {
	t.Parallel()
	attributes := func(change func(a *face.Attributes)) func(*assessed) {
		return func(s *assessed) { change(&s.face.Attributes) }
	}
	tests := []struct {
		name         string
		value        float64 // of the compliant portrait
		worse        func(s *assessed)
		worseValue   float64
		unknown      func(s *assessed) // nil: it is always known
		withoutRange bool              // complies whatever it is
	}{
		{"ImageWidth", 600, func(s *assessed) { s.picture.Width = 60 }, 60, nil, true},
		{"ImageHeight", 800, func(s *assessed) { s.picture.Height = 80 }, 80, nil, true},
		{"ImageWidthToHeight", 0.75, func(s *assessed) { s.picture.Height = 600 }, 1, nil, true},
		{"ImageChannelsNumber", 3, func(s *assessed) { s.picture.Grey = true }, 1, nil, true},
		{"PaddingRatio", 0, func(s *assessed) { s.face.PortraitPad = 0.2 }, 0.2, nil, true},
		{"FaceMidPointHorizontalPosition", 0.5, func(s *assessed) { s.picture.Width = 1000 }, 0.3, nil, false},
		{"FaceMidPointVerticalPosition", 0.425, func(s *assessed) { s.picture.Height = 500 }, 0.68, nil, false},
		{"HeadWidthRatio", 0.55, func(s *assessed) { s.picture.Width = 1100 }, 0.3, attributes(func(a *face.Attributes) { a.HeadWidth = nil }), false},
		{"HeadHeightRatio", 0.7, func(s *assessed) { s.picture.Height = 1400 }, 0.4, attributes(func(a *face.Attributes) { a.HeadHeight = nil }), false},
		{"EyesDistance", 140, func(s *assessed) { s.face.Landmarks.RightEye.X = 290 }, 60, nil, false},
		{"Yaw", 1, attributes(func(a *face.Attributes) { a.Yaw = new(-30.5) }), -30.5, attributes(func(a *face.Attributes) { a.Yaw = nil }), false},
		{"Pitch", -2, attributes(func(a *face.Attributes) { a.Pitch = new(20.0) }), 20, attributes(func(a *face.Attributes) { a.Pitch = nil }), false},
		{"Roll", 3, attributes(func(a *face.Attributes) { a.Roll = new(9.0) }), 9, attributes(func(a *face.Attributes) { a.Roll = nil }), false},
		{"BlurLevel", 0.125, attributes(func(a *face.Attributes) { a.Sharpness = new(-2000.0) }), 1, attributes(func(a *face.Attributes) { a.Sharpness = nil }), false},
		{"NoiseLevel", 0.125, attributes(func(a *face.Attributes) { a.Noise = new(12.0) }), 0.75, attributes(func(a *face.Attributes) { a.Noise = nil }), false},
		{"UnnaturalSkinTone", 0, attributes(func(a *face.Attributes) { a.SkinTone = new(7.0) }), 0.7, attributes(func(a *face.Attributes) { a.SkinTone = nil }), false},
		{"FaceDynamicRange", 0.7451, attributes(func(a *face.Attributes) { a.DynamicRange = new(51.0) }), 0.2, attributes(func(a *face.Attributes) { a.DynamicRange = nil }), false},
		{"EyeLeftClosed", 0.05, attributes(func(a *face.Attributes) { a.LeftEyeOpen = new(-8000.0) }), 0.9, attributes(func(a *face.Attributes) { a.LeftEyeOpen = nil }), false},
		{"EyeRightClosed", 0.025, attributes(func(a *face.Attributes) { a.RightEyeOpen = new(-8000.0) }), 0.9, attributes(func(a *face.Attributes) { a.RightEyeOpen = nil }), false},
		{"TooDark", 0, attributes(func(a *face.Attributes) { a.Brightness = new(-10000.0) }), 1, attributes(func(a *face.Attributes) { a.Brightness = nil }), false},
		{"TooLight", 0, attributes(func(a *face.Attributes) { a.Brightness = new(10000.0) }), 1, attributes(func(a *face.Attributes) { a.Brightness = nil }), false},
		{"FaceGlare", 0.01, attributes(func(a *face.Attributes) { a.Glare = new(0.08) }), 0.8, attributes(func(a *face.Attributes) { a.Glare = nil }), false},
		{"ShadowsOnFace", 0.1429, attributes(func(a *face.Attributes) { a.UnevenLight = new(0.7) }), 1, attributes(func(a *face.Attributes) { a.UnevenLight = nil }), false},
		{"MouthOpen", 0.1, attributes(func(a *face.Attributes) { a.MouthOpen = new(0.4) }), 1, attributes(func(a *face.Attributes) { a.MouthOpen = nil }), false},
		{"MedicalMask", 0.05, attributes(func(a *face.Attributes) { a.MaskConfidence = new(9000.0) }), 0.95, attributes(func(a *face.Attributes) { a.MaskConfidence = nil }), false},
		{"FaceOccluded", 0.1, attributes(func(a *face.Attributes) { a.NoseTipConfidence = new(-9000.0) }), 0.95, attributes(func(a *face.Attributes) { a.NoseTipConfidence = nil }), false},
		{"BackgroundUniformity", 0.97, attributes(func(a *face.Attributes) { a.Background.Uniform = 0.3 }), 0.3, attributes(func(a *face.Attributes) { a.Background = nil }), false},
		{"OtherFaces", 0, func(s *assessed) { s.picture.Found = 3 }, 2, nil, false},
		{"BackgroundColorMatch", 0.9804, func(s *assessed) { s.background = &[3]uint8{} }, 0.0197, func(s *assessed) { s.background = nil }, false},
	}
	criteria := map[string]criterion{}
	measured := 0
	for _, c := range usualCriteria(nil, nil) {
		criteria[c.name] = c
		if c.value != nil {
			measured++
		}
	}
	if measured != len(tests) {
		t.Errorf("%d characteristics are measured, and %d are tested", measured, len(tests))
	}
	for _, tt := range tests {
		good := compliant().detail(criteria[tt.name])
		if good.Value == nil || *good.Value != tt.value || good.Status != statusTrue {
			t.Errorf("%s: got %v, status %d, want %v, 1", tt.name, value(good.Value), good.Status, tt.value)
		}
		s := compliant()
		tt.worse(s)
		want := statusFalse
		if tt.withoutRange {
			want = statusTrue
		}
		if bad := s.detail(criteria[tt.name]); bad.Value == nil || *bad.Value != tt.worseValue || bad.Status != want {
			t.Errorf("%s, worse: got %v, status %d, want %v, %d", tt.name, value(bad.Value), bad.Status, tt.worseValue, want)
		}
		if tt.unknown == nil {
			continue
		}
		s = compliant()
		tt.unknown(s)
		if d := s.detail(criteria[tt.name]); d.Value != nil || d.Status != statusUndetermined {
			t.Errorf("%s, not measured: got %v, status %d, want nothing, 2", tt.name, value(d.Value), d.Status)
		}
	}
}

// value returns what a pointer holds, for a message.
func value(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

// The bounds of a range comply.
func TestRangesIncludeTheirBounds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		least, most float64
		want        qualityStatus
	}{{600, 600, statusTrue}, {600, 601, statusTrue}, {599, 600, statusTrue}, {600.0001, 700, statusFalse}, {0, 599.9999, statusFalse}} {
		c := usualCriteria(nil, map[string][2]float64{"ImageWidth": {tt.least, tt.most}})[0]
		if got := compliant().detail(c); got.Status != tt.want {
			t.Errorf("600 in %v…%v: got status %d, want %d", tt.least, tt.most, got.Status, tt.want)
		}
	}
}

// Nothing that could be measured is no proof of quality.
func TestScoreOfNothing(t *testing.T) {
	t.Parallel()
	q := compliant().assess([]criterion{{characteristic: unknown("Smile", poseGroup)}})
	want := &quality{
		NonCompliant: []string{}, Score: 0,
		DetailsGroups: []qualityTotals{{GroupID: poseGroup, Name: "PoseAndExpression", TotalCount: 1}},
		Details:       []qualityDetail{{GroupID: poseGroup, Name: "Smile", Status: statusUndetermined}},
	}
	if diff := cmp.Diff(want, q); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
