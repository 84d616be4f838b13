package exact

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// clustered returns rows of which every few are near to each other, as the pictures
// of a person are, from so many members.
func clustered(rng *rand.Rand, n, dim int) []face.IndexRow {
	rows := make([]face.IndexRow, n)
	var middle []float32
	for i := range rows {
		if i%4 == 0 {
			middle = randoms(rng, dim)
		}
		v := randoms(rng, dim)
		for j := range v {
			v[j] = middle[j] + 0.3*v[j]
		}
		normalise(v)
		rows[i] = face.IndexRow{Member: numbered(i / 2), Face: numbered(i), Vector: v}
	}
	return rows
}

func filled(tb testing.TB, rows []face.IndexRow) *Index {
	tb.Helper()
	x := New()
	for batch := range slices.Chunk(rows, 1000) {
		if err := x.Upsert(tb.Context(), "l", batch); err != nil {
			tb.Fatal(err)
		}
	}
	return x
}

// plainly answers a query without codes: by the rows alone, one after the other.
func (x *Index) plainly(q face.IndexQuery) []face.Hit {
	s := newScan(x.kernel, []*partition{x.spaces[q.Label].partitions[uuid.Nil]}, newLookup(q))
	s.plain = true
	if err := s.run(context.Background()); err != nil {
		panic(err)
	}
	return s.lookups[0].best.hits()
}

// TestCodesChangeNothing asks 1,000 probes, mated and not, and compares the answers
// with those of a scan that knows no codes: to the bit, and in order.
func TestCodesChangeNothing(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(11, 12))
	rows := clustered(rng, 2*rowsPerWorker+1000, 128)
	x := filled(t, rows)
	for i := range 1000 {
		probe := randoms(rng, 128)
		if i%2 == 0 {
			near := rows[rng.IntN(len(rows))].Vector
			for j := range probe {
				probe[j] = near[j] + 0.03*probe[j]
			}
		}
		normalise(probe)
		q := face.IndexQuery{Label: "l", Vector: probe, Limit: 1 + i%20, MinCosine: []float64{-1, 0.2, 0.6}[i%3]}
		got, err := x.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(x.plainly(q), got); diff != "" {
			t.Fatalf("probe %d (-without codes +with):\n%s", i, diff)
		}
	}
}

// TestManyWanted asks for more than a scan by codes is good for.
func TestManyWanted(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(13, 14))
	rows := clustered(rng, 5000, 33)
	x := filled(t, rows)
	q := face.IndexQuery{Label: "l", Vector: rows[7].Vector, Limit: 2000, MinCosine: -1}
	got, err := x.Search(t.Context(), q)
	if err != nil || len(got) != 2000 {
		t.Fatalf("%d hits, %v, want 2000", len(got), err)
	}
	if diff := cmp.Diff(x.plainly(q), got); diff != "" {
		t.Errorf("hits (-without codes +with):\n%s", diff)
	}
}

// TestSearchBesideWrites searches while rows are put, put anew and removed. Every
// answer shows the rows that nobody touches, and none twice; the race detector watches.
func TestSearchBesideWrites(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(15, 16))
	rows := clustered(rng, 3*chunkRows, 8)
	still, moving := rows[:chunkRows/2], rows[chunkRows/2:]
	x := filled(t, still)
	ctx, stop := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	writers.Go(func() {
		defer stop()
		for range 20 {
			for batch := range slices.Chunk(moving, 97) {
				if err := x.Upsert(t.Context(), "l", batch); err != nil {
					t.Error(err)
				}
			}
			removals := make([]face.IndexRemoval, len(moving))
			for i, r := range moving {
				removals[i] = face.IndexRemoval{IndexKey: face.IndexKey{Face: r.Face}, Before: face.AnyVersion}
			}
			for batch := range slices.Chunk(removals, 61) {
				if err := x.Delete(t.Context(), batch); err != nil {
					t.Error(err)
				}
			}
		}
	})
	for searches := 0; ctx.Err() == nil || searches == 0; searches++ {
		want := still[searches%len(still)]
		hits, err := x.Search(t.Context(), face.IndexQuery{Label: "l", Vector: want.Vector, Limit: 1, MinCosine: 0.99})
		if err != nil || len(hits) != 1 || hits[0].Cosine < 0.9999 {
			t.Fatalf("search %d: %+v, %v, want the row itself", searches, hits, err)
		}
	}
	writers.Wait()
	if got := x.spaces["l"].partitions[uuid.Nil].len(); got != len(still) {
		t.Errorf("%d rows are left, want %d", got, len(still))
	}
}
