package gallery_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
)

// addFace asks for another face of a member.
func addFace(memberID, picture string) gallery.AddFaceRequest {
	return gallery.AddFaceRequest{MemberID: memberID, Picture: gallery.EnrolImage{Data: []byte(picture)}}
}

// TestAddFace gives a member the face of another look, by which the member is
// found from then on, on every watchlist, until it is removed.
func TestAddFace(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	s.list(t, "staff")
	s.list(t, "guests")
	first := s.enrol(t, "ann", []string{"staff", "guests"}, "ann#1").Faces[0]
	added, err := s.AddFace(t.Context(), addFace("ann", "ann in disguise#1"))
	must(t, err)
	if added.MemberUID != first.MemberUID || added.TrackletID != first.TrackletID || added.Order != 1 || added.FacesOnFrame != 1 {
		t.Errorf("added %+v, want it to be of the member and tracklet of %+v", added, first)
	}
	if slices.Contains([]uuid.UUID{added.ID, added.FrameID, added.ImageID}, uuid.Nil) || added.FrameID == first.FrameID || added.CreatedAt.IsZero() {
		t.Errorf("added %+v, want ids of its own and a time", added)
	}
	image, err := s.Image(t.Context(), added.ImageID, gallery.ImageSize{})
	if err != nil || string(image.Data) != "crop of ann in disguise#1" {
		t.Errorf("image = %q, %v", image.Data, err)
	}
	both := []found{{"guests", "ann"}, {"staff", "ann"}}
	for step, want := range map[string][]found{"ann#2": both, "ann in disguise#2": both} {
		if got := s.identify(t, step); !slices.Equal(got, want) {
			t.Errorf("%s: found %v, want %v", step, got, want)
		}
	}
	must(t, s.RemoveFace(t.Context(), "ann", added.ID))
	if got := s.identify(t, "ann in disguise#2"); len(got) > 0 {
		t.Errorf("after the removal, found %v, want nobody", got)
	}
	must(t, s.RemoveFace(t.Context(), "ann", first.ID))
	if got := s.identify(t, "ann#2"); len(got) > 0 {
		t.Errorf("after the last removal, found %v, want nobody", got)
	}
	if _, err := s.Member(t.Context(), "ann"); err != nil {
		t.Errorf("the member without a face: %v, want it to be there", err)
	}
	got, want := s.size(t), size{Lists: 2, Members: 1}
	got.Changes = 0
	if got != want {
		t.Errorf("size %+v, want %+v", got, want)
	}
}

// TestAddFaceRefused holds that what is refused stores nothing, and that what is
// cheap to refuse never reaches the engine.
func TestAddFaceRefused(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	s.list(t, "staff")
	taken := s.enrol(t, "ann", []string{"staff"}, "ann#1").Faces[0].ID
	before := s.size(t)
	preset := addFace("ann", "ann#2")
	preset.Picture.FaceID = taken
	tests := []struct {
		name     string
		request  gallery.AddFaceRequest
		kind     face.Kind
		field    string
		says     string
		inspects int64
	}{
		{"unknown member", addFace("eve", "eve#1"), face.NotFound, "", "'eve'", 0},
		{"taken face id", preset, face.Conflict, "", taken.String(), 0},
		{"no face", addFace("ann", "."), face.NoFace, "imageData", "no face", 1},
		{"two faces", addFace("ann", "ann|bob"), face.ManyFaces, "imageData", "2 faces", 1},
		{"no picture", addFace("ann", "broken"), face.Invalid, "imageData", "not a JPEG", 1},
	}
	for _, tt := range tests {
		inspected := s.engine.inspects.Load()
		_, err := s.AddFace(t.Context(), tt.request)
		if face.KindOf(err) != tt.kind || face.FieldOf(err) != tt.field || !strings.Contains(face.MessageOf(err), tt.says) {
			t.Errorf("%s: got %v (kind %v, field %q), want kind %v, field %q and %q", tt.name, err, face.KindOf(err), face.FieldOf(err), tt.kind, tt.field, tt.says)
		}
		if got := s.engine.inspects.Load() - inspected; got != tt.inspects {
			t.Errorf("%s: %d pictures were inspected, want %d", tt.name, got, tt.inspects)
		}
	}
	if got := s.size(t); got != before {
		t.Errorf("size %+v, want %+v as before", got, before)
	}
	preset.Picture.FaceID = uuid.New()
	if added, err := s.AddFace(t.Context(), preset); err != nil || added.ID != preset.Picture.FaceID {
		t.Errorf("with a free face id: face %v, %v, want %v", added.ID, err, preset.Picture.FaceID)
	}
}

// TestAssignFace holds that a face that is stored belongs to somebody, and is not
// given away.
func TestAssignFace(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	s.list(t, "staff")
	s.enrol(t, "bob", []string{"staff"}, "bob#1")
	faceID := s.enrol(t, "ann", []string{"staff"}, "ann#1").Faces[0].ID
	tests := []struct {
		name, member string
		face         uuid.UUID
		kind         face.Kind
		says         string
	}{
		{"another's face", "bob", faceID, face.Conflict, "'ann'"},
		{"the member's own", "ann", faceID, face.Conflict, "'ann'"},
		{"unknown member", "eve", faceID, face.NotFound, "'eve'"},
		{"unknown face", "bob", uuid.UUID{1}, face.NotFound, uuid.UUID{1}.String()},
	}
	for _, tt := range tests {
		err := s.AssignFace(t.Context(), tt.member, tt.face)
		if err == nil || face.KindOf(err) != tt.kind || !strings.Contains(face.MessageOf(err), tt.says) {
			t.Errorf("%s: got %v, want kind %v and %q", tt.name, err, tt.kind, tt.says)
		}
	}
	must(t, s.RemoveFace(t.Context(), "ann", faceID))
	if err := s.AssignFace(t.Context(), "bob", faceID); face.KindOf(err) != face.NotFound {
		t.Errorf("a removed face: %v, want NotFound", err)
	}
}
