package milvus

import (
	"fmt"
	"testing"
	"time"

	"github.com/facekeep/facekeep/face"
)

// TestAdd holds that added rows are found, that Upsert replaces them like others,
// and that a row that is there already is shown once.
func TestAdd(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	rows := randomRows(30, 8, 3)
	for range 2 {
		if err := s.Add(t.Context(), label, rows); err != nil {
			t.Fatalf("Add: %v", err)
		}
	}
	checkCount(t, s, 60)
	checkFinds(t, s, rows)
	hits, err := s.Search(t.Context(), face.IndexQuery{Label: label, Vector: rows[0].Vector, Limit: 60, MinCosine: -1})
	if err != nil || len(hits) != 30 {
		t.Errorf("got %d hits (%v), want each of 30 faces once", len(hits), err)
	}
	upsert(t, s, rows...)
	checkCount(t, s, 30)
	checkFinds(t, s, rows)
	if err := s.Add(t.Context(), label, randomRows(1, 9, 1)); face.KindOf(err) != face.Invalid {
		t.Errorf("Add of another dimension: %v, want an Invalid error", err)
	}
}

// TestSettle holds that rows are found by the index that was asked for.
func TestSettle(t *testing.T) {
	t.Parallel()
	s := open(t, func(o *Options) { o.Partitions, o.Index = 1, Index{Kind: HNSW, FlatBelow: -1} })
	rows := randomRows(2000, 16, 3)
	if err := s.Add(t.Context(), label, rows); err != nil {
		t.Fatal(err)
	}
	if err := s.Settle(t.Context(), label); err != nil {
		t.Fatalf("Settle: %v", err)
	}
	c, err := s.find(t.Context(), label)
	if err != nil {
		t.Fatal(err)
	}
	if built, err := s.indexBuilt(t.Context(), c); err != nil || !built {
		t.Errorf("indexBuilt = %v, %v; want every row indexed", built, err)
	}
	if served, err := s.indexServed(t.Context(), c); err != nil || !served {
		t.Errorf("indexServed = %v, %v; want searches by the index", served, err)
	}
	checkCount(t, s, len(rows))
	checkFinds(t, s, rows[:5])
}

// TestSeal holds that many rows do not stay with the interim index of the server,
// and that few, or those of a Flat index, are left alone.
func TestSeal(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind  IndexKind
		rows  int
		seals bool
	}{{HNSW, mostUnsealed + 100, true}, {HNSW, 1000, false}, {Flat, mostUnsealed + 100, false}} {
		t.Run(fmt.Sprint(tt.kind, " ", tt.rows), func(t *testing.T) {
			t.Parallel()
			s := open(t, func(o *Options) { o.Partitions, o.Index = 1, Index{Kind: tt.kind, FlatBelow: -1} })
			rows := randomRows(tt.rows, 16, 3)
			upsert(t, s, rows...)
			for range 2 {
				if err := s.Seal(t.Context()); err != nil {
					t.Fatalf("Seal: %v", err)
				}
			}
			c, err := s.find(t.Context(), label)
			if err != nil {
				t.Fatal(err)
			}
			stored := func() int {
				n, err := s.storedRows(t.Context(), c)
				if err != nil {
					t.Fatal(err)
				}
				return n
			}
			for tt.seals && stored() < tt.rows && t.Context().Err() == nil {
				time.Sleep(settlePoll)
			}
			if !tt.seals && stored() > 0 {
				t.Errorf("%d rows were sealed, want none", stored())
			}
		})
	}
}
