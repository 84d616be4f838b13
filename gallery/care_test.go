package gallery_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
)

// TestWatchlistChecks holds the limits of a watchlist, on both ways to make one.
func TestWatchlistChecks(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	good := func() face.Watchlist {
		return face.Watchlist{ID: "id", DisplayName: "d", FullName: "f", Threshold: 40, PreviewColor: "#4adf62"}
	}
	tests := []struct {
		name  string
		spoil func(*face.Watchlist)
		field string // empty: fine
	}{
		{"as it should be", func(*face.Watchlist) {}, ""},
		{"empty names", func(w *face.Watchlist) { w.DisplayName, w.FullName = "", "" }, ""},
		{"200 characters of two bytes", func(w *face.Watchlist) { w.FullName = strings.Repeat("ß", 200) }, ""},
		{"201 characters", func(w *face.Watchlist) { w.DisplayName = strings.Repeat("x", 201) }, "displayName"},
		{"a new line in a name", func(w *face.Watchlist) { w.FullName = "a\nb" }, "fullName"},
		{"a null character in the id", func(w *face.Watchlist) { w.ID = "a\x00b" }, "id"},
		{"no UTF-8 in the id", func(w *face.Watchlist) { w.ID = "a\xffb" }, "id"},
		{"257 characters of id", func(w *face.Watchlist) { w.ID = strings.Repeat("x", 257) }, "id"},
		{"an id of odd characters", func(w *face.Watchlist) { w.ID = "a/b %2F ' \" 名" }, ""},
		{"threshold 0", func(w *face.Watchlist) { w.Threshold = 0 }, ""},
		{"threshold 100", func(w *face.Watchlist) { w.Threshold = 100 }, ""},
		{"threshold −1", func(w *face.Watchlist) { w.Threshold = -1 }, "threshold"},
		{"threshold 101", func(w *face.Watchlist) { w.Threshold = 101 }, "threshold"},
		{"a short colour", func(w *face.Watchlist) { w.PreviewColor = "#01a" }, ""},
		{"no colour", func(w *face.Watchlist) { w.PreviewColor = "" }, "previewColor"},
		{"a colour of four digits", func(w *face.Watchlist) { w.PreviewColor = "#01ab" }, "previewColor"},
		{"a colour without its sign", func(w *face.Watchlist) { w.PreviewColor = "012abc" }, "previewColor"},
		{"a colour by name", func(w *face.Watchlist) { w.PreviewColor = "#maroon" }, "previewColor"},
	}
	for _, tt := range tests {
		w := good()
		tt.spoil(&w)
		_, err := s.UpsertWatchlist(t.Context(), w)
		if w.ID == "id" {
			w.ID = ""
		} else if tt.field == "" {
			w.ID += " again"
		}
		_, err2 := s.CreateWatchlist(t.Context(), w)
		for i, err := range []error{err, err2} {
			if (err == nil) != (tt.field == "") || err != nil && (face.KindOf(err) != face.Invalid || face.FieldOf(err) != tt.field) {
				t.Errorf("%s, way %d: %v, want a fault of %q", tt.name, i+1, err, tt.field)
			}
		}
	}
}

func TestMemberChecks(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	text := func(s string) *string { return &s }
	tests := []struct {
		name   string
		member face.Member
		field  string // empty: fine
	}{
		{"nothing", face.Member{}, ""},
		{"empty texts", face.Member{DisplayName: text(""), FullName: text(""), Note: text("")}, ""},
		{"a note of several lines", face.Member{Note: text("a\r\n\tb")}, ""},
		{"a bell in a note", face.Member{Note: text("\a")}, "note"},
		{"a long note", face.Member{Note: text(strings.Repeat("x", face.MaxNoteLength+1))}, "note"},
		{"a long name", face.Member{DisplayName: text(strings.Repeat("x", 201))}, "displayName"},
		{"a delete character in a name", face.Member{FullName: text("\x7f")}, "fullName"},
		{"a long id", face.Member{ID: strings.Repeat("x", 257)}, "id"},
		{"labels", face.Member{Labels: []face.Label{{Key: strings.Repeat("k", 128), Value: strings.Repeat("v", 256)}, {}}}, ""},
		{"a long key", face.Member{Labels: []face.Label{{}, {Key: strings.Repeat("k", 129)}}}, "labels[1].key"},
		{"a long value", face.Member{Labels: []face.Label{{Value: strings.Repeat("v", 257)}}}, "labels[0].value"},
		{"too many labels", face.Member{Labels: make([]face.Label, 1001)}, "labels"},
	}
	for _, tt := range tests {
		_, err := s.CreateMember(t.Context(), tt.member)
		_, err2 := s.UpsertMember(t.Context(), tt.member)
		for i, err := range []error{err, err2} {
			if (err == nil) != (tt.field == "") || err != nil && (face.KindOf(err) != face.Invalid || face.FieldOf(err) != tt.field) {
				t.Errorf("%s, way %d: %v, want a fault of %q", tt.name, i+1, err, tt.field)
			}
		}
	}
}

// TestUpsert holds what an update keeps and what it replaces.
func TestUpsert(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	made := s.list(t, "staff")
	change := made
	change.FullName, change.Threshold, change.UID = "Changed", 77, uuid.New()
	got, err := s.UpsertWatchlist(t.Context(), change)
	must(t, err)
	if got.UID != made.UID || got.CreatedAt != made.CreatedAt || !got.UpdatedAt.After(made.CreatedAt) || got.FullName != "Changed" || got.Threshold != 77 {
		t.Errorf("UpsertWatchlist = %+v of %+v", got, made)
	}
	stored, err := s.Watchlist(t.Context(), "staff")
	if diff := cmp.Diff(got, stored); diff != "" || err != nil {
		t.Errorf("stored watchlist (%v) (-answered +stored):\n%s", err, diff)
	}
	ann := s.enrol(t, "ann", []string{"staff"}, "ann#1").Member
	name := "Ann"
	m, err := s.UpsertMember(t.Context(), face.Member{ID: "ann", FullName: &name})
	must(t, err)
	if m.UID != ann.UID || m.CreatedAt != ann.CreatedAt || !m.UpdatedAt.After(ann.CreatedAt) || m.FullName != &name && *m.FullName != name {
		t.Errorf("UpsertMember = %+v of %+v", m, ann)
	}
	if diff := cmp.Diff([]found{{"staff", "ann"}}, s.identify(t, "ann#2")); diff != "" {
		t.Errorf("candidates after an update (-want +got):\n%s", diff)
	}
	fresh, err := s.UpsertMember(t.Context(), face.Member{ID: "bob"})
	if err != nil || fresh.ID != "bob" || !fresh.UpdatedAt.IsZero() || fresh.Labels == nil {
		t.Errorf("UpsertMember of a new one = %+v (%v)", fresh, err)
	}
}

func TestLinkChecks(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	s.list(t, "staff")
	for _, ids := range [][]string{nil, {}, make([]string, 10001)} {
		if err := s.Link(t.Context(), "staff", ids); face.KindOf(err) != face.Invalid {
			t.Errorf("Link of %d ids: %v, want an Invalid error", len(ids), err)
		}
		if err := s.Unlink(t.Context(), "staff", ids); face.KindOf(err) != face.Invalid {
			t.Errorf("Unlink of %d ids: %v, want an Invalid error", len(ids), err)
		}
	}
}

func TestImage(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	s.list(t, "staff")
	id := s.enrol(t, "ann", []string{"staff"}, "ann#1").Faces[0].ImageID
	got, err := s.Image(t.Context(), id, gallery.ImageSize{MinEdge: 64, MaxEdge: 200})
	if err != nil || string(got.Data) != "crop of ann#1 at 200" || got.Width != 200 || got.Height != 200 || got.ID != id {
		t.Errorf("Image = %+v (%v)", got, err)
	}
	for _, size := range []gallery.ImageSize{{MinEdge: -1}, {MaxEdge: -1}, {MaxEdge: 4097}, {MinEdge: 1 << 40}} {
		if _, err := s.Image(t.Context(), id, size); face.KindOf(err) != face.Invalid {
			t.Errorf("Image of size %+v: %v, want an Invalid error", size, err)
		}
	}
	if _, err := s.Image(t.Context(), uuid.New(), gallery.ImageSize{MaxEdge: 10}); face.KindOf(err) != face.NotFound {
		t.Errorf("Image of an unknown id: %v, want a NotFound error", err)
	}
}
