package indexsync

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// TestSearchExactly holds exact searches to those of an index that holds all,
// whatever the shared index hides.
func TestSearchExactly(t *testing.T) {
	t.Parallel()
	s, db, index := newSystem(t, 100, nil)
	for n := range 50 {
		index.hidden[numbered('f', 2*n)] = true
	}
	rng := rand.New(rand.NewPCG(5, 6))
	skipped := numbered('f', rng.IntN(100))
	for i := range 200 {
		q := face.IndexQuery{Label: scanLabel, Vector: randomUnit(rng), Limit: 1 + rng.IntN(60), MinCosine: 2*rng.Float64() - 1}
		for range rng.IntN(3) {
			q.Watchlists = append(q.Watchlists, numbered('w', rng.IntN(4)))
		}
		if i%2 == 0 {
			q.Skip = func(k face.IndexKey) bool { return k.Face == skipped }
		}
		want, err := index.Index.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		q.Exact = true
		got, err := s.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if len(got)+len(want) > 0 {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("query %d (-want +got):\n%s", i, diff)
			}
		}
	}
	if db.scans != 200 {
		t.Errorf("%d scans of the database, want 200", db.scans)
	}
}

func TestSearchExactlyFails(t *testing.T) {
	t.Parallel()
	s, db, _ := newSystem(t, 10, nil)
	db.err = face.Errorf(face.Unavailable, "the database is gone")
	_, err := s.Search(t.Context(), face.IndexQuery{Label: scanLabel, Vector: db.rows[0].Vector, Limit: 1, Exact: true})
	if face.KindOf(err) != face.Unavailable {
		t.Errorf("Search = %v, want an Unavailable error", err)
	}
}

// TestSearchExactlyInMemory holds that a copy in memory is searched, where there is
// one, and what is fresh beside it.
func TestSearchExactlyInMemory(t *testing.T) {
	t.Parallel()
	s, db, index := newSystem(t, 10, nil)
	index.away = true
	q := face.IndexQuery{Label: scanLabel, Vector: db.rows[3].Vector, Limit: 1, MinCosine: 0.999}
	if _, err := s.Search(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	late := randomRow(rand.New(rand.NewPCG(9, 9)), 77)
	db.tell(-1, face.IndexChange{
		Seq: 1, Op: face.IndexPut, Watchlist: late.Watchlist, Member: late.Member, Face: late.Face, Label: scanLabel, Vector: late.Vector,
	})
	for _, r := range []face.IndexRow{db.rows[3], late} {
		q := face.IndexQuery{Label: scanLabel, Vector: r.Vector, Limit: 1, MinCosine: 0.999, Exact: true, Watchlists: []uuid.UUID{r.Watchlist}}
		hits, err := s.Search(t.Context(), q)
		if err != nil || len(hits) != 1 || hits[0].Face != r.Face {
			t.Errorf("exact search of face %s = %v (%v), want itself", r.Face, hits, err)
		}
	}
	if db.scans != 0 || db.copies != 1 {
		t.Errorf("%d scans and %d copies, want 0 and 1", db.scans, db.copies)
	}
}
