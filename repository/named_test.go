package repository

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

func TestByUUID(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			ctx := t.Context()
			const id = "497f6eca-6276-4993-bfeb-53cbbbba6f08"
			free, named := newMember(t, "juraj-custom-id"), newMember(t, id)
			must(t, r.CreateMember(ctx, free))
			must(t, r.CreateMember(ctx, named))
			lists := create(t, r, "staff", id)
			for want, by := range map[string]uuid.UUID{free.ID: free.UID, named.ID: uuid.MustParse(id)} {
				if got, err := r.MemberByUUID(ctx, by); err != nil || got.ID != want || len(got.Labels) != 3 {
					t.Errorf("MemberByUUID(%v) = %+v, %v, want %s with its labels", by, got, err, want)
				}
			}
			for want, by := range map[string]uuid.UUID{"staff": lists[0].UID, id: uuid.MustParse(id)} {
				if got, err := r.WatchlistByUUID(ctx, by); err != nil || got.ID != want {
					t.Errorf("WatchlistByUUID(%v) = %+v, %v, want %s", by, got, err, want)
				}
			}
			// A member is known by one UUID alone.
			if _, err := r.MemberByUUID(ctx, named.UID); face.KindOf(err) != face.NotFound {
				t.Errorf("MemberByUUID by the UID of a member that has another: %v, want NotFound", err)
			}
			if _, err := r.WatchlistByUUID(ctx, lists[1].UID); face.KindOf(err) != face.NotFound {
				t.Errorf("WatchlistByUUID likewise: %v, want NotFound", err)
			}
			// And no other may take that one.
			if err := r.CreateMember(ctx, newMember(t, free.UID.String())); face.KindOf(err) != face.Conflict {
				t.Errorf("a member whose id is the UID of another: %v, want Conflict", err)
			}
			if _, err := r.UpsertMember(ctx, newMember(t, free.UID.String())); face.KindOf(err) != face.Conflict {
				t.Errorf("the same by Upsert: %v, want Conflict", err)
			}
			if err := r.CreateWatchlist(ctx, newWatchlist(t, lists[0].UID.String())); face.KindOf(err) != face.Conflict {
				t.Errorf("a watchlist whose id is the UID of another: %v, want Conflict", err)
			}
		})
	}
}

func TestWatchlistByName(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			for i, w := range []struct{ id, full, display string }{
				{"a", "c", "x"}, {"b", "a", "a"}, {"c2", "twice", "c"}, {"d", "twice", "y"}, {"e", "e", "x"},
			} {
				list := newWatchlist(t, w.id)
				list.FullName, list.DisplayName, list.CreatedAt = w.full, w.display, epoch.Add(time.Duration(i)*time.Second)
				must(t, r.CreateWatchlist(t.Context(), list))
			}
			for name, want := range map[string]string{"a": "a", "c": "a", "twice": "c2", "x": "a", "y": "d", "e": "e", "A": "", "": ""} {
				got, err := r.WatchlistByName(t.Context(), name)
				if got.ID != want || (want == "") != (face.KindOf(err) == face.NotFound) {
					t.Errorf("WatchlistByName(%q) = %q, %v, want %q", name, got.ID, err, want)
				}
			}
		})
	}
}

func TestEnsureAndChangeWatchlist(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			ctx := t.Context()
			w := newWatchlist(t, "w")
			for range 2 {
				again := newWatchlist(t, "w")
				again.UID = w.UID
				if got, err := r.EnsureWatchlist(ctx, again); err != nil || !cmp.Equal(got, w) {
					t.Errorf("EnsureWatchlist = %+v, %v, want %+v", got, err, w)
				}
			}
			want := w
			want.Metadata, want.FullName, want.UpdatedAt = json.RawMessage(`{"a":[1]}`), "Other", epoch.Add(time.Hour)
			got, err := r.ChangeWatchlist(ctx, "w", want.UpdatedAt, func(w *face.Watchlist) error {
				w.Metadata, w.FullName = want.Metadata, want.FullName
				w.ID, w.UID, w.CreatedAt = "another", uuid.New(), time.Time{} // not to be changed
				return nil
			})
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("ChangeWatchlist, %v (-want +got):\n%s", err, diff)
			}
			refused := errors.New("refused")
			if _, err := r.ChangeWatchlist(ctx, "w", epoch, func(w *face.Watchlist) error { w.FullName = "X"; return refused }); !errors.Is(err, refused) {
				t.Errorf("ChangeWatchlist with an error: %v", err)
			}
			if got, err := r.Watchlist(ctx, "w"); !cmp.Equal(got, want) {
				t.Errorf("Watchlist = %+v, %v, want %+v", got, err, want)
			}
			if _, err := r.ChangeWatchlist(ctx, "nope", epoch, func(*face.Watchlist) error { return nil }); face.KindOf(err) != face.NotFound {
				t.Errorf("ChangeWatchlist of none: %v", err)
			}
		})
	}
}

func TestChangeMember(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			ctx := t.Context()
			lists := create(t, r, "staff", "guests", "cooks")
			m, _ := enrol(t, r, "ann", []string{"staff", "guests"}, 1)
			name, external := "Ann", "e-1"
			want := m
			want.FullName, want.ExternalID, want.Extra = &name, &external, json.RawMessage(`{"n":1}`)
			want.Labels, want.UpdatedAt = []face.Label{{Key: "k", Value: "v"}}, epoch.Add(time.Hour)
			change := func(m *face.Member) error {
				m.FullName, m.ExternalID, m.Extra, m.Labels = want.FullName, want.ExternalID, want.Extra, want.Labels
				m.ID = "another" // not to be changed
				return nil
			}
			now := []string{"cooks", "staff", "cooks"}
			got, err := r.ChangeMember(ctx, "ann", &now, want.UpdatedAt, change)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("ChangeMember, %v (-want +got):\n%s", err, diff)
			}
			if got, err := r.Member(ctx, "ann"); !cmp.Equal(got, want) {
				t.Errorf("Member = %+v, %v, want %+v", got, err, want)
			}
			wantOps := []string{"put staff", "put guests", "remove guests", "put cooks"}
			if diff := cmp.Diff(wantOps, operations(t, r, lists)); diff != "" {
				t.Errorf("outbox (-want +got):\n%s", diff)
			}
			// All or nothing: an unknown watchlist, or an error of the change.
			unknown, none, refused := []string{"guests", "nope"}, []string{}, errors.New("refused")
			if _, err := r.ChangeMember(ctx, "ann", &unknown, epoch, change); face.KindOf(err) != face.NotFound {
				t.Errorf("ChangeMember onto an unknown watchlist: %v, want NotFound", err)
			}
			if _, err := r.ChangeMember(ctx, "ann", &none, epoch, func(*face.Member) error { return refused }); !errors.Is(err, refused) {
				t.Errorf("ChangeMember with an error: %v", err)
			}
			checkLists(t, r, m.UID, "cooks", "staff")
			if _, err := r.ChangeMember(ctx, "ann", &none, epoch, change); err != nil {
				t.Error(err)
			}
			checkLists(t, r, m.UID)
			// An Upsert, which knows nothing of the rest, leaves it.
			upsert := newMember(t, "ann")
			got, err = r.UpsertMember(ctx, upsert)
			if err != nil || got.ExternalID == nil || *got.ExternalID != external || string(got.Extra) != `{"n":1}` {
				t.Errorf("UpsertMember = %+v, %v, want the external id and extra kept", got, err)
			}
		})
	}
}

// checkLists holds the watchlists of a member, both ways to ask for them.
func checkLists(t *testing.T, r *Repository, member uuid.UUID, want ...string) {
	t.Helper()
	ids := func(lists []face.Watchlist) (out []string) {
		for _, w := range lists {
			out = append(out, w.ID)
		}
		slices.Sort(out)
		return out
	}
	of, err := r.WatchlistsOf(t.Context(), []uuid.UUID{member, uuid.New()})
	if diff := cmp.Diff(want, ids(of[member])); diff != "" || err != nil {
		t.Errorf("WatchlistsOf, %v (-want +got):\n%s", err, diff)
	}
	page, err := r.MemberWatchlists(t.Context(), "ann", face.PageQuery{Number: 1, Size: 10, Total: true})
	if diff := cmp.Diff(want, ids(page.Items)); diff != "" || err != nil || page.Total != len(want) {
		t.Errorf("MemberWatchlists, %v, total %d (-want +got):\n%s", err, page.Total, diff)
	}
}

func TestRelink(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			lists := create(t, r, "staff")
			for _, id := range []string{"ann", "bob"} {
				enrol(t, r, id, []string{"staff"}, 1)
			}
			enrol(t, r, "cid", nil, 1)
			relink := func(add, remove []string) error { return r.Relink(t.Context(), "staff", add, remove, epoch) }
			must(t, relink([]string{"cid", "ann"}, []string{"bob"}))
			must(t, relink([]string{"cid"}, []string{"bob"})) // and again
			must(t, relink(nil, nil))
			for _, bad := range [][2][]string{{{"bob", "nope"}, nil}, {{"bob"}, {"nope"}}} {
				if err := relink(bad[0], bad[1]); face.KindOf(err) != face.NotFound {
					t.Errorf("Relink(%v): %v, want NotFound", bad, err)
				}
			}
			want := []string{"put staff", "put staff", "put staff", "remove staff"}
			if diff := cmp.Diff(want, operations(t, r, lists)); diff != "" {
				t.Errorf("outbox (-want +got):\n%s", diff)
			}
		})
	}
}

func TestKeptPictures(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			ctx := t.Context()
			create(t, r, "staff")
			m := newMember(t, "ann")
			kept, plain := newFace(t, m), newFace(t, m)
			keepPicture(t, &kept)
			if _, err := r.Enrol(ctx, m, []string{"staff"}, []face.Enrolled{kept, plain}); err != nil {
				t.Fatal(err)
			}
			for _, f := range []face.Enrolled{kept, plain} {
				if got, err := r.Face(ctx, f.Face.ID); err != nil || got.PictureID != f.Face.PictureID || got.PictureType != f.Face.PictureType {
					t.Errorf("Face = %+v, %v, want the picture %v", got, err, f.Face.PictureID)
				}
			}
			if got, err := r.Image(ctx, kept.Picture.ID); err != nil || !cmp.Equal(got, *kept.Picture) {
				t.Errorf("Image = %+v, %v, want %+v", got, err, *kept.Picture)
			}
			must(t, r.RemoveFace(ctx, "ann", kept.Face.ID, epoch))
			if got := counts(t, r)["images"]; got != 1 {
				t.Errorf("after RemoveFace: %d images, want that of the other face alone", got)
			}
			must(t, r.RemoveFace(ctx, "ann", plain.Face.ID, epoch))
			again := anotherFace(t)
			keepPicture(t, &again)
			if _, err := r.AddFace(ctx, "ann", again); err != nil {
				t.Fatal(err)
			}
			if got := counts(t, r)["images"]; got != 2 {
				t.Errorf("after AddFace: %d images, want 2", got)
			}
			must(t, r.DeleteMember(ctx, "ann", epoch))
			if got := counts(t, r)["images"]; got != 0 {
				t.Errorf("after DeleteMember: %d images, want none", got)
			}
		})
	}
}

func TestMembersBy(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			ctx := t.Context()
			lists := create(t, r, "staff", "guests")
			uids := map[string]uuid.UUID{}
			for id, names := range map[string][3]string{"1": {"Ann", "Annie", "x"}, "2": {"", "Ann", "y"}, "3": {"Bob", "Ann", "x"}} {
				m := newMember(t, id)
				full, display, external := names[0], names[1], names[2]
				m.FullName, m.DisplayName, m.ExternalID = &full, &display, &external
				if _, err := r.Enrol(ctx, m, []string{"staff"}, []face.Enrolled{newFace(t, m)}); err != nil {
					t.Fatal(err)
				}
				uids[id] = m.UID
			}
			check := func(name string, got []uuid.UUID, err error, want ...string) {
				t.Helper()
				var ids []string
				for id, uid := range uids {
					if slices.Contains(got, uid) {
						ids = append(ids, id)
					}
				}
				slices.Sort(ids)
				if diff := cmp.Diff(want, ids); diff != "" || err != nil || len(got) != len(want) {
					t.Errorf("%s = %v, %v (-want +got):\n%s", name, got, err, diff)
				}
			}
			got, err := r.MembersByName(ctx, []string{"Ann", "nobody", "Ann"})
			check("MembersByName", got, err, "1", "2")
			got, err = r.MembersByExternalID(ctx, []string{"x"})
			check("MembersByExternalID", got, err, "1", "3")
			got, err = r.MembersByName(ctx, nil)
			check("MembersByName of none", got, err)
			faces, err := r.FaceIDsOf(ctx, []uuid.UUID{uids["1"], uids["3"]})
			of, err2 := r.FacesOf(ctx, []uuid.UUID{uids["1"], uids["3"]})
			if err != nil || err2 != nil || len(faces) != 2 || !slices.Contains(faces, of[uids["1"]][0].ID) || !slices.Contains(faces, of[uids["3"]][0].ID) {
				t.Errorf("FaceIDsOf = %v (%v), FacesOf = %v (%v), want the same two faces", faces, err, of, err2)
			}
			must(t, r.Link(ctx, "guests", []string{"1"}, epoch))
			for n, lists := range map[int][]uuid.UUID{3: nil, 2: {lists[0].UID}, 1: {lists[1].UID}} {
				if got, err := r.CandidatesOf(ctx, []uuid.UUID{uids["1"], uids["2"]}, lists); err != nil || len(got) != n {
					t.Errorf("CandidatesOf in %v = %v, %v, want %d", lists, got, err, n)
				}
			}
		})
	}
}

func TestLivenessTransactions(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			yes, no, age := true, false, 31.5
			all := []face.LivenessTransaction{
				{Tag: "a", Confirmed: &yes, Score: 97.25, Age: &age}, {Tag: "b", Confirmed: &no, Score: 3}, {Tag: ""},
			}
			for i := range all {
				all[i].ID, all[i].CreatedAt = newID(t), epoch.Add(time.Duration(i)*time.Hour)
				must(t, r.KeepLiveness(t.Context(), all[i]))
			}
			must(t, r.ForgetLiveness(t.Context(), all[1].CreatedAt))
			for i, want := range all {
				got, err := r.LivenessTransaction(t.Context(), want.ID)
				if gone := face.KindOf(err) == face.NotFound; gone != (i == 0) || !gone && !cmp.Equal(got, want) {
					t.Errorf("%d. LivenessTransaction = %+v, %v, want %+v", i, got, err, want)
				}
			}
		})
	}
}
