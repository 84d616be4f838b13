package milvus

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/vectorstore"
	"github.com/facekeep/facekeep/vectorstore/exact"
	"github.com/facekeep/facekeep/vectorstore/vectorstoretest"
)

// templates are the vectors that were upserted last, as a database has them.
type templates struct {
	mu      sync.Mutex
	vectors map[face.TemplateLabel]map[uuid.UUID][]float32
}

func (d *templates) put(label face.TemplateLabel, rows []face.IndexRow) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.vectors == nil {
		d.vectors = map[face.TemplateLabel]map[uuid.UUID][]float32{}
	}
	if d.vectors[label] == nil {
		d.vectors[label] = map[uuid.UUID][]float32{}
	}
	for _, r := range rows {
		d.vectors[label][r.Face] = slices.Clone(r.Vector)
	}
}

func (d *templates) get(_ context.Context, label face.TemplateLabel, faces []uuid.UUID) (map[uuid.UUID][]float32, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := map[uuid.UUID][]float32{}
	for _, f := range faces {
		if v := d.vectors[label][f]; v != nil {
			out[f] = v
		}
	}
	return out, nil
}

// TestStoreOfEachKind runs the suite on indexes that are not flat from the start.
// Its stores are small, so that little of them is indexed yet when it is searched;
// TestScoresAreTrue has rows that surely are.
func TestStoreOfEachKind(t *testing.T) {
	t.Parallel()
	address(t)
	if testing.Short() {
		t.Skip("some minutes on Milvus; left out of -short")
	}
	for _, kind := range []IndexKind{HNSW, IVFFlat, IVFSQ8} {
		t.Run(string(kind), func(t *testing.T) {
			vectorstoretest.Run(t, func(tb testing.TB) vectorstore.Store {
				tb.Helper()
				return open(tb, func(o *Options) { o.Index = Index{Kind: kind, FlatBelow: -1, Lists: 8, Probes: 8} })
			}, vectorstoretest.Brief)
		})
	}
}

// TestScoresAreTrue holds the answers of each kind of index to the true cosines:
// of rows that have just come, of rows that are indexed, and of both. Each search
// looks everywhere, so nobody may be missed either.
func TestScoresAreTrue(t *testing.T) {
	t.Parallel()
	address(t)
	for _, kind := range []IndexKind{Flat, HNSW, IVFFlat, IVFSQ8} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			database, truth := &templates{}, exact.New()
			s := open(t, func(o *Options) {
				o.Partitions, o.Templates = 1, database.get
				o.Index = Index{Kind: kind, FlatBelow: 1, Lists: 16, Probes: 16, Ef: 2048}
			})
			rows := randomRows(2000, 32, 3)
			for i := range rows { // two faces a member
				rows[i].Member = numbered('m', i/6)
			}
			add := func(rows []face.IndexRow) {
				t.Helper()
				database.put(label, rows)
				upsert(t, s, rows...)
				if err := truth.Upsert(t.Context(), label, rows); err != nil {
					t.Fatal(err)
				}
			}
			add(rows[:1700])
			if off := farthestOff(t, s, truth); off > 1e-6 {
				t.Errorf("rows that have just come: a cosine is off by %v", off)
			}
			if err := s.Flush(t.Context(), label); err != nil {
				t.Fatalf("Flush: %v", err)
			}
			if _, err := s.Reindex(t.Context(), label); err != nil {
				t.Fatalf("Reindex: %v", err)
			}
			if have, want, err := s.Kinds(t.Context(), label); have != kind || want != kind || err != nil {
				t.Errorf("Kinds = %s, %s (%v); want %s twice", have, want, err, kind)
			}
			if kind == IVFSQ8 {
				checkRounds(t, s, truth)
			}
			if off := farthestOff(t, s, truth); off > 1e-6 {
				t.Errorf("indexed rows: a cosine is off by %v", off)
			}
			add(rows[1700:])
			if off := farthestOff(t, s, truth); off > 1e-6 {
				t.Errorf("indexed rows and others: a cosine is off by %v", off)
			}
		})
	}
}

// checkRounds waits until the index rounds where nothing makes its scores good:
// else a test of that would show nothing.
func checkRounds(t *testing.T, s *Store, truth *exact.Index) {
	t.Helper()
	opts := s.opts
	opts.Templates = nil
	bare, err := Open(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = bare.Close() }()
	for begun := time.Now(); farthestOff(t, bare, truth) < 1e-5; {
		if time.Since(begun) > time.Minute {
			t.Fatal("for a minute the index has not rounded")
		}
	}
}

// farthestOff searches a store and the truth for the same, and returns by how much
// a cosine differs at most. Members that one finds and the other does not fail the
// test, unless a store that does not make scores good has rounded them away.
func farthestOff(t *testing.T, s *Store, truth *exact.Index) float64 {
	t.Helper()
	rng := rand.New(rand.NewPCG(7, 7))
	worst := 0.0
	for i := range 20 {
		q := face.IndexQuery{Label: label, Vector: randomUnit(rng, 32), Limit: 1 + 5*i, MinCosine: -1}
		if i%3 == 0 {
			q.Watchlists = []uuid.UUID{numbered('w', i%2)}
		}
		got, err := s.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		want, err := truth.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(want) {
			t.Fatalf("%d hits, want %d", len(got), len(want))
		}
		for k := range want {
			if s.opts.Templates != nil && got[k].Face != want[k].Face {
				t.Errorf("hit %d is face %s at %v, want face %s at %v", k, got[k].Face, got[k].Cosine, want[k].Face, want[k].Cosine)
			}
			worst = max(worst, math.Abs(got[k].Cosine-want[k].Cosine))
		}
	}
	return worst
}
