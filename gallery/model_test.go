package gallery_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
)

// model is a gallery without a database or an index: maps, and a search that
// compares everything.
type model struct {
	lists   map[string]bool
	members map[string][]modelFace     // faces of each
	links   map[string]map[string]bool // members of each watchlist
}

type modelFace struct {
	picture string
	id      uuid.UUID
}

func newModel() *model {
	return &model{lists: map[string]bool{}, members: map[string][]modelFace{}, links: map[string]map[string]bool{}}
}

// identify answers as Gallery.Identify does, MinScore 40 and no other limit.
func (m *model) identify(picture string, lists []string) []found {
	type scored struct {
		found
		cosine float64
	}
	var all []scored
	for list, members := range m.links {
		if len(lists) > 0 && !slices.Contains(lists, list) {
			continue
		}
		for id := range members {
			best := -1.0
			for _, f := range m.members[id] {
				best = max(best, cosine(picture, f.picture))
			}
			if best >= 0.5 {
				all = append(all, scored{found{list, id}, best})
			}
		}
	}
	slices.SortFunc(all, func(a, b scored) int {
		if d := b.cosine - a.cosine; d > 1e-6 || d < -1e-6 {
			return map[bool]int{true: 1, false: -1}[d > 0]
		}
		return strings.Compare(a.Member+"\x00"+a.Watchlist, b.Member+"\x00"+b.Watchlist)
	})
	out := make([]found, len(all))
	for i, s := range all {
		out[i] = s.found
	}
	return out
}

func cosine(a, b string) float64 {
	var sum float64
	va, vb := vectorOf(a), vectorOf(b)
	for i := range va {
		sum += float64(va[i]) * float64(vb[i])
	}
	return sum
}

// TestModel applies random operations to a gallery and to the model, right and
// wrong ones, and compares errors, listings and searches; now and then the
// gallery is closed and opened again.
func TestModel(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(seed, 11))
			dir := t.TempDir()
			s, err := openIn(t.Context(), dir)
			must(t, err)
			m := newModel()
			for step := range 300 {
				if rng.IntN(60) == 0 {
					must(t, s.repo.Close())
					s, err = openIn(t.Context(), dir)
					must(t, err)
				}
				what, want, got := operate(t, rng, s, m)
				if (got == nil) != (want < 0) || got != nil && face.KindOf(got) != want {
					t.Fatalf("step %d: %s = %v, want kind %v", step, what, got, want)
				}
				compare(t, rng, s, m, what)
			}
			must(t, s.repo.Close())
		})
	}
}

// fine stands for "no error" among kinds.
const fine = face.Kind(-1)

// operate does one random thing to both, and returns what it was, the kind of
// error that the model expects, and what the gallery answered.
func operate(t *testing.T, rng *rand.Rand, s *system, m *model) (what string, want face.Kind, got error) {
	t.Helper()
	ctx := t.Context()
	list, id := fmt.Sprintf("list%d", rng.IntN(4)), fmt.Sprintf("member%d", rng.IntN(12))
	_, known := m.members[id]
	expect := func(ok bool, kind face.Kind) face.Kind {
		if ok {
			return fine
		}
		return kind
	}
	switch rng.IntN(13) {
	case 0:
		_, err := s.CreateWatchlist(ctx, face.Watchlist{ID: list, Threshold: 40, PreviewColor: "#123"})
		want := expect(!m.lists[list], face.Conflict)
		if want == fine {
			m.lists[list], m.links[list] = true, map[string]bool{}
		}
		return "create " + list, want, err
	case 1:
		want := expect(m.lists[list], face.NotFound)
		delete(m.lists, list)
		delete(m.links, list)
		return "delete " + list, want, s.DeleteWatchlist(ctx, list)
	case 2:
		want := expect(known, face.NotFound)
		delete(m.members, id)
		for _, members := range m.links {
			delete(members, id)
		}
		return "delete " + id, want, s.DeleteMember(ctx, id)
	case 3, 4:
		want := expect(m.lists[list] && known, face.NotFound)
		if want == fine {
			m.links[list][id] = true
		}
		return "link " + id + " to " + list, want, s.Link(ctx, list, []string{id})
	case 5:
		want := expect(m.lists[list] && known, face.NotFound)
		if want == fine {
			delete(m.links[list], id)
		}
		return "unlink " + id + " from " + list, want, s.Unlink(ctx, list, []string{id})
	case 6, 7:
		return addBoth(t, rng, s, m, id)
	case 8:
		return removeBoth(t, rng, s, m, id)
	default:
		return enrolBoth(t, rng, s, m, id)
	}
}

// enrolBoth enrols a member by some pictures, of which one may be without a face,
// into some watchlists, of which one may be unknown.
func enrolBoth(t *testing.T, rng *rand.Rand, s *system, m *model, id string) (what string, want face.Kind, got error) {
	t.Helper()
	want = fine
	lists, pictures := make([]string, 1+rng.IntN(2)), make([]string, 1+rng.IntN(3))
	for i := range lists {
		lists[i] = fmt.Sprintf("list%d", rng.IntN(4))
	}
	for i := range pictures {
		pictures[i] = fmt.Sprintf("%s#%d", id, rng.IntN(1000))
		if rng.IntN(12) == 0 {
			pictures[i], want = ".", face.NoFace
		}
	}
	if _, known := m.members[id]; known {
		want = face.Conflict
	}
	if slices.ContainsFunc(lists, func(l string) bool { return !m.lists[l] }) {
		want = face.Invalid
	}
	made, err := s.Enrol(t.Context(), enrolment(id, lists, pictures...))
	if err == nil {
		m.members[id] = nil
		for i, f := range made.Faces {
			m.members[id] = append(m.members[id], modelFace{pictures[i], f.ID})
		}
		for _, l := range lists {
			m.links[l][id] = true
		}
	}
	return fmt.Sprintf("enrol %s into %v by %v", id, lists, pictures), want, err
}

// addBoth gives a member, who may be unknown, another face from a picture, which
// may be without one, and perhaps the id of a face that there is.
func addBoth(t *testing.T, rng *rand.Rand, s *system, m *model, id string) (what string, want face.Kind, got error) {
	t.Helper()
	picture, preset := fmt.Sprintf("%s#%d", id, rng.IntN(1000)), uuid.Nil
	want = fine
	if rng.IntN(8) == 0 {
		picture, want = ".", face.NoFace
	}
	if others := m.members[fmt.Sprintf("member%d", rng.IntN(12))]; len(others) > 0 && rng.IntN(4) == 0 {
		preset, want = others[0].id, face.Conflict
	}
	if _, known := m.members[id]; !known {
		want = face.NotFound
	}
	added, err := s.AddFace(t.Context(), gallery.AddFaceRequest{MemberID: id, Picture: gallery.EnrolImage{FaceID: preset, Data: []byte(picture)}})
	if err == nil {
		m.members[id] = append(m.members[id], modelFace{picture, added.ID})
	}
	return fmt.Sprintf("add %s to %s as %v", picture, id, preset), want, err
}

// removeBoth takes a face from a member; either may be unknown, or the face
// another's.
func removeBoth(t *testing.T, rng *rand.Rand, s *system, m *model, id string) (what string, want face.Kind, got error) {
	t.Helper()
	owner, faceID := id, uuid.New()
	if rng.IntN(4) == 0 {
		owner = fmt.Sprintf("member%d", rng.IntN(12))
	}
	if faces := m.members[owner]; len(faces) > 0 {
		faceID = faces[rng.IntN(len(faces))].id
	}
	before := len(m.members[id])
	if before > 0 {
		m.members[id] = slices.DeleteFunc(m.members[id], func(f modelFace) bool { return f.id == faceID })
	}
	want = face.NotFound
	if len(m.members[id]) < before {
		want = fine
	}
	return fmt.Sprintf("remove %v of %s from %s", faceID, owner, id), want, s.RemoveFace(t.Context(), id, faceID)
}

// compare holds the gallery to what the model says.
func compare(t *testing.T, rng *rand.Rand, s *system, m *model, after string) {
	t.Helper()
	picture := fmt.Sprintf("member%d#probe", rng.IntN(12))
	var lists []string
	for _, l := range slices.Sorted(maps.Keys(m.lists)) {
		if rng.IntN(3) == 0 {
			lists = append(lists, l)
		}
	}
	if diff := cmp.Diff(m.identify(picture, lists), s.identify(t, picture, lists...)); diff != "" {
		t.Fatalf("after %q, who is in %s among %v (-want +got):\n%s", after, picture, lists, diff)
	}
	faces, rows := 0, 0
	for _, all := range m.members {
		faces += len(all)
	}
	for _, members := range m.links {
		for id := range members {
			rows += len(m.members[id])
		}
	}
	got := s.size(t)
	got.Changes = 0
	if want := (size{Lists: len(m.lists), Members: len(m.members), Faces: faces, Rows: rows}); got != want {
		t.Fatalf("after %q: size %+v, want %+v", after, got, want)
	}
}

// TestConcurrent has several clients work on members of their own in shared
// watchlists, each of which sees every write of its own at once.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	s.list(t, "shared")
	s.list(t, "other")
	const clients, rounds = 6, 15
	done := make(chan struct{})
	for c := range clients {
		go func() {
			defer func() { done <- struct{}{} }()
			for i := range rounds {
				clientRound(t, s, fmt.Sprintf("member-%d-%d", c, i), i < 10)
			}
		}()
	}
	for range clients {
		<-done
	}
	left := clients * 10 // rounds 0 to 9; the others delete their members
	got := s.size(t)
	got.Changes = 0
	if want := (size{Lists: 2, Members: left, Faces: 2 * left, Rows: 2 * left}); got != want {
		t.Errorf("size %+v, want %+v", got, want)
	}
}

// clientRound enrols, links, unlinks and perhaps deletes one member, gives and
// takes it a face, and looks after each step.
func clientRound(t *testing.T, s *system, id string, stays bool) {
	t.Helper()
	check := func(err error, picture string, want ...found) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", id, err)
			return
		}
		faces, err := s.Identify(t.Context(), gallery.IdentifyQuery{Image: []byte(picture), MinScore: 75, MaxCandidates: 10})
		if err != nil {
			t.Errorf("%s: %v", id, err)
			return
		}
		if got := names(faces[0].Candidates); !slices.Equal(want, got) {
			t.Errorf("%s: found %v, want %v", id, got, want)
		}
	}
	ctx, probe := t.Context(), id+"#3"
	_, err := s.Enrol(ctx, enrolment(id, []string{"shared"}, id+"#1", id+"#2"))
	check(err, probe, found{"shared", id})
	check(s.Link(ctx, "other", []string{id}), probe, found{"other", id}, found{"shared", id})
	check(s.Unlink(ctx, "shared", []string{id}), probe, found{"other", id})
	alias := id + "-disguised"
	added, err := s.AddFace(ctx, gallery.AddFaceRequest{MemberID: id, Picture: gallery.EnrolImage{Data: []byte(alias + "#1")}})
	check(err, alias+"#2", found{"other", id})
	check(s.RemoveFace(ctx, id, added.ID), alias+"#2")
	if !stays {
		check(s.DeleteMember(ctx, id), probe)
	}
}
