package indexsync

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// scriptedTail gives at every reading what the script says for it.
type scriptedTail struct {
	readings [][]taken
}

func (s *scriptedTail) Tail(_ context.Context, _ string, _ time.Duration, take func(c face.IndexChange, age time.Duration)) (string, bool, error) {
	if len(s.readings) == 0 {
		return "next", false, nil
	}
	for _, n := range s.readings[0] {
		take(n.change, n.age)
	}
	s.readings = s.readings[1:]
	return "next", false, nil
}

// rowsOnly is an index that knows which rows it holds.
type rowsOnly struct {
	Searcher // nil: whatever else is asked for is a bug

	rows map[face.IndexKey]face.IndexRow
}

func (x *rowsOnly) Upsert(_ context.Context, _ face.TemplateLabel, rows []face.IndexRow) error {
	for _, r := range rows {
		x.rows[face.IndexKey{Watchlist: r.Watchlist, Face: r.Face}] = r
	}
	return nil
}

func (x *rowsOnly) Delete(_ context.Context, removals []face.IndexRemoval) error {
	for _, r := range removals {
		delete(x.rows, r.IndexKey)
	}
	return nil
}

func (x *rowsOnly) Search(_ context.Context, q face.IndexQuery) (out []face.Hit, err error) {
	for key, r := range x.rows {
		if !q.Skip(key) {
			out = append(out, face.Hit{Watchlist: r.Watchlist, Member: r.Member, Face: r.Face, Cosine: 1})
		}
	}
	return out, nil
}

// TestFreshOrder holds that the highest number of a key decides, in whatever order
// and how often its changes are told.
func TestFreshOrder(t *testing.T) {
	t.Parallel()
	const unapplied, applied = time.Duration(-1), time.Millisecond
	numbered := func(seq int64, c face.IndexChange, age time.Duration) taken {
		c.Seq = seq
		return taken{c, age}
	}
	tests := []struct {
		name     string
		readings [][]taken
		want     bool
	}{
		{"put", [][]taken{{numbered(1, put("W", "a", "L"), unapplied)}}, true},
		{"removed", [][]taken{{numbered(1, put("W", "a", "L"), unapplied), numbered(2, remove("W", "a"), unapplied)}}, false},
		{"the put is told again when applied", [][]taken{
			{numbered(1, put("W", "a", "L"), unapplied), numbered(2, remove("W", "a"), unapplied)},
			{numbered(1, put("W", "a", "L"), applied)},
		}, false},
		{"put again", [][]taken{
			{numbered(2, remove("W", "a"), unapplied)},
			{numbered(3, put("W", "a", "L"), unapplied)},
		}, true},
		{"put again, and the removal is told again when applied", [][]taken{
			{numbered(2, remove("W", "a"), unapplied)},
			{numbered(3, put("W", "a", "L"), unapplied)},
			{numbered(2, remove("W", "a"), applied)},
		}, true},
		{"removed again", [][]taken{
			{numbered(2, remove("W", "a"), unapplied), numbered(3, put("W", "a", "L"), unapplied), numbered(4, remove("W", "a"), unapplied)},
			{numbered(2, remove("W", "a"), applied), numbered(3, put("W", "a", "L"), applied)},
		}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFresh(&scriptedTail{readings: slices.Clone(tt.readings)}, time.Minute, func() Searcher {
				return &rowsOnly{rows: map[face.IndexKey]face.IndexRow{}}
			}, time.Now)
			for range tt.readings {
				if err := f.refresh(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			key := face.IndexKey{Watchlist: id("W"), Face: id("a")}
			hits, err := f.search(t.Context(), face.IndexQuery{Limit: 1, Skip: f.gone, Watchlists: []uuid.UUID{id("W")}})
			if err != nil || (len(hits) == 1) != tt.want {
				t.Errorf("the overlay finds %v (%v), want the row: %t", hits, err, tt.want)
			}
			if f.gone(key) == tt.want {
				t.Errorf("gone() = %t, want %t", !tt.want, !tt.want)
			}
		})
	}
}
