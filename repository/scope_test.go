package repository

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/repository/repositorytest"
)

// theScene is a gallery of two tenants: ann is on the list of one, bob on that of
// the other, eve on both, and joe on none.
type theScene struct {
	r     *Repository
	faces map[string]face.Face // the one face of each member
}

func scene(t *testing.T, r *Repository) theScene {
	t.Helper()
	create(t, r, "ours", "theirs")
	s := theScene{r, map[string]face.Face{}}
	for id, lists := range map[string][]string{"ann": {"ours"}, "bob": {"theirs"}, "eve": {"ours", "theirs"}, "joe": nil} {
		_, faces := enrol(t, r, id, lists, 1)
		s.faces[id] = faces[0].Face
	}
	return s
}

// confined is the context of a request with a key for some watchlists.
func confined(ctx context.Context, lists ...string) context.Context {
	return face.WithGrant(ctx, face.Grant{Key: uuid.New(), Role: face.RoleAdmin, Watchlists: lists})
}

func onEach(t *testing.T, test func(t *testing.T, s theScene)) {
	t.Helper()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			test(t, scene(t, openKind(t, kind)))
		})
	}
}

func memberIDs(page face.Page[face.Member], err error) []string {
	if err != nil {
		return []string{err.Error()}
	}
	ids := []string{fmt.Sprint(page.Total)}
	for _, m := range page.Items {
		ids = append(ids, m.ID)
	}
	slices.Sort(ids)
	return ids
}

// TestScopeReads reads everything through keys of different scope.
func TestScopeReads(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s theScene) {
		t.Helper()
		all := face.PageQuery{Number: 1, Size: 10, Total: true}
		for _, tt := range []struct {
			lists   []string // of the key
			seen    []string // members, and before them how many
			known   []string // watchlists
			ofOurs  []string
			ofOther []string
		}{
			{nil, []string{"4", "ann", "bob", "eve", "joe"}, []string{"ours", "theirs"}, []string{"2", "ann", "eve"}, []string{"2", "bob", "eve"}},
			{[]string{"ours"}, []string{"2", "ann", "eve"}, []string{"ours"}, []string{"2", "ann", "eve"}, []string{"0"}},
			{[]string{"theirs", "gone"}, []string{"2", "bob", "eve"}, []string{"theirs"}, []string{"0"}, []string{"2", "bob", "eve"}},
			{[]string{"ours", "theirs", "gone"}, []string{"3", "ann", "bob", "eve"}, []string{"ours", "theirs"}, []string{"2", "ann", "eve"}, []string{"2", "bob", "eve"}},
			{[]string{"gone"}, []string{"0"}, nil, []string{"0"}, []string{"0"}},
		} {
			ctx := confined(t.Context(), tt.lists...)
			for what, pair := range map[string][2][]string{
				"members":            {tt.seen, memberIDs(s.r.Members(ctx, all))},
				"members of ours":    {tt.ofOurs, memberIDs(s.r.WatchlistMembers(ctx, "ours", all))},
				"members of theirs":  {tt.ofOther, memberIDs(s.r.WatchlistMembers(ctx, "theirs", all))},
				"members of nothing": {{"0"}, memberIDs(s.r.WatchlistMembers(ctx, "gone", all))},
			} {
				if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
					t.Errorf("a key for %v: %s (-want +got):\n%s", tt.lists, what, diff)
				}
			}
			s.checkLists(ctx, t, tt.known)
			for id := range s.faces {
				s.checkMember(ctx, t, id, slices.Contains(tt.seen, id))
			}
		}
	})
}

func (s theScene) checkLists(ctx context.Context, t *testing.T, known []string) {
	t.Helper()
	page, err := s.r.Watchlists(ctx, face.PageQuery{Number: 1, Size: 10, Total: true})
	must(t, err)
	ids := make([]string, len(page.Items))
	for i, w := range page.Items {
		ids[i] = w.ID
	}
	slices.Sort(ids)
	if diff := cmp.Diff(known, ids, cmpopts.EquateEmpty()); diff != "" || page.Total != len(known) {
		t.Errorf("watchlists, %d in all (-want +got):\n%s", page.Total, diff)
	}
	byID, err := s.r.WatchlistUIDs(ctx, []string{"ours", "theirs", "gone"})
	if err != nil || len(byID) != len(known) {
		t.Errorf("WatchlistUIDs: got %v (%v), want %v", byID, err, known)
	}
	for _, id := range []string{"ours", "theirs", "gone"} {
		hidden := !slices.Contains(known, id)
		wantNotFound(t, "Watchlist "+id, hidden, func() error { _, err := s.r.Watchlist(ctx, id); return err })
		wantNotFound(t, "WatchlistByName "+id, hidden, func() error { _, err := s.r.WatchlistByName(ctx, "The list "+id); return err })
	}
	all, err := s.r.WatchlistUIDs(t.Context(), []string{"ours", "theirs"})
	must(t, err)
	for id, uid := range all {
		wantNotFound(t, "WatchlistByUUID of "+id, !slices.Contains(known, id), func() error { _, err := s.r.WatchlistByUUID(ctx, uid); return err })
	}
	s.checkLinks(ctx, t, all, known)
}

// checkLinks holds that of the watchlists of eve, who is on both, those are shown that
// are known.
func (s theScene) checkLinks(ctx context.Context, t *testing.T, all map[string]uuid.UUID, known []string) {
	t.Helper()
	f := s.faces["eve"]
	page, err := s.r.MemberWatchlists(ctx, "eve", face.PageQuery{Number: 1, Size: 10})
	must(t, err)
	of, err := s.r.WatchlistsOf(ctx, []uuid.UUID{f.MemberUID})
	must(t, err)
	candidates, err := s.r.CandidatesOf(ctx, []uuid.UUID{f.MemberUID}, nil)
	must(t, err)
	hits := make([]face.Hit, 0, len(all))
	for _, uid := range all {
		hits = append(hits, face.Hit{Watchlist: uid, Member: f.MemberUID, Face: f.ID})
	}
	resolved, err := s.r.Resolve(ctx, hits)
	must(t, err)
	for what, n := range map[string]int{
		"MemberWatchlists": len(page.Items), "WatchlistsOf": len(of[f.MemberUID]), "CandidatesOf": len(candidates), "Resolve": len(resolved),
	} {
		if n != len(known) {
			t.Errorf("%s shows %d watchlists of eve, want %v", what, n, known)
		}
	}
}

func (s theScene) checkMember(ctx context.Context, t *testing.T, id string, seen bool) {
	t.Helper()
	f := s.faces[id]
	wantNotFound(t, "Member "+id, !seen, func() error { _, err := s.r.Member(ctx, id); return err })
	wantNotFound(t, "FaceOwner of "+id, !seen, func() error { _, err := s.r.FaceOwner(ctx, f.ID); return err })
	wantNotFound(t, "Image of "+id, !seen, func() error { _, err := s.r.Image(ctx, f.ImageID); return err })
	wantNotFound(t, "Face of "+id, !seen, func() error { _, err := s.r.Face(ctx, f.ID); return err })
	wantNotFound(t, "MemberByUUID of "+id, !seen, func() error { _, err := s.r.MemberByUUID(ctx, f.MemberUID); return err })
	of, err := s.r.FacesOf(ctx, []uuid.UUID{f.MemberUID})
	if err != nil || (len(of) == 1) != seen {
		t.Errorf("FacesOf %s: got %v (%v), seen is %v", id, of, err, seen)
	}
	named, err := s.r.MembersByName(ctx, []string{"Name of " + id})
	if err != nil || (len(named) == 1) != seen {
		t.Errorf("MembersByName of %s: got %v (%v), seen is %v", id, named, err, seen)
	}
	faces, err := s.r.MemberFaces(ctx, id, face.PageQuery{Number: 1, Size: 10, Total: true})
	if err != nil || len(faces.Items) != faces.Total || (faces.Total == 1) != seen {
		t.Errorf("MemberFaces of %s: got %d of %d (%v), seen is %v", id, len(faces.Items), faces.Total, err, seen)
	}
}

// wantNotFound wants an error that is the same whether the thing is hidden or not
// there, or none.
func wantNotFound(t *testing.T, what string, want bool, do func() error) {
	t.Helper()
	err := do()
	if want != (err != nil && face.KindOf(err) == face.NotFound) || !want && err != nil {
		t.Errorf("%s: got %v, want NotFound: %v", what, err, want)
	}
}

// TestScopeWrites tries each write with a key for one of two watchlists, and holds
// that a refused one leaves no trace.
func TestScopeWrites(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s theScene) {
		t.Helper()
		ctx := confined(t.Context(), "ours", "new")
		fresh := func(id string) (face.Member, []face.Enrolled) {
			m := newMember(t, id)
			return m, []face.Enrolled{newFace(t, m)}
		}
		enrolInto := func(id string, lists ...string) func() error {
			return func() error {
				m, faces := fresh(id)
				_, err := s.r.Enrol(ctx, m, lists, faces)
				return err
			}
		}
		upsert := func(id string) func() error {
			return func() error { _, err := s.r.UpsertMember(ctx, newMember(t, id)); return err }
		}
		addFace := func(id string) func() error {
			return func() error { _, err := s.r.AddFace(ctx, id, anotherFace(t)); return err }
		}
		checkAdd := func(id string) func() error {
			return func() error { return s.r.CheckAddFace(ctx, id, uuid.Nil) }
		}
		removeFace := func(id string) func() error {
			return func() error { return s.r.RemoveFace(ctx, id, s.faces[id].ID, epoch) }
		}
		remove := func(id string) func() error { return func() error { return s.r.DeleteMember(ctx, id, epoch) } }
		link := func(list string, ids ...string) func() error {
			return func() error { return s.r.Link(ctx, list, ids, epoch) }
		}
		unlink := func(list string, ids ...string) func() error {
			return func() error { return s.r.Unlink(ctx, list, ids, epoch) }
		}
		relink := func(list string, add, remove []string) func() error {
			return func() error { return s.r.Relink(ctx, list, add, remove, epoch) }
		}
		change := func(id string, lists *[]string) func() error {
			return func() error {
				_, err := s.r.ChangeMember(ctx, id, lists, epoch, func(*face.Member) error { return nil })
				return err
			}
		}
		changeList := func(id string) func() error {
			return func() error {
				_, err := s.r.ChangeWatchlist(ctx, id, epoch, func(*face.Watchlist) error { return nil })
				return err
			}
		}
		ensure := func(id string) func() error {
			return func() error { _, err := s.r.EnsureWatchlist(ctx, newWatchlist(t, id)); return err }
		}
		put := func(id string) func() error {
			return func() error { _, err := s.r.UpsertWatchlist(ctx, newWatchlist(t, id)); return err }
		}
		tests := []struct {
			name string
			do   func() error
			want face.Kind
		}{
			{"make another watchlist", func() error { return s.r.CreateWatchlist(ctx, newWatchlist(t, "other")) }, face.Forbidden},
			{"make one that others have", func() error { return s.r.CreateWatchlist(ctx, newWatchlist(t, "theirs")) }, face.Forbidden},
			{"put one that others have", put("theirs"), face.Forbidden},
			{"delete one that others have", func() error { return s.r.DeleteWatchlist(ctx, "theirs", epoch) }, face.Forbidden},
			{"delete one that is not there", func() error { return s.r.DeleteWatchlist(ctx, "other", epoch) }, face.Forbidden},
			{"ensure one that others have", ensure("theirs"), face.Forbidden},
			{"ensure one that nobody has", ensure("other"), face.Forbidden},
			{"change one that others have", changeList("theirs"), face.Forbidden},
			{"enrol into nothing", enrolInto("new"), face.Forbidden},
			{"change a hidden one", change("bob", nil), face.NotFound},
			{"change a loose one", change("joe", nil), face.NotFound},
			{"change one of others as well", change("eve", nil), face.Forbidden},
			{"take one off a list of others", change("eve", &[]string{"ours"}), face.Forbidden},
			{"put one on a list of others", change("ann", &[]string{"ours", "theirs"}), face.Forbidden},
			{"pull a hidden one over", change("bob", &[]string{"ours"}), face.NotFound},
			{"relink another list", relink("theirs", []string{"ann"}, nil), face.Forbidden},
			{"relink a hidden one", relink("ours", []string{"bob"}, []string{"ann"}), face.NotFound},
			{"check for others", func() error { return s.r.CheckEnrol(ctx, "new", []string{"ours", "theirs"}, nil) }, face.Forbidden},
			{"enrol for others", enrolInto("new", "theirs"), face.Forbidden},
			{"enrol for others as well", enrolInto("new", "ours", "theirs"), face.Forbidden},
			{"enrol into what is not there", enrolInto("new", "other"), face.Forbidden},
			{"make a loose member", func() error { return s.r.CreateMember(ctx, newMember(t, "new")) }, face.Forbidden},
			{"make a loose one of a hidden id", func() error { return s.r.CreateMember(ctx, newMember(t, "bob")) }, face.Forbidden},
			{"put a loose member", upsert("new"), face.Forbidden},
			{"put a hidden one", upsert("bob"), face.Forbidden},
			{"put a loose one that is there", upsert("joe"), face.Forbidden},
			{"put one of others as well", upsert("eve"), face.Forbidden},
			{"delete a hidden one", remove("bob"), face.NotFound},
			{"delete a loose one", remove("joe"), face.NotFound},
			{"delete one of others as well", remove("eve"), face.Forbidden},
			{"give a hidden one a face", addFace("bob"), face.NotFound},
			{"give one of others as well a face", addFace("eve"), face.Forbidden},
			{"check a face of a hidden one", checkAdd("bob"), face.NotFound},
			{"check a face of one of others as well", checkAdd("eve"), face.Forbidden},
			{"take a face of a hidden one", removeFace("bob"), face.NotFound},
			{"take a face of one of others as well", removeFace("eve"), face.Forbidden},
			{"link to another list", link("theirs", "ann"), face.Forbidden},
			{"link a hidden one", link("ours", "ann", "bob"), face.NotFound},
			{"link a loose one", link("ours", "joe"), face.NotFound},
			{"unlink from another list", unlink("theirs", "eve"), face.Forbidden},
			{"unlink a hidden one", unlink("ours", "bob"), face.NotFound},
		}
		before := counts(t, s.r)
		for _, tt := range tests {
			if err := tt.do(); err == nil || face.KindOf(err) != tt.want {
				t.Errorf("%s: got %v (%v), want %v", tt.name, err, face.KindOf(err), tt.want)
			}
		}
		if diff := cmp.Diff(before, counts(t, s.r)); diff != "" {
			t.Errorf("refused writes left a trace (-before +after):\n%s", diff)
		}
		for _, tt := range []struct {
			name string
			do   func() error
		}{
			{"put ours", put("ours")},
			{"make a new one of ours", put("new")},
			{"enrol", enrolInto("new", "ours", "new")},
			{"put ann", upsert("ann")},
			{"ensure ours", ensure("ours")},
			{"change ours", changeList("ours")},
			{"change ann", change("ann", nil)},
			{"move ann", change("ann", &[]string{"new"})},
			{"move ann back", change("ann", &[]string{"ours"})},
			{"relink ours", relink("ours", []string{"ann"}, []string{"eve"})},
			{"relink ours back", func() error { return s.r.Link(t.Context(), "ours", []string{"eve"}, epoch) }},
			{"link one of others as well", link("new", "ann", "eve")},
			{"give ann a face", addFace("ann")},
			{"take a face of ann", removeFace("ann")},
			{"unlink one of others as well", unlink("ours", "eve")},
			{"delete ann", remove("ann")},
			{"delete ours", func() error { return s.r.DeleteWatchlist(ctx, "ours", epoch) }},
		} {
			if err := tt.do(); err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
	})
}

// TestScopeMeetsLink lets a confined key delete and change a member while another
// links it elsewhere: it is the links at the time of the write that count.
func TestScopeMeetsLink(t *testing.T) {
	t.Parallel()
	r := openWith(t, Options{URL: repositorytest.Postgres(t)})
	s := scene(t, r)
	ctx := confined(t.Context(), "ours")
	lists, err := r.WatchlistUIDs(t.Context(), []string{"theirs"})
	must(t, err)
	for name, write := range map[string]func() error{
		"DeleteMember": func() error { return r.DeleteMember(ctx, "ann", epoch) },
		"AddFace":      func() error { _, err := r.AddFace(ctx, "ann", anotherFace(t)); return err },
		"ChangeMember": func() error {
			_, err := r.ChangeMember(ctx, "ann", &[]string{"ours"}, epoch, func(*face.Member) error { return nil })
			return err
		},
		"RemoveFace": func() error { return r.RemoveFace(ctx, "ann", s.faces["ann"].ID, epoch) },
	} {
		ann, err := r.Member(t.Context(), "ann")
		must(t, err)
		linking := r.write.Begin()
		must(t, linking.Create(&membershipRow{WatchlistUID: key(lists["theirs"]), MemberUID: key(ann.UID), Created: at(epoch)}).Error)
		end := blocked(t, r, write)
		must(t, linking.Commit().Error)
		if err := <-end; face.KindOf(err) != face.Forbidden {
			t.Errorf("%s: got %v, want Forbidden", name, err)
		}
		must(t, r.Unlink(t.Context(), "theirs", []string{"ann"}, epoch))
	}
}

// TestScopeTells holds that an answer does not differ between what is hidden and
// what is not there.
func TestScopeTells(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s theScene) {
		t.Helper()
		ctx := confined(t.Context(), "ours")
		for name, do := range map[string]func(id string) error{
			"Member":       func(id string) error { _, err := s.r.Member(ctx, id); return err },
			"UpsertMember": func(id string) error { _, err := s.r.UpsertMember(ctx, newMember(t, id)); return err },
			"CreateMember": func(id string) error { return s.r.CreateMember(ctx, newMember(t, id)) },
			"DeleteMember": func(id string) error { return s.r.DeleteMember(ctx, id, epoch) },
			"Link":         func(id string) error { return s.r.Link(ctx, "ours", []string{id}, epoch) },
			"AddFace":      func(id string) error { _, err := s.r.AddFace(ctx, id, anotherFace(t)); return err },
		} {
			hidden, absent := do("bob").Error(), do("zoe").Error()
			if hidden != strings.ReplaceAll(absent, "zoe", "bob") {
				t.Errorf("%s tells a hidden member from none: %q and %q", name, hidden, absent)
			}
		}
	})
}
