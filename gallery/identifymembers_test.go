package gallery_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
)

// members asks which members a picture of one face is, by at least score 40.
func (s *system) members(t *testing.T, picture string, change func(*gallery.MembersQuery)) []gallery.MemberCandidate {
	t.Helper()
	q := gallery.MembersQuery{IdentifyQuery: gallery.IdentifyQuery{Image: []byte(picture), MinScore: 40, MaxCandidates: 100}}
	if change != nil {
		change(&q)
	}
	found, err := s.IdentifyMembers(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 {
		t.Fatalf("%d faces are answered, want 1", len(found))
	}
	return found[0].Candidates
}

func ids(candidates []gallery.MemberCandidate) []string {
	out := make([]string, 0, len(candidates))
	for _, c := range candidates {
		out = append(out, c.Member.ID)
	}
	return out
}

func TestIdentifyMembers(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	for _, id := range []string{"a", "b", "c"} {
		s.list(t, id)
	}
	ann := s.enrol(t, "ann", []string{"a", "b", "c"}, "ann#1", "ann#2", "someone else")
	s.enrol(t, "bob", []string{"a"}, "bob#1")
	got := s.members(t, "ann#3", nil)
	if diff := cmp.Diff([]string{"ann"}, ids(got)); diff != "" {
		t.Fatalf("members (-want +got):\n%s", diff)
	}
	c := got[0]
	if len(c.Watchlists) != 3 || len(c.Faces) != 2 || c.Score != c.Faces[0].Score || c.Faces[0].Score < c.Faces[1].Score {
		t.Errorf("candidate %+v, want three watchlists, two faces, the nearest first, and its score", c)
	}
	for _, f := range c.Faces {
		if f.Face.MemberUID != ann.Member.UID || f.Face.ID == ann.Faces[2].ID || f.Score < 40 {
			t.Errorf("face %+v, want one of ann that is near", f)
		}
	}
	// The score is that of Identify.
	plain, err := s.Identify(t.Context(), gallery.IdentifyQuery{Image: []byte("ann#3"), MaxCandidates: 1})
	if err != nil || math.Abs(float64(plain[0].Candidates[0].Score-c.Score)) > 1e-3 || plain[0].Candidates[0].FaceID != c.Faces[0].Face.ID {
		t.Errorf("Identify = %+v, %v, want face %v with score %v", plain, err, c.Faces[0].Face.ID, c.Score)
	}
}

// TestIdentifyMembersCounts holds that as many members are found as are asked for,
// each once, though one of them has many rows in the index.
func TestIdentifyMembersCounts(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	lists := make([]string, 20)
	for i := range lists {
		lists[i] = fmt.Sprint("list ", i)
		s.list(t, lists[i])
	}
	s.enrol(t, "near", lists, "ann")
	for i := range 5 {
		s.enrol(t, fmt.Sprint("far ", i), lists[:1], fmt.Sprint("ann#", i))
	}
	for limit := 1; limit <= 7; limit++ {
		got := ids(s.members(t, "ann", func(q *gallery.MembersQuery) { q.MaxCandidates = limit }))
		unique := slices.Compact(slices.Sorted(slices.Values(got)))
		if len(got) != min(limit, 6) || len(unique) != len(got) || got[0] != "near" {
			t.Errorf("limit %d: got %v, want so many different members, near first", limit, got)
		}
	}
}

func TestIdentifyMembersFilter(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	s.list(t, "staff")
	s.list(t, "guests")
	for id, m := range map[string]struct{ name, external, list string }{
		"1": {"Ann", "x", "staff"}, "2": {"Bob", "x", "staff"}, "3": {"Ann", "y", "guests"},
	} {
		r := enrolment(id, []string{m.list}, "twin#"+id)
		r.Member.DisplayName, r.Member.ExternalID = &m.name, &m.external
		if _, err := s.Enrol(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name   string
		filter *gallery.MemberFilter
		lists  []string
		want   []string
	}{
		{"none", nil, nil, []string{"1", "2", "3"}},
		{"in", &gallery.MemberFilter{Values: []string{"Ann", "Zoe"}}, nil, []string{"1", "3"}},
		{"not in", &gallery.MemberFilter{Values: []string{"Ann", "Zoe"}, Exclude: true}, nil, []string{"2"}},
		{"in nothing", &gallery.MemberFilter{}, nil, []string{}},
		{"not in nothing", &gallery.MemberFilter{Exclude: true}, nil, []string{"1", "2", "3"}},
		{"in, of a watchlist", &gallery.MemberFilter{Values: []string{"Ann"}}, []string{"guests"}, []string{"3"}},
		{"not in, of a watchlist", &gallery.MemberFilter{Values: []string{"Bob"}, Exclude: true}, []string{"staff"}, []string{"1"}},
		{"external id", &gallery.MemberFilter{Field: gallery.MemberExternalID, Values: []string{"x"}}, nil, []string{"1", "2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ids(s.members(t, "twin#0", func(q *gallery.MembersQuery) { q.Filter, q.WatchlistIDs = tt.filter, tt.lists }))
			slices.Sort(got)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("members (-want +got):\n%s", diff)
			}
			one := ids(s.members(t, "twin#0", func(q *gallery.MembersQuery) { q.Filter, q.WatchlistIDs, q.MaxCandidates = tt.filter, tt.lists, 1 }))
			if len(one) != min(1, len(tt.want)) || len(one) > 0 && !slices.Contains(tt.want, one[0]) {
				t.Errorf("the nearest: got %v, want one of %v", one, tt.want)
			}
		})
	}
	stranger := s.members(t, "dora", func(q *gallery.MembersQuery) { q.Filter = &gallery.MemberFilter{Values: []string{"Ann"}} })
	if len(stranger) > 0 {
		t.Errorf("a stranger among the named: got %v, want nobody", stranger)
	}
}

func TestIdentifyOrEnrol(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	s.list(t, "staff")
	ask := func(picture string, lists ...string) ([]gallery.IdentifiedMembers, *gallery.Enrolment, error) {
		name := "New"
		q := gallery.MembersQuery{IdentifyQuery: gallery.IdentifyQuery{Image: []byte(picture), MinScore: 40, MaxCandidates: 1}, Keep: true}
		return s.IdentifyOrEnrol(t.Context(), q, face.Member{FullName: &name}, lists)
	}
	_, made, err := ask("ann#1", "staff")
	must(t, err)
	if made == nil || len(made.Faces) != 1 || made.Faces[0].PictureID == made.Faces[0].ImageID || made.Member.Name() != "New" {
		t.Fatalf("made %+v, want a member with one face and its picture", made)
	}
	picture, err := s.FacePicture(t.Context(), made.Member.ID, made.Faces[0].ID)
	if err != nil || string(picture.Data) != "ann#1" {
		t.Errorf("its picture: %q, %v", picture.Data, err)
	}
	found, again, err := ask("ann#2", "staff")
	if err != nil || again != nil || found[0].Candidates[0].Member.ID != made.Member.ID {
		t.Errorf("asked again: %+v, %+v, %v, want the member that was made", found, again, err)
	}
	before := s.size(t)
	for picture, want := range map[string]face.Kind{".": face.NoFace, "broken": face.Invalid} {
		if _, _, err := ask(picture, "staff"); face.KindOf(err) != want {
			t.Errorf("%s: %v, want %v", picture, err, want)
		}
	}
	if _, _, err := ask("bob#1", "staff", "nope"); face.KindOf(err) != face.NotFound {
		t.Errorf("onto an unknown watchlist: %v, want NotFound", err)
	}
	if after := s.size(t); after != before {
		t.Errorf("size after refusals %+v, want %+v", after, before)
	}
}

// TestIdentifyFits holds that a picture is resized before it is searched for, and
// enrolled and kept as it was resized.
func TestIdentifyFits(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	s.list(t, "staff")
	q := gallery.MembersQuery{IdentifyQuery: gallery.IdentifyQuery{Image: []byte("ann#1|huge"), MinScore: 40, MaxCandidates: 1}, Keep: true, Fit: face.Fitting{Width: 10}}
	found, made, err := s.IdentifyOrEnrol(t.Context(), q, face.Member{}, []string{"staff"})
	must(t, err)
	if len(found) != 1 || made == nil {
		t.Fatalf("got %+v, %+v, want one face, and it enrolled", found, made)
	}
	if picture, err := s.FacePicture(t.Context(), made.Member.ID, made.Faces[0].ID); err != nil || string(picture.Data) != "ann#1" {
		t.Errorf("kept: %q, %v, want the picture as it was fitted", picture.Data, err)
	}
	found, err = s.IdentifyMembers(t.Context(), q)
	if err != nil || len(found) != 1 || len(found[0].Candidates) != 1 || found[0].Candidates[0].Member.ID != made.Member.ID {
		t.Errorf("got %+v, %v, want who was made", found, err)
	}
	q.Fit.Quality = 101
	if _, err := s.IdentifyMembers(t.Context(), q); face.KindOf(err) != face.Invalid {
		t.Errorf("a fitting that cannot be had: %v, want Invalid", err)
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	q := gallery.MatchQuery{}
	for _, p := range []string{"ann#1|bob#1", "broken", "ann#2", "."} {
		q.Pictures = append(q.Pictures, gallery.MatchPicture{Image: []byte(p)})
	}
	got, err := s.Match(t.Context(), q)
	must(t, err)
	for i, want := range []struct {
		faces int
		kind  face.Kind
	}{{2, -1}, {0, face.Invalid}, {1, -1}, {0, face.NoFace}} {
		side := got.Sides[i]
		if len(side.Faces) != want.faces || (side.Err == nil) != (want.kind == -1) || side.Err != nil && face.KindOf(side.Err) != want.kind {
			t.Errorf("side %d: %d faces, %v, want %d, %v", i, len(side.Faces), side.Err, want.faces, want.kind)
		}
	}
	pairs := make([]string, 0, len(got.Pairs))
	for _, p := range got.Pairs {
		pairs = append(pairs, fmt.Sprintf("%d.%d–%d.%d %v", p.First, p.FirstFace, p.Second, p.SecondFace, p.Score > 40))
	}
	want := []string{"0.0–0.1 false", "0.0–2.0 true", "0.1–2.0 false"}
	if diff := cmp.Diff(want, pairs); diff != "" {
		t.Errorf("pairs (-want +got):\n%s", diff)
	}
}

// TestExpiry holds that a member that ends is found until then, not after, and that
// the sweep takes its rows and what the index has of it.
func TestExpiry(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	s.list(t, "staff")
	r := enrolment("ann", []string{"staff"}, "ann#1")
	r.Member.ExpiresAt = time.Now().Add(time.Hour)
	e, err := s.Enrol(t.Context(), r)
	must(t, err)
	if got := ids(s.members(t, "ann#2", nil)); len(got) != 1 {
		t.Fatalf("before the end, found %v, want ann", got)
	}
	_, err = s.ChangeMember(t.Context(), "ann", gallery.MemberChange{Change: func(m *face.Member) { m.ExpiresAt = time.Now() }})
	must(t, err)
	if got := s.members(t, "ann#2", nil); len(got) > 0 {
		t.Errorf("after the end, found %v, want nobody", got)
	}
	if got := s.identify(t, "ann#2"); len(got) > 0 {
		t.Errorf("after the end, Identify found %v, want nobody", got)
	}
	if _, err := s.FacePicture(t.Context(), "ann", e.Faces[0].ID); face.KindOf(err) != face.NotFound {
		t.Errorf("picture after the end: %v, want NotFound", err)
	}
	n, err := s.Sweep(t.Context())
	if n != 1 || err != nil {
		t.Errorf("Sweep = %d, %v, want 1", n, err)
	}
	want := size{Lists: 1}
	got := s.size(t)
	got.Changes = 0
	if got != want {
		t.Errorf("after the sweep: %+v, want %+v", got, want)
	}
}

func TestFacePicture(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	s.list(t, "staff")
	ann, bob := s.enrol(t, "ann", []string{"staff"}, "ann#1"), s.enrol(t, "bob", []string{"staff"}, "bob#1")
	added, err := s.AddFace(t.Context(), gallery.AddFaceRequest{MemberID: "ann", Picture: gallery.EnrolImage{
		Data: []byte("ann#2|huge"), Keep: true, Fit: face.Fitting{Width: 10},
	}})
	must(t, err)
	if got, err := s.FacePicture(t.Context(), "ann", added.ID); err != nil || string(got.Data) != "ann#2" || got.Width != 640 {
		t.Errorf("kept: %+v, %v, want the picture as it was fitted", got, err)
	}
	if got, err := s.FacePicture(t.Context(), "ann", ann.Faces[0].ID); err != nil || string(got.Data) != "crop of ann#1" {
		t.Errorf("not kept: %+v, %v, want the crop", got, err)
	}
	if _, err := s.FacePicture(t.Context(), "ann", bob.Faces[0].ID); face.KindOf(err) != face.Invalid {
		t.Errorf("of another: %v, want Invalid", err)
	}
	if _, err := s.FacePicture(t.Context(), "eve", bob.Faces[0].ID); face.KindOf(err) != face.NotFound {
		t.Errorf("of nobody: %v, want NotFound", err)
	}
	bad := gallery.AddFaceRequest{MemberID: "ann", Picture: gallery.EnrolImage{Data: []byte("ann#3"), Fit: face.Fitting{Quality: 101}}}
	if _, err := s.AddFace(t.Context(), bad); face.KindOf(err) != face.Invalid {
		t.Errorf("a fitting that cannot be had: %v, want Invalid", err)
	}
}
