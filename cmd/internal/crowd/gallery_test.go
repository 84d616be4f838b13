package crowd_test

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/cmd/internal/crowd"
	"github.com/facekeep/facekeep/face"
)

// TestNewGallery holds what every measurement relies on.
func TestNewGallery(t *testing.T) {
	t.Parallel()
	people := crowd.Made(200)
	g := crowd.NewGallery(people, 3000, 10)
	if diff := cmp.Diff(g, crowd.NewGallery(people, 3000, 10)); diff != "" {
		t.Errorf("a second gallery differs from the first:\n%s", diff)
	}
	if len(g.Rows) != 3000 || len(g.NonMated) != 40 || len(g.Mated) != 680 {
		t.Errorf("got %d rows, %d mated and %d non-mated probes, want 3000, 680 and 40", len(g.Rows), len(g.Mated), len(g.NonMated))
	}
	for _, r := range g.Rows {
		if err := face.CheckVector(r.Vector); err != nil {
			t.Fatalf("face %s: %v", r.Face, err)
		}
	}
	for i, p := range g.Mated {
		if best := nearest(g, p, p.Watchlist); best < 0.25 {
			t.Errorf("mated probe %d: nearest in its watchlist at %.2f, want its mate at 0.3 or more", i, best)
		}
	}
}

// nearest returns the cosine of the nearest face of one watchlist, or of all (-1).
func nearest(g *crowd.Gallery, p crowd.Probe, list int) float64 {
	best := -1.0
	for _, r := range g.Rows {
		if list < 0 || r.Watchlist == g.Watchlists[list] {
			best = max(best, face.Dot(p.Vector, r.Vector))
		}
	}
	return best
}

// TestDrillLikeness compares made-up people with real ones: how near people who are
// not in the gallery come to those who are made up, and to those who are real. The
// templates of all real ones take minutes when they are not in .cache yet.
func TestDrillLikeness(t *testing.T) {
	t.Parallel()
	if os.Getenv("FACEKEEP_DRILL") != "1" {
		t.Skip("takes minutes: run it by make drill, which sets FACEKEEP_DRILL=1")
	}
	people := crowd.Real(t)
	if people.Source != "LFW" {
		t.Skip("no real people to compare with")
	}
	g := crowd.NewGallery(people, 20_000, 10)
	var toReal, toMade []float64
	for _, p := range g.NonMated {
		for i, r := range g.Rows {
			if c := face.Dot(p.Vector, r.Vector); i < g.Real {
				toReal = append(toReal, c)
			} else {
				toMade = append(toMade, c)
			}
		}
	}
	slices.Sort(toReal)
	slices.Sort(toMade)
	for _, q := range []float64{0.5, 0.9, 0.99, 0.999, 0.9999} {
		a, b := toReal[int(q*float64(len(toReal)))], toMade[int(q*float64(len(toMade)))]
		t.Logf("quantile %.4f of cosines of different people: real %.3f, made up %.3f", q, a, b)
		if max(a-b, b-a) > 0.05 {
			t.Errorf("quantile %.4f: made-up people are at %.3f, want within 0.05 of the real ones' %.3f", q, b, a)
		}
	}
}

// TestFresh holds that no vector comes twice, and that none is another direction.
func TestFresh(t *testing.T) {
	t.Parallel()
	v := crowd.Made(1).Faces[0].Templates[0]
	seen := map[string]bool{}
	for range 1000 {
		f := fresh(v)
		if text := fmt.Sprint(f); seen[text] {
			t.Fatal("a vector came twice")
		} else {
			seen[text] = true
		}
		if c := face.Dot(v, f); c < 1-1e-6 || face.CheckVector(f) != nil {
			t.Fatalf("the cosine to the vector is %v, want 1", c)
		}
	}
}
