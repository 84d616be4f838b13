package repository

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// TestExpired holds that a member that has expired is in no answer, though its rows
// are there, that its id is free, and that its rows go as those of a deletion do.
func TestExpired(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			lists := create(t, r, "staff")
			_, annFaces := enrolUntil(t, r, "ann", time.Now().Add(-time.Second))
			bob, bobFaces := enrolUntil(t, r, "bob", time.Now().Add(time.Hour))
			checkExpired(t, r, lists[0], "ann", annFaces[0])
			if got, err := r.Member(t.Context(), "bob"); err != nil || !got.ExpiresAt.Equal(bob.ExpiresAt.Truncate(time.Microsecond)) {
				t.Errorf("a member that has not expired: %+v, %v, want the end %v", got, err, bob.ExpiresAt)
			}
			if _, err := r.Image(t.Context(), bobFaces[0].Face.ImageID); err != nil {
				t.Errorf("its image: %v", err)
			}
			before := counts(t, r)["outbox"]
			if n, err := r.RemoveExpired(t.Context(), 10, epoch); n != 1 || err != nil {
				t.Fatalf("RemoveExpired = %d, %v, want 1", n, err)
			}
			want := map[string]int{"watchlists": 1, "members": 1, "member_labels": 3, "memberships": 1, "images": 2, "faces": 1, "templates": 1, "outbox": before + 1}
			if diff := cmp.Diff(want, counts(t, r)); diff != "" {
				t.Errorf("rows after the sweep (-want +got):\n%s", diff)
			}
			if got := operations(t, r, lists); got[len(got)-1] != "remove staff" {
				t.Errorf("outbox: got %v, want a removal at its end", got)
			}
			if n, err := r.RemoveExpired(t.Context(), 10, epoch); n != 0 || err != nil {
				t.Errorf("RemoveExpired again = %d, %v, want 0", n, err)
			}
		})
	}
}

// enrolUntil stores a member with one face, whose picture is kept, until a time.
func enrolUntil(t *testing.T, r *Repository, id string, end time.Time) (face.Member, []face.Enrolled) {
	t.Helper()
	m := newMember(t, id)
	m.ExpiresAt = end
	f := newFace(t, m)
	keepPicture(t, &f)
	if _, err := r.Enrol(t.Context(), m, []string{"staff"}, []face.Enrolled{f}); err != nil {
		t.Fatal(err)
	}
	return m, []face.Enrolled{f}
}

func keepPicture(t *testing.T, f *face.Enrolled) {
	t.Helper()
	f.Picture = &face.Image{ID: newID(t), MediaType: "image/png", Width: 640, Height: 480, Data: []byte("a picture"), CreatedAt: epoch}
	f.Face.PictureID, f.Face.PictureType = f.Picture.ID, f.Picture.MediaType
}

func checkExpired(t *testing.T, r *Repository, list face.Watchlist, id string, f face.Enrolled) {
	t.Helper()
	ctx, page := t.Context(), face.PageQuery{Number: 1, Size: 10, Total: true}
	missing := map[string]func() error{
		"Member":         func() error { _, err := r.Member(ctx, id); return err },
		"MemberByUUID":   func() error { _, err := r.MemberByUUID(ctx, f.Face.MemberUID); return err },
		"DeleteMember":   func() error { return r.DeleteMember(ctx, id, epoch) },
		"Link":           func() error { return r.Link(ctx, list.ID, []string{id}, epoch) },
		"RemoveFace":     func() error { return r.RemoveFace(ctx, id, f.Face.ID, epoch) },
		"FaceOwner":      func() error { _, err := r.FaceOwner(ctx, f.Face.ID); return err },
		"Image":          func() error { _, err := r.Image(ctx, f.Image.ID); return err },
		"Image, picture": func() error { _, err := r.Image(ctx, f.Picture.ID); return err },
		"CheckAddFace":   func() error { return r.CheckAddFace(ctx, id, uuid.Nil) },
		"ChangeMember": func() error {
			_, err := r.ChangeMember(ctx, id, nil, epoch, func(*face.Member) error { return nil })
			return err
		},
	}
	for name, do := range missing {
		if err := do(); face.KindOf(err) != face.NotFound {
			t.Errorf("%s of an expired member: %v, want NotFound", name, err)
		}
	}
	for name, list := range map[string]func(face.PageQuery) (face.Page[face.Member], error){
		"Members":          func(q face.PageQuery) (face.Page[face.Member], error) { return r.Members(ctx, q) },
		"WatchlistMembers": func(q face.PageQuery) (face.Page[face.Member], error) { return r.WatchlistMembers(ctx, list.ID, q) },
	} {
		got, err := list(page)
		if err != nil || got.Total != 1 || slices.ContainsFunc(got.Items, func(m face.Member) bool { return m.ID == id }) {
			t.Errorf("%s = %+v, %v, want the other member alone", name, got, err)
		}
	}
	if got, err := r.MemberFaces(ctx, id, page); err != nil || len(got.Items) > 0 || got.Total != 0 {
		t.Errorf("MemberFaces = %+v, %v, want none", got, err)
	}
	if got, err := r.MemberWatchlists(ctx, id, page); err != nil || len(got.Items) > 0 {
		t.Errorf("MemberWatchlists = %+v, %v, want none", got, err)
	}
	hits := []face.Hit{{Watchlist: list.UID, Member: f.Face.MemberUID, Face: f.Face.ID}}
	if got, err := r.Resolve(ctx, hits); err != nil || len(got) > 0 {
		t.Errorf("Resolve = %+v, %v, want nothing", got, err)
	}
	if got, err := r.MembersByName(ctx, []string{"Name of " + id}); err != nil || len(got) > 0 {
		t.Errorf("MembersByName = %v, %v, want nobody", got, err)
	}
	if got, err := r.CandidatesOf(ctx, []uuid.UUID{f.Face.MemberUID}, nil); err != nil || len(got) > 0 {
		t.Errorf("CandidatesOf = %v, %v, want nobody", got, err)
	}
}

// TestExpiredMakesRoom holds that each way to make a member takes the id of one that
// has expired, and leaves nothing of that behind.
func TestExpiredMakesRoom(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			ctx := t.Context()
			create(t, r, "staff")
			for name, again := range map[string]func(m face.Member) error{
				"CreateMember": func(m face.Member) error { return r.CreateMember(ctx, m) },
				"UpsertMember": func(m face.Member) error { _, err := r.UpsertMember(ctx, m); return err },
				"Enrol":        func(m face.Member) error { _, err := r.Enrol(ctx, m, nil, nil); return err },
			} {
				_, faces := enrolUntil(t, r, "ann", time.Now().Add(-time.Second))
				m := newMember(t, "ann")
				if err := again(m); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				got, err := r.Member(ctx, "ann")
				if diff := cmp.Diff(m, got); diff != "" || err != nil {
					t.Errorf("%s, %v (-want +got):\n%s", name, err, diff)
				}
				if _, err := r.Face(ctx, faces[0].Face.ID); face.KindOf(err) != face.NotFound {
					t.Errorf("%s: the face of the expired member: %v, want NotFound", name, err)
				}
				must(t, r.DeleteMember(ctx, "ann", epoch))
			}
		})
	}
}
