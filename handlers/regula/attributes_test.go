package regula

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/face"
)

func TestEachAttribute(t *testing.T) {
	t.Parallel()
	s := compliant()
	s.attributes().Age = new(1.4)
	s.attributes().MaskConfidence = new(9000.0)
	s.attributes().RightEyeOpen = new(-10000.0)
	got := s.tell(allAttributes()).Details
	want := []attributeDetail{
		{Name: "Age", Value: [2]int{0, 4}}, {Name: "Emotion"},
		{Name: "EyeLeft", Value: "open", Confidence: new(0.95)}, {Name: "EyeRight", Value: "closed", Confidence: new(1.0)},
		{Name: "Smile"}, {Name: "Glasses"}, {Name: "HeadCovering"}, {Name: "ForeheadCovering"},
		{Name: "Mouth", Value: "closed", Confidence: new(0.9)}, {Name: "MedicalMask", Value: "yes", Confidence: new(0.95)},
		{Name: "Occlusion", Value: "occluded", Confidence: new(0.95)}, {Name: "StrongMakeup"}, {Name: "Headphones"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	for _, d := range (&assessed{picture: &face.Inspection{}, face: &face.Inspected{}}).tell(allAttributes()).Details {
		if d.Value != nil || d.Confidence != nil {
			t.Errorf("%s of a face of which nothing is known: got %v, %v", d.Name, d.Value, d.Confidence)
		}
	}
}
