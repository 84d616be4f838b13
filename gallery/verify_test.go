package gallery_test

import (
	"math"
	"strings"
	"testing"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
)

func TestVerify(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	same := float64(testCurve()["fake@1"].Score(cosine("ann#1", "ann#2")))
	tests := []struct {
		name             string
		probe, reference string
		want             float64
	}{
		{"the same picture", "ann#1", "ann#1", 100},
		{"the same person", "ann#1", "ann#2", same},
		{"the largest face of each", "ann#1|bob", "ann#2|cid|dora", same},
	}
	for _, tt := range tests {
		got, err := s.Verify(t.Context(), verification(tt.probe, tt.reference))
		if err != nil || math.Abs(float64(got.Score)-tt.want) > 1e-4 {
			t.Errorf("%s: Verify = %v (%v), want %v", tt.name, got.Score, err, tt.want)
		}
		if got.Probe.Template == nil || got.Reference.Size != 100 {
			t.Errorf("%s: sides %+v and %+v", tt.name, got.Probe, got.Reference)
		}
	}
	if got, err := s.Verify(t.Context(), verification("ann#1", "bob#1")); err != nil || got.Score > 40 {
		t.Errorf("two persons: Verify = %v (%v), want less than 40", got.Score, err)
	}
}

func verification(probe, reference string) gallery.VerifyQuery {
	return gallery.VerifyQuery{Probe: gallery.VerifySide{Image: []byte(probe)}, Reference: gallery.VerifySide{Image: []byte(reference)}}
}

func TestVerifyErrors(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	tests := []struct {
		probe, reference string
		kind             face.Kind
		says             string
	}{
		{".", "ann", face.NoFace, "probe"},
		{"ann", ".", face.NoFace, "reference"},
		{".", ".", face.NoFace, "probe"},
		{"broken", ".", face.Invalid, "probe picture: not a JPEG"},
		{"ann", "broken", face.Invalid, "reference picture: not a JPEG"},
	}
	for _, tt := range tests {
		_, err := s.Verify(t.Context(), verification(tt.probe, tt.reference))
		if face.KindOf(err) != tt.kind || !strings.Contains(face.MessageOf(err), tt.says) {
			t.Errorf("Verify(%q, %q) = %v, want kind %v and %q", tt.probe, tt.reference, err, tt.kind, tt.says)
		}
	}
}
