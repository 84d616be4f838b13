package gallery_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
)

// distinct returns the id of the member of each face, "" for none.
func (s *system) distinct(t *testing.T, picture string, least face.Score, lists ...string) []string {
	t.Helper()
	found, err := s.IdentifyDistinct(t.Context(), gallery.MembersQuery{
		IdentifyQuery: gallery.IdentifyQuery{Image: []byte(picture), WatchlistIDs: lists, MinScore: least},
	})
	must(t, err)
	out := make([]string, len(found))
	for i, f := range found {
		if len(f.Candidates) > 1 {
			t.Errorf("face %d has %d candidates, want one at most", i, len(f.Candidates))
		}
		for _, c := range f.Candidates {
			out[i] = c.Member.ID
		}
	}
	return out
}

func TestIdentifyDistinct(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	s.list(t, "staff")
	s.list(t, "guests")
	s.enrol(t, "anna", []string{"staff"}, "anna")
	s.enrol(t, "anna's twin", []string{"staff", "guests"}, "anna#twin")
	s.enrol(t, "bert", []string{"staff"}, "bert", "bert#2")
	s.enrol(t, "carl", []string{"guests"}, "carl")
	tests := []struct {
		picture string
		lists   []string
		want    []string
	}{
		{"anna", nil, []string{"anna"}},
		{"anna#twin|anna", nil, []string{"anna's twin", "anna"}},
		{"anna|anna#twin", nil, []string{"anna", "anna's twin"}},
		{"anna|anna#twin|carl", []string{"guests"}, []string{"", "anna's twin", "carl"}},
		{"bert|bert", nil, []string{"bert", ""}},
		{"bert|dora|carl", []string{"staff"}, []string{"bert", "", ""}},
		{"dora", nil, []string{""}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, s.distinct(t, tt.picture, 40, tt.lists...)); diff != "" {
			t.Errorf("%s among %v: (-want +got)\n%s", tt.picture, tt.lists, diff)
		}
	}
	if _, err := s.IdentifyDistinct(t.Context(), gallery.MembersQuery{IdentifyQuery: gallery.IdentifyQuery{Image: []byte(".")}}); face.KindOf(err) != face.NoFace {
		t.Errorf("nobody in the picture: got %v, want NoFace", err)
	}
	if _, err := s.IdentifyDistinct(t.Context(), gallery.MembersQuery{IdentifyQuery: gallery.IdentifyQuery{
		Image: []byte("anna"), WatchlistIDs: []string{"nope"},
	}}); face.KindOf(err) != face.NotFound {
		t.Errorf("an unknown watchlist: got %v, want NotFound", err)
	}
}

// In pictures of people who look alike, nobody is found twice, and the sum of the
// similarities is that of the best of all pairings with everybody enrolled.
func TestIdentifyDistinctOfLookAlikes(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	s.list(t, "all")
	for n := range 9 {
		s.enrol(t, fmt.Sprint(n), []string{"all"}, fmt.Sprintf("person %d#%d", n%3, n), fmt.Sprintf("person %d#%d", (n+1)%3, 10+n))
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 25 {
		names := make([]string, 1+r.IntN(5))
		for i := range names {
			names[i] = fmt.Sprintf("person %d#%d", r.IntN(4), 100+r.IntN(50)) // the fourth is nobody
		}
		picture := strings.Join(names, "|")
		q := gallery.MembersQuery{IdentifyQuery: gallery.IdentifyQuery{Image: []byte(picture), MinScore: 30, MaxCandidates: 100}}
		everybody, err := s.IdentifyMembers(t.Context(), q)
		must(t, err)
		paired, err := s.IdentifyDistinct(t.Context(), q)
		must(t, err)
		seen := map[string]bool{}
		var got float64
		for _, f := range paired {
			for _, c := range f.Candidates {
				if seen[c.Member.ID] {
					t.Errorf("%s: %s is found twice", picture, c.Member.ID)
				}
				seen[c.Member.ID] = true
				got += c.Score.Similarity()
			}
		}
		if want := bestPairing(everybody, map[string]bool{}); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: got a sum of %v, want %v", picture, got, want)
		}
	}
}

// bestPairing returns the largest sum of similarities of faces with people who are not
// taken, by trying all.
func bestPairing(faces []gallery.IdentifiedMembers, taken map[string]bool) float64 {
	if len(faces) == 0 {
		return 0
	}
	best := bestPairing(faces[1:], taken)
	for _, c := range faces[0].Candidates {
		if taken[c.Member.ID] {
			continue
		}
		taken[c.Member.ID] = true
		best = max(best, c.Score.Similarity()+bestPairing(faces[1:], taken))
		delete(taken, c.Member.ID)
	}
	return best
}
