package gallery_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
)

// aLiveness asks for one check; the fake engine performs it with a score of 97.
func aLiveness() []face.LivenessCheck {
	return []face.LivenessCheck{{Kind: face.Nearby}}
}

func TestCheckLiveness(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	got, err := s.CheckLiveness(t.Context(), gallery.LivenessQuery{
		Image: []byte("ann#1|bob"), Inspect: face.InspectOptions{Liveness: aLiveness()},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []face.Liveness{{Kind: face.Nearby, Performed: true, Score: 97}}
	if diff := cmp.Diff(want, got.Liveness); diff != "" || got.Size != 100 || got.Template != nil {
		t.Errorf("got size %v and template %v, want the largest face without one (-want +got)\n%s", got.Size, got.Template, diff)
	}
}

func TestCheckLivenessErrors(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	tests := []struct {
		image  string
		checks []face.LivenessCheck
		kind   face.Kind
		says   string
	}{
		{".", aLiveness(), face.NoFace, "no face was found in the picture"},
		{"broken", aLiveness(), face.Invalid, "not a JPEG"},
		{"ann", nil, face.Invalid, "no liveness check"},
	}
	for _, tt := range tests {
		_, err := s.CheckLiveness(t.Context(), gallery.LivenessQuery{Image: []byte(tt.image), Inspect: face.InspectOptions{Liveness: tt.checks}})
		if face.KindOf(err) != tt.kind || !strings.Contains(face.MessageOf(err), tt.says) {
			t.Errorf("%q: got %v, want kind %v and %q", tt.image, err, tt.kind, tt.says)
		}
	}
}

// Identify checks every face that it looks for, whoever it is.
func TestIdentifyChecksLiveness(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	found, err := s.Identify(t.Context(), gallery.IdentifyQuery{
		Image: []byte("ann#1|bob"), MaxCandidates: 1, Inspect: face.InspectOptions{Liveness: aLiveness()},
	})
	if err != nil || len(found) != 2 {
		t.Fatalf("got %d faces (%v), want 2", len(found), err)
	}
	for i, f := range found {
		if len(f.Liveness) != 1 || f.Liveness[0].Score != 97 {
			t.Errorf("face %d: got %+v, want a result of the check", i, f.Liveness)
		}
	}
}
