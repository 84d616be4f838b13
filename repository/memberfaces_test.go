package repository

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// anotherFace returns a face whose member and tracklet are still to be set.
func anotherFace(tb testing.TB) face.Enrolled {
	tb.Helper()
	return newFace(tb, face.Member{CreatedAt: epoch})
}

func TestAddAndRemoveFaces(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			ctx := t.Context()
			lists := create(t, r, "staff", "guests")
			_, enrolled := enrol(t, r, "ann", []string{"staff", "guests"}, 1)
			must(t, r.CreateMember(ctx, newMember(t, "bob"))) // on no watchlist, without a face
			first, second, third := anotherFace(t), anotherFace(t), anotherFace(t)
			add := func(id string, f face.Enrolled) func() error {
				return func() error { _, err := r.AddFace(ctx, id, f); return err }
			}
			remove := func(id string, f uuid.UUID) func() error {
				return func() error { return r.RemoveFace(ctx, id, f, epoch) }
			}
			steps := []struct {
				name string
				do   func() error
				kind face.Kind // −1: no error
				want []string  // what the outbox gains
			}{
				{"add", add("ann", first), -1, []string{"put staff", "put guests"}},
				{"add the same again", add("ann", first), face.Conflict, nil},
				{"add the same to another", add("bob", first), face.Conflict, nil},
				{"add to nobody", add("eve", second), face.NotFound, nil},
				{"add to a member on no watchlist", add("bob", second), -1, nil},
				{"and another", add("bob", third), -1, nil},
				{"remove another's", remove("ann", second.Face.ID), face.NotFound, nil},
				{"remove of nobody", remove("eve", first.Face.ID), face.NotFound, nil},
				{"remove what is not there", remove("ann", uuid.New()), face.NotFound, nil},
				{"remove", remove("ann", first.Face.ID), -1, []string{"remove staff", "remove guests"}},
				{"remove again", remove("ann", first.Face.ID), face.NotFound, nil},
				{"remove the last", remove("ann", enrolled[0].Face.ID), -1, []string{"remove staff", "remove guests"}},
				{"link who has two", func() error { return r.Link(ctx, "staff", []string{"bob"}, epoch) }, -1, []string{"put staff", "put staff"}},
				{"add what was removed", add("ann", first), -1, []string{"put staff", "put guests"}},
			}
			want := []string{"put staff", "put guests"}
			for _, s := range steps {
				if err := s.do(); (err == nil) != (s.kind == -1) || err != nil && face.KindOf(err) != s.kind {
					t.Errorf("%s: %v", s.name, err)
				}
				want = append(want, s.want...)
				if diff := cmp.Diff(want, operations(t, r, lists)); diff != "" {
					t.Fatalf("%s: outbox (-want +got):\n%s", s.name, diff)
				}
			}
			wantRows := map[string]int{
				"watchlists": 2, "members": 2, "member_labels": 6, "memberships": 3,
				"images": 3, "faces": 3, "templates": 3, "outbox": len(want),
			}
			if diff := cmp.Diff(wantRows, counts(t, r)); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAddedFace holds a face that was added to what AddFace says of it, and to
// the tracklet of its member.
func TestAddedFace(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			m := newMember(t, "ann")
			must(t, r.CreateMember(t.Context(), m))
			first, second := anotherFace(t), anotherFace(t)
			second.Face.CreatedAt = epoch.AddDate(0, 0, 1)
			want := make([]face.Face, 0, 2)
			for _, f := range []face.Enrolled{first, second} {
				stored, err := r.AddFace(t.Context(), "ann", f)
				must(t, err)
				f.Face.MemberUID, f.Face.TrackletID = m.UID, first.Face.TrackletID
				if diff := cmp.Diff(f.Face, stored); diff != "" {
					t.Errorf("stored (-want +got):\n%s", diff)
				}
				want = append(want, stored)
				if owner, err := r.FaceOwner(t.Context(), stored.ID); owner != "ann" || err != nil {
					t.Errorf("FaceOwner() = %q, %v, want ann", owner, err)
				}
				if image, err := r.Image(t.Context(), stored.ImageID); err != nil || !slices.Equal(image.Data, f.Image.Data) {
					t.Errorf("image %v, %v, want the one that was stored", image, err)
				}
			}
			page, err := r.MemberFaces(t.Context(), "ann", face.PageQuery{Number: 1, Size: 10, Ascending: true})
			must(t, err)
			if diff := cmp.Diff(want, page.Items); diff != "" {
				t.Errorf("listed (-want +got):\n%s", diff)
			}
			must(t, r.RemoveFace(t.Context(), "ann", first.Face.ID, epoch))
			if _, err := r.Image(t.Context(), first.Image.ID); face.KindOf(err) != face.NotFound {
				t.Errorf("the image of a removed face: %v, want NotFound", err)
			}
			if _, err := r.FaceOwner(t.Context(), first.Face.ID); face.KindOf(err) != face.NotFound {
				t.Errorf("the owner of a removed face: %v, want NotFound", err)
			}
		})
	}
}

// TestAddFaceFaults makes the addition fail at each table it writes, and counts
// what is left.
func TestAddFaceFaults(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			create(t, r, "staff")
			enrol(t, r, "ann", []string{"staff"}, 1)
			before := counts(t, r)
			for _, table := range []string{"images", "faces", "templates", "outbox"} {
				repair := injectFault(t, r, table)
				if _, err := r.AddFace(t.Context(), "ann", anotherFace(t)); err == nil {
					t.Errorf("with a fault at %s: no error", table)
				}
				repair()
				if diff := cmp.Diff(before, counts(t, r)); diff != "" {
					t.Errorf("with a fault at %s, rows (-want +got):\n%s", table, diff)
				}
			}
		})
	}
}

// TestFacesMeet does a write while another one about the same member is done but
// not committed. The second waits; the outbox tells of both in the order of their
// commits, and of every face on every watchlist.
func TestFacesMeet(t *testing.T) {
	t.Parallel()
	const put, remove, drop = "put staff", "remove staff", "drop staff"
	tests := []struct {
		linked        bool // before the two
		first, second string
		kind          face.Kind // of the second's error; −1: none
		outbox        []string
		faces, listed int // of the member; rows that an index has to hold
	}{
		{false, "link", "add", -1, []string{put, put}, 2, 2},
		{false, "add", "link", -1, []string{put, put}, 2, 2},
		{false, "link", "remove", -1, []string{put, remove}, 0, 0},
		{false, "remove", "link", -1, nil, 0, 0},
		{true, "add", "remove", -1, []string{put, put, remove}, 1, 1},
		{true, "remove", "add", -1, []string{put, remove, put}, 1, 1},
		{true, "add", "add", face.Conflict, []string{put, put}, 2, 2},
		{true, "remove", "remove", face.NotFound, []string{put, remove}, 0, 0},
		{true, "add", "delete the member", -1, []string{put, put, remove, remove}, 0, 0},
		{true, "delete the member", "add", face.NotFound, []string{put, remove}, 0, 0},
		{true, "add", "delete the watchlist", -1, []string{put, put, drop}, 2, 0},
		{true, "delete the watchlist", "add", -1, []string{put, drop}, 2, 0},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s, %s", tt.first, tt.second), func(t *testing.T) {
			t.Parallel()
			r := openServers(t, 1)[0]
			lists := create(t, r, "staff")
			var on []string
			if tt.linked {
				on = []string{"staff"}
			}
			_, known := enrol(t, r, "ann", on, 1)
			fresh := anotherFace(t)
			writes := map[string]func(tx *gorm.DB) error{
				"link":                 func(tx *gorm.DB) error { return linkAll(tx, "staff", []string{"ann"}, epoch) },
				"add":                  func(tx *gorm.DB) error { _, err := addFace(tx, "ann", fresh); return err },
				"remove":               func(tx *gorm.DB) error { return removeFace(tx, "ann", known[0].Face.ID, epoch) },
				"delete the member":    func(tx *gorm.DB) error { return deleteMember(tx, "ann", epoch) },
				"delete the watchlist": func(tx *gorm.DB) error { return deleteWatchlist(tx, "staff", epoch) },
			}
			first := r.write.Begin()
			must(t, writes[tt.first](first))
			end := blocked(t, r, func() error { return r.update(t.Context(), writes[tt.second]) })
			must(t, first.Commit().Error)
			if err := <-end; (err == nil) != (tt.kind == -1) || err != nil && face.KindOf(err) != tt.kind {
				t.Errorf("the second = %v, want kind %v", err, tt.kind)
			}
			if got := operations(t, r, lists); !slices.Equal(got, tt.outbox) {
				t.Errorf("outbox %q, want %q", got, tt.outbox)
			}
			if got := counts(t, r)["faces"]; got != tt.faces {
				t.Errorf("%d faces, want %d", got, tt.faces)
			}
			rows, err := r.CountRows(t.Context())
			if rows[testLabel] != tt.listed || err != nil {
				t.Errorf("%d rows for an index (%v), want %d", rows[testLabel], err, tt.listed)
			}
		})
	}
}
