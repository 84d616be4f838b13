package gallery_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
)

// size counts what a system holds.
type size struct{ Lists, Members, Faces, Changes, Rows int }

func (s *system) size(tb testing.TB) size {
	tb.Helper()
	q := face.PageQuery{Number: 1, Size: 1, Total: true}
	lists, err1 := s.Watchlists(tb.Context(), q)
	members, err2 := s.Members(tb.Context(), q)
	labels, err3 := s.repo.TemplateLabels(tb.Context())
	changes, err4 := s.repo.Changes(tb.Context(), 0, 100000)
	stats, err5 := s.index.Stats(tb.Context())
	for _, err := range []error{err1, err2, err3, err4, err5} {
		if err != nil {
			tb.Fatal(err)
		}
	}
	return size{lists.Total, members.Total, labels[s.engine.label], len(changes), stats.Rows[s.engine.label]}
}

func TestEnrol(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	staff, guests := s.list(t, "staff"), s.list(t, "guests")
	name := "Ann"
	preset := uuid.New()
	before := time.Now().Truncate(time.Microsecond)
	got, err := s.Enrol(t.Context(), gallery.EnrolRequest{
		Member:       face.Member{FullName: &name, Labels: []face.Label{{Key: "room", Value: "12"}}},
		WatchlistIDs: []string{"staff", "guests", "staff"},
		Pictures:     []gallery.EnrolImage{{FaceID: preset, Data: []byte("ann#1")}, {Data: []byte("ann#2|bob")}},
		Inspect:      face.InspectOptions{MaxFaces: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := uuid.Parse(got.Member.ID); err != nil {
		t.Errorf("the made id %q is no UUID", got.Member.ID)
	}
	if diff := cmp.Diff([]face.Watchlist{staff, guests}, got.Watchlists); diff != "" {
		t.Errorf("watchlists (-want +got):\n%s", diff)
	}
	if got.Member.CreatedAt.Before(before) || !got.Member.UpdatedAt.IsZero() {
		t.Errorf("the member is made at %v, updated at %v", got.Member.CreatedAt, got.Member.UpdatedAt)
	}
	member, err := s.Member(t.Context(), got.Member.ID)
	if diff := cmp.Diff(got.Member, member); diff != "" || err != nil {
		t.Errorf("stored member (%v) (-answered +stored):\n%s", err, diff)
	}
	faces, err := s.MemberFaces(t.Context(), got.Member.ID, face.PageQuery{Number: 1, Size: 10})
	byID := cmpopts.SortSlices(func(a, b face.Face) bool { return a.ID.String() < b.ID.String() })
	if diff := cmp.Diff(got.Faces, faces.Items, byID); diff != "" || err != nil {
		t.Errorf("stored faces (%v) (-answered +stored):\n%s", err, diff)
	}
	if got.Faces[0].ID != preset {
		t.Errorf("the first face has the id %v, want the preset %v", got.Faces[0].ID, preset)
	}
	checkFaces(t, s, got)
	if diff := cmp.Diff(size{Lists: 2, Members: 1, Faces: 2, Changes: 4, Rows: 4}, s.size(t)); diff != "" {
		t.Errorf("size (-want +got):\n%s", diff)
	}
}

// checkFaces holds what an enrolment answers about its faces and their pictures.
func checkFaces(t *testing.T, s *system, e gallery.Enrolment) {
	t.Helper()
	a, b := e.Faces[0], e.Faces[1]
	if a.TrackletID != b.TrackletID || a.FrameID == b.FrameID || a.ImageID == b.ImageID || a.ID == b.ID {
		t.Errorf("ids of two pictures of one member: %+v and %+v", a, b)
	}
	for i, f := range e.Faces {
		if f.MemberUID != e.Member.UID || f.Order != 1 || f.FacesOnFrame != 1 || f.Quality != 8750 || f.TemplateQuality != 200 {
			t.Errorf("face %d = %+v", i, f)
		}
		image, err := s.Image(t.Context(), f.ImageID, gallery.ImageSize{})
		if want := "crop of ann#" + string(rune('1'+i)); err != nil || string(image.Data) != want || image.MediaType != "image/jpeg" {
			t.Errorf("image %d = %+v (%v), want %q", i, image, err, want)
		}
	}
}

func TestEnrolRefuses(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	s.list(t, "staff")
	taken := s.enrol(t, "ann", []string{"staff"}, "ann#1").Faces[0].ID
	long := strings.Repeat("é", face.MaxNameLength+1)
	twice := uuid.New()
	change := func(f func(*gallery.EnrolRequest)) gallery.EnrolRequest {
		r := enrolment("new", []string{"staff"}, "new#1")
		f(&r)
		return r
	}
	tests := []struct {
		name  string
		req   gallery.EnrolRequest
		kind  face.Kind
		field string
		says  string
		cheap bool // refused without looking at a picture
	}{
		{"no watchlist", enrolment("new", nil, "new"), face.Invalid, "watchlistIds", "at least one", true},
		{"an unknown watchlist", enrolment("new", []string{"staff", "nope"}, "new"), face.Invalid, "watchlistIds", "Watchlist with id 'nope' was not found.", true},
		{"no picture", enrolment("new", []string{"staff"}), face.Invalid, "images", "at least one", true},
		{"a taken member id", enrolment("ann", []string{"staff"}, "new"), face.Conflict, "", "'ann' exists", true},
		{"a taken face id", change(func(r *gallery.EnrolRequest) { r.Pictures[0].FaceID = taken }), face.Conflict, "", taken.String(), true},
		{"a face id twice", change(func(r *gallery.EnrolRequest) {
			r.Pictures = []gallery.EnrolImage{{FaceID: twice, Data: []byte("new#1")}, {FaceID: twice, Data: []byte("new#2")}}
		}), face.Invalid, "images[1].faceId", "twice", true},
		{"a long name", change(func(r *gallery.EnrolRequest) { r.Member.FullName = &long }), face.Invalid, "fullName", "201 characters", true},
		{"no face", enrolment("new", []string{"staff"}, "."), face.NoFace, "images[0]", "no face was found", false},
		{"two faces", enrolment("new", []string{"staff"}, "new|bob"), face.ManyFaces, "images[0]", "2 faces", false},
		{"no face in the second picture", enrolment("new", []string{"staff"}, "new#1", "."), face.NoFace, "images[1]", "picture 2 of 2", false},
		{"no picture in the third", enrolment("new", []string{"staff"}, "new#1", "new#2", "broken"), face.Invalid, "images[2]", "picture 3 of 3: not a JPEG", false},
	}
	before := s.size(t)
	for _, tt := range tests {
		inspects := s.engine.inspects.Load()
		_, err := s.Enrol(t.Context(), tt.req)
		if err == nil || face.KindOf(err) != tt.kind || face.FieldOf(err) != tt.field || !strings.Contains(face.MessageOf(err), tt.says) {
			t.Errorf("%s: Enrol = %v (kind %v, field %q), want kind %v, field %q and %q", tt.name, err, face.KindOf(err), face.FieldOf(err), tt.kind, tt.field, tt.says)
		}
		if cheap := s.engine.inspects.Load() == inspects; cheap != tt.cheap {
			t.Errorf("%s: refused before looking at a picture is %v, want %v", tt.name, cheap, tt.cheap)
		}
		if diff := cmp.Diff(before, s.size(t)); diff != "" {
			t.Errorf("%s leaves something behind:\n%s", tt.name, diff)
		}
	}
}

// TestEnrolBadEngine holds that a template which the index would refuse is not
// committed.
func TestEnrolBadEngine(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*face.Inspected){
		"no template": func(f *face.Inspected) { f.Template = nil },
		"no crop":     func(f *face.Inspected) { f.CropImage = nil },
		"no length":   func(f *face.Inspected) { f.Template.Vector = make([]float32, dim) },
	} {
		s := open(t, t.TempDir())
		s.list(t, "staff")
		before := s.size(t)
		s.engine.spoil = spoil
		if _, err := s.Enrol(t.Context(), enrolment("ann", []string{"staff"}, "ann")); err == nil || face.MessageOf(err) != "internal error" {
			t.Errorf("%s: Enrol = %v, want an Internal error", name, err)
		}
		if diff := cmp.Diff(before, s.size(t)); diff != "" {
			t.Errorf("%s leaves something behind:\n%s", name, diff)
		}
	}
}

// TestEnrolGoneClient ends the context right after the commit: the member is
// found all the same.
func TestEnrolGoneClient(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := open(t, t.TempDir())
	s.list(t, "staff")
	s.rewire(func(p *gallery.Parts) { p.Repository = hangingUp{s.repo, cancel} })
	if _, err := s.Enrol(ctx, enrolment("ann", []string{"staff"}, "ann#1")); err != nil {
		t.Fatal(err)
	}
	if ctx.Err() == nil {
		t.Fatal("the client did not go")
	}
	if got := s.size(t).Rows; got != 1 {
		t.Errorf("the index has %d rows, want 1", got)
	}
	if diff := cmp.Diff([]found{{"staff", "ann"}}, s.identify(t, "ann#2")); diff != "" {
		t.Errorf("candidates (-want +got):\n%s", diff)
	}
}
