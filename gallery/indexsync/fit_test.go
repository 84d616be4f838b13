package indexsync

import (
	"context"
	"testing"

	"github.com/facekeep/facekeep/face"
)

// TestFit holds when the kind of an index is changed: if it does not suit, if all
// fits into memory, and by one server; and that searches are answered meanwhile.
func TestFit(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		suits   bool
		limit   int
		taken   bool
		changes int
	}{
		{"it suits", true, 0, false, 0},
		{"it does not", false, 0, false, 1},
		{"too large", false, 9, false, 0},
		{"another server is at it", false, 0, true, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			changes := 0
			var s *Shared
			var db *fakeDatabase
			var index *flawedIndex
			s, db, index = newSystem(t, 10, func(c *SharedConfig) {
				c.ExactLimit = tt.limit
				c.Suits = func(context.Context) (bool, error) { return tt.suits, nil }
				c.Change = func(ctx context.Context) error {
					changes++
					index.set(func(x *flawedIndex) { x.away = true })
					defer index.set(func(x *flawedIndex) { x.away = false })
					hits, err := s.Search(ctx, face.IndexQuery{Label: scanLabel, Vector: db.rows[2].Vector, Limit: 1})
					if err != nil || len(hits) != 1 || hits[0].Face != db.rows[2].Face {
						t.Errorf("Search meanwhile = %v (%v), want face %s", hits, err, db.rows[2].Face)
					}
					if db.copies != 1 {
						t.Errorf("%d copies were made, want 1, before the index went away", db.copies)
					}
					return nil
				}
			})
			db.taken = tt.taken
			for range 2 {
				if err := s.Fit(t.Context()); err != nil {
					t.Errorf("Fit: %v", err)
				}
				tt.suits = true // it was changed
			}
			if changes != tt.changes {
				t.Errorf("%d changes, want %d", changes, tt.changes)
			}
		})
	}
}

// TestFitUnused: a copy that no search has asked for is given back.
func TestFitUnused(t *testing.T) {
	t.Parallel()
	s, db, _ := newSystem(t, 10, func(c *SharedConfig) {
		c.Suits = func(context.Context) (bool, error) { return false, nil }
		c.Change = func(context.Context) error { return nil }
	})
	if err := s.Fit(t.Context()); err != nil || db.copies != 1 || s.exact.rows != nil {
		t.Errorf("Fit: %v; %d copies, want 1; kept: %t, want false", err, db.copies, s.exact.rows != nil)
	}
}
