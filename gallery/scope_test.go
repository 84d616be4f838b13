package gallery_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
)

// withKey is the context of a request whose key is for some watchlists.
func withKey(ctx context.Context, lists ...string) context.Context {
	return face.WithGrant(ctx, face.Grant{Key: uuid.New(), Role: face.RoleAdmin, Watchlists: lists})
}

// scene enrols ann on the list of one key, bob on that of another, and eve on both.
func scene(t *testing.T) *system {
	t.Helper()
	s := open(t, t.TempDir())
	s.list(t, "ours")
	s.list(t, "theirs")
	s.enrol(t, "ann", []string{"ours"}, "ann#1")
	s.enrol(t, "bob", []string{"theirs"}, "bob#1")
	s.enrol(t, "eve", []string{"ours", "theirs"}, "eve#1")
	return s
}

func TestIdentifyWithKey(t *testing.T) {
	t.Parallel()
	s := scene(t)
	tests := []struct {
		name    string
		key     []string // its watchlists
		picture string
		lists   []string // named in the query
		want    []found
		refused face.Kind
	}{
		{"a key for all", nil, "eve#2", nil, []found{{"ours", "eve"}, {"theirs", "eve"}}, 0},
		{"none named: its own", []string{"ours"}, "eve#2", nil, []found{{"ours", "eve"}}, 0},
		{"none named: not those of others", []string{"ours"}, "bob#2", nil, []found{}, 0},
		{"its own named", []string{"ours"}, "ann#2", []string{"ours"}, []found{{"ours", "ann"}}, 0},
		{"another named", []string{"ours"}, "ann#2", []string{"theirs"}, nil, face.Forbidden},
		{"another named beside", []string{"ours"}, "ann#2", []string{"ours", "theirs"}, nil, face.Forbidden},
		{"one named that is not there", []string{"ours"}, "ann#2", []string{"gone"}, nil, face.Forbidden},
		{"both", []string{"ours", "theirs"}, "eve#2", nil, []found{{"ours", "eve"}, {"theirs", "eve"}}, 0},
		{"one of its own is not there", []string{"gone", "theirs"}, "eve#2", nil, []found{{"theirs", "eve"}}, 0},
		{"one of its own is not there, and named", []string{"gone", "theirs"}, "eve#2", []string{"gone"}, nil, face.NotFound},
		{"none of its own is there", []string{"gone"}, "eve#2", nil, []found{}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx := withKey(t.Context(), tt.key...)
			q := gallery.IdentifyQuery{Image: []byte(tt.picture), WatchlistIDs: tt.lists, MinScore: 40, MaxCandidates: 10}
			faces, err := s.Identify(ctx, q)
			members, byMember := s.IdentifyMembers(ctx, gallery.MembersQuery{IdentifyQuery: q})
			if tt.refused != 0 {
				if face.KindOf(err) != tt.refused || face.KindOf(byMember) != tt.refused {
					t.Fatalf("got %v and by member %v, want %v", err, byMember, tt.refused)
				}
				return
			}
			if err != nil || byMember != nil {
				t.Fatalf("got %v and by member %v", err, byMember)
			}
			if diff := cmp.Diff(tt.want, names(faces[0].Candidates)); diff != "" {
				t.Errorf("candidates (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.want, namesOfMembers(members[0].Candidates)); diff != "" {
				t.Errorf("members and the watchlists they are shown on (-want +got):\n%s", diff)
			}
		})
	}
}

// namesOfMembers returns a row for each watchlist that a member is shown on, in the
// order of the ids.
func namesOfMembers(candidates []gallery.MemberCandidate) []found {
	out := []found{}
	for _, c := range candidates {
		for _, w := range slices.Backward(c.Watchlists) { // the newest come first
			out = append(out, found{w.ID, c.Member.ID})
		}
	}
	return out
}

// A filter by name finds nobody whom the key does not see.
func TestFilterWithKey(t *testing.T) {
	t.Parallel()
	s := scene(t)
	name := "Bob"
	_, err := s.ChangeMember(t.Context(), "bob", gallery.MemberChange{Change: func(m *face.Member) { m.FullName = &name }})
	must(t, err)
	for _, tt := range []struct {
		key  []string
		want int
	}{{nil, 1}, {[]string{"theirs"}, 1}, {[]string{"ours"}, 0}, {[]string{"gone"}, 0}} {
		got, err := s.IdentifyMembers(withKey(t.Context(), tt.key...), gallery.MembersQuery{
			IdentifyQuery: gallery.IdentifyQuery{Image: []byte("bob#2"), MinScore: 40, MaxCandidates: 10},
			Filter:        &gallery.MemberFilter{Values: []string{name}},
		})
		must(t, err)
		if len(got[0].Candidates) != tt.want {
			t.Errorf("a key for %v finds %v, want %d", tt.key, got[0].Candidates, tt.want)
		}
	}
}

// What a key may not write is refused before any picture is looked at, and leaves
// nothing behind.
func TestEnrolWithKey(t *testing.T) {
	t.Parallel()
	s := scene(t)
	ctx := withKey(t.Context(), "ours")
	query := gallery.MembersQuery{IdentifyQuery: gallery.IdentifyQuery{Image: []byte("broken"), MaxCandidates: 1}}
	for name, do := range map[string]func(lists ...string) error{
		"Enrol": func(lists ...string) error {
			_, err := s.Enrol(ctx, enrolment("new", lists, "broken"))
			return err
		},
		"AddMember": func(lists ...string) error {
			_, _, err := s.AddMember(ctx, face.Member{ID: "new"}, lists)
			return err
		},
		"IdentifyOrEnrol": func(lists ...string) error {
			_, _, err := s.IdentifyOrEnrol(ctx, query, face.Member{ID: "new"}, lists)
			return err
		},
	} {
		for _, lists := range [][]string{{"theirs"}, {"ours", "theirs"}, {"gone"}} {
			if err := do(lists...); face.KindOf(err) != face.Forbidden {
				t.Errorf("%s into %v: got %v, want Forbidden", name, lists, err)
			}
		}
		if err := do(); face.KindOf(err) != face.Forbidden && face.KindOf(err) != face.Invalid || err == nil {
			t.Errorf("%s into nothing: got %v, want a refusal", name, err)
		}
	}
	add := func(id string) error {
		_, err := s.AddFace(ctx, gallery.AddFaceRequest{MemberID: id, Picture: gallery.EnrolImage{Data: []byte("broken")}})
		return err
	}
	for id, want := range map[string]face.Kind{"bob": face.NotFound, "eve": face.Forbidden, "ann": face.Invalid} {
		if err := add(id); face.KindOf(err) != want {
			t.Errorf("AddFace to %s: got %v, want %v", id, err, want)
		}
	}
	if _, err := s.Member(t.Context(), "new"); face.KindOf(err) != face.NotFound {
		t.Errorf("a refused enrolment left %v behind", err)
	}
	if _, err := s.Enrol(ctx, enrolment("new", []string{"ours"}, "new#1")); err != nil {
		t.Errorf("into its own list: %v", err)
	}
}

// Nothing of a hidden member's faces and pictures is told, not even whose they are.
func TestFacesWithKey(t *testing.T) {
	t.Parallel()
	s := scene(t)
	hidden, err := s.MemberFaces(t.Context(), "bob", face.PageQuery{Number: 1, Size: 1})
	must(t, err)
	f := hidden.Items[0]
	ctx := withKey(t.Context(), "ours")
	for name, do := range map[string]func() error{
		"Image":                     func() error { _, err := s.Image(ctx, f.ImageID, gallery.ImageSize{}); return err },
		"FacePicture":               func() error { _, err := s.FacePicture(ctx, "ann", f.ID); return err },
		"FacePicture of the member": func() error { _, err := s.FacePicture(ctx, "bob", f.ID); return err },
		"AssignFace":                func() error { return s.AssignFace(ctx, "ann", f.ID) },
		"RemoveFace":                func() error { return s.RemoveFace(ctx, "ann", f.ID) },
		"RemoveFace of the member":  func() error { return s.RemoveFace(ctx, "bob", f.ID) },
	} {
		if err := do(); err == nil || face.KindOf(err) != face.NotFound {
			t.Errorf("%s: got %v, want NotFound", name, err)
		}
	}
}

// Deleting what a key may delete is seen by searches at once, also by those of
// others: the index is not confined.
func TestDeleteWithKey(t *testing.T) {
	t.Parallel()
	s := scene(t)
	must(t, s.DeleteMember(withKey(t.Context(), "ours"), "ann"))
	if got := s.identify(t, "ann#2"); len(got) != 0 {
		t.Errorf("a deleted member is found: %v", got)
	}
	if _, err := s.Enrol(withKey(t.Context(), "theirs"), enrolment("dan", []string{"theirs"}, "dan#1")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]found{{"theirs", "dan"}}, s.identify(t, "dan#2")); diff != "" {
		t.Errorf("an enrolled member (-want +got):\n%s", diff)
	}
}
