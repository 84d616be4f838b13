package milvus

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

const label = face.TemplateLabel("test+label@1")

func numbered(kind byte, n int) uuid.UUID {
	u := uuid.UUID{0: kind}
	binary.BigEndian.PutUint64(u[8:], uint64(n))
	return u
}

func randomUnit(rng *rand.Rand, dim int) []float32 {
	v := make([]float32, dim)
	var sum float64
	for i := range v {
		v[i] = float32(rng.NormFloat64())
		sum += float64(v[i]) * float64(v[i])
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(sum))
	}
	return v
}

// randomRows makes rows of so many faces, one a member, spread over watchlists.
func randomRows(n, dim, lists int) []face.IndexRow {
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	rows := make([]face.IndexRow, n)
	for i := range rows {
		rows[i] = face.IndexRow{Watchlist: numbered('w', i%lists), Member: numbered('m', i), Face: numbered('f', i), Vector: randomUnit(rng, dim)}
	}
	return rows
}

func upsert(tb testing.TB, s *Store, rows ...face.IndexRow) {
	tb.Helper()
	if err := s.Upsert(tb.Context(), label, rows); err != nil {
		tb.Fatalf("Upsert: %v", err)
	}
}

func keyOf(r face.IndexRow) face.IndexKey {
	return face.IndexKey{Watchlist: r.Watchlist, Face: r.Face}
}

func checkCount(tb testing.TB, s *Store, want int) {
	tb.Helper()
	if got, err := s.Count(tb.Context(), label); err != nil || got != want {
		tb.Errorf("Count = %d (%v), want %d", got, err, want)
	}
}

// checkFinds searches by each vector, and wants its own face on top.
func checkFinds(tb testing.TB, s *Store, rows []face.IndexRow) {
	tb.Helper()
	for _, r := range rows {
		hits, err := s.Search(tb.Context(), face.IndexQuery{Label: label, Vector: r.Vector, Limit: 3, MinCosine: 0.9, Watchlists: []uuid.UUID{r.Watchlist}})
		if err != nil {
			tb.Fatalf("Search: %v", err)
		}
		if len(hits) == 0 || hits[0].Face != r.Face || math.Abs(hits[0].Cosine-1) > 0.01 {
			tb.Errorf("face %s finds %v, want itself at cosine 1", r.Face, hits)
		}
	}
}

// TestSelfMatch holds every metric to the one scale of cosines, with each kind of
// index on flushed rows.
func TestSelfMatch(t *testing.T) {
	t.Parallel()
	address(t)
	for _, tt := range []struct {
		metric Metric
		kind   IndexKind
	}{{IP, HNSW}, {Cosine, IVFFlat}, {L2, HNSW}, {L2, IVFSQ8}, {L2, Flat}, {Cosine, Flat}} {
		t.Run(string(tt.metric)+" "+string(tt.kind), func(t *testing.T) {
			t.Parallel()
			s := open(t, func(o *Options) {
				o.Metric, o.Partitions = tt.metric, 1
				o.Index = Index{Kind: tt.kind, FlatBelow: 1, Lists: 16, Probes: 16}
			})
			rows := randomRows(1500, 16, 3)
			upsert(t, s, rows...)
			checkFinds(t, s, rows[:2])
			if err := s.Flush(t.Context(), label); err != nil {
				t.Fatalf("Flush: %v", err)
			}
			if changed, err := s.Reindex(t.Context(), label); err != nil || changed != (tt.kind != Flat) {
				t.Errorf("Reindex = %v, %v; want a change unless the index is flat", changed, err)
			}
			if changed, err := s.Reindex(t.Context(), label); err != nil || changed {
				t.Errorf("Reindex again = %v, %v; want no change", changed, err)
			}
			checkFinds(t, s, rows[:2])
			checkCount(t, s, len(rows))
		})
	}
}

// TestRows holds that pages are complete and in order, over flushed and growing
// rows, for all and for one watchlist.
func TestRows(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	s.pageSize = 97
	rows := randomRows(1000, 8, 5)
	upsert(t, s, rows[:600]...)
	if err := s.Flush(t.Context(), label); err != nil {
		t.Fatalf("Flush: %v", err)
	}
	upsert(t, s, rows[600:]...)
	for _, lists := range [][]uuid.UUID{nil, {numbered('w', 2)}} {
		want := map[face.IndexKey]face.IndexRow{}
		for _, r := range rows {
			if lists == nil || slices.Contains(lists, r.Watchlist) {
				want[face.IndexKey{Watchlist: r.Watchlist, Face: r.Face}] = r
			}
		}
		checkRowsAre(t, s, RowQuery{Label: label, Watchlists: lists, Vectors: true}, want)
	}
}

// TestRowsOfSlice holds that slices of faces are whole and do not overlap.
func TestRowsOfSlice(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	rows := randomRows(100, 8, 3)
	for i := range rows {
		rows[i].Face = uuid.New()
	}
	upsert(t, s, rows...)
	slices.SortFunc(rows, func(a, b face.IndexRow) int { return bytes.Compare(a.Face[:], b.Face[:]) })
	for _, q := range []struct{ from, to int }{{0, 30}, {30, 31}, {31, 100}} {
		want := map[face.IndexKey]face.IndexRow{}
		for _, r := range rows[q.from:q.to] {
			want[keyOf(r)] = r
		}
		slice := RowQuery{Label: label, UpTo: rows[q.to-1].Face, Vectors: true}
		if q.from > 0 {
			slice.After = rows[q.from-1].Face
		}
		if q.to == len(rows) {
			slice.UpTo = uuid.Max
		}
		checkRowsAre(t, s, slice, want)
	}
}

// TestLateWrites has a server hang between looking for rows to delete and deleting
// them: what was put meanwhile stays.
func TestLateWrites(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	rows := randomRows(1, 8, 1)
	rows[0].Version = 5
	upsert(t, s, rows...)
	c, err := s.lookup(label)
	if err != nil {
		t.Fatal(err)
	}
	removals := []face.IndexRemoval{{IndexKey: keyOf(rows[0]), Before: 8}}
	late, err := s.olderThan(t.Context(), c, removals)
	if err != nil || len(late) != 1 {
		t.Fatalf("olderThan = %v, %v; want the one row", late, err)
	}
	if err := s.Delete(t.Context(), removals); err != nil {
		t.Fatal(err)
	}
	rows[0].Version = 12
	upsert(t, s, rows...)
	if err := s.deleteIDs(t.Context(), c, late); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(t.Context(), removals); err != nil {
		t.Fatal(err)
	}
	checkFinds(t, s, rows)
	checkCount(t, s, 1)
}

func checkRowsAre(t *testing.T, s *Store, q RowQuery, want map[face.IndexKey]face.IndexRow) {
	t.Helper()
	last := int64(math.MinInt64)
	err := s.Rows(t.Context(), q, func(page []Row) error {
		for _, r := range page {
			k := face.IndexKey{Watchlist: r.Watchlist, Face: r.Face}
			w, ok := want[k]
			if !ok || w.Member != r.Member || !slices.Equal(w.Vector, r.Vector) {
				t.Fatalf("row %+v comes twice, or is not what was written", r)
			}
			if r.ID <= last {
				t.Fatalf("row %d comes after %d", r.ID, last)
			}
			last = r.ID
			delete(want, k)
		}
		return nil
	})
	if err != nil || len(want) > 0 {
		t.Errorf("Rows: %v, and %d rows are missing", err, len(want))
	}
}

// TestDuplicates holds that a row that was left behind by a write that broke off
// neither shows nor survives the next write, nor a deletion.
func TestDuplicates(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	rows := randomRows(3, 8, 1)
	upsert(t, s, rows...)
	c, err := s.lookup(label)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 { // more than one search fetches at first
		if _, err := s.insert(t.Context(), c, rows[:1]); err != nil {
			t.Fatal(err)
		}
	}
	checkCount(t, s, 23)
	hits, err := s.Search(t.Context(), face.IndexQuery{Label: label, Vector: rows[0].Vector, Limit: 3, MinCosine: -1})
	if err != nil || len(hits) != 3 {
		t.Errorf("got %d hits (%v), want 3", len(hits), err)
	}
	upsert(t, s, rows[0])
	checkCount(t, s, 3)
	if _, err := s.insert(t.Context(), c, rows[:1]); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(t.Context(), []face.IndexRemoval{{IndexKey: keyOf(rows[0]), Before: face.AnyVersion}}); err != nil {
		t.Fatal(err)
	}
	checkCount(t, s, 2)
	var ids []int64
	if err := s.Rows(t.Context(), RowQuery{Label: label}, func(page []Row) error {
		ids = append(ids, page[0].ID)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.DeleteRows(t.Context(), label, ids); err != nil {
		t.Fatal(err)
	}
	checkCount(t, s, 1)
}

// TestAtOnce has two servers write the same faces at the same time: exactly one
// row of each is left, whoever was the last.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	a := open(t, nil)
	b, err := Open(t.Context(), a.opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	rows := randomRows(20, 8, 2)
	var wg sync.WaitGroup
	for _, s := range []*Store{a, b} {
		wg.Go(func() {
			for range 3 {
				if err := s.Upsert(t.Context(), label, rows); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	checkFinds(t, a, rows[:3])
	upsert(t, b, rows...)
	checkCount(t, a, len(rows))
}

// TestDroppedBehind drops a collection behind the back of a store: searches say
// so instead of finding nobody, and the next write makes it again.
func TestDroppedBehind(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	rows := randomRows(2, 8, 1)
	upsert(t, s, rows...)
	if err := s.Check(t.Context()); err != nil {
		t.Errorf("Check: %v", err)
	}
	if err := s.client.DropCollection(t.Context(), collectionName(s.opts.Prefix, label)); err != nil {
		t.Fatal(err)
	}
	q := face.IndexQuery{Label: label, Vector: rows[0].Vector, Limit: 1, MinCosine: -1}
	for range 2 {
		if hits, err := s.Search(t.Context(), q); face.KindOf(err) != face.Unavailable {
			t.Errorf("Search = %v, %v; want an Unavailable error", hits, err)
		}
	}
	if err := s.Check(t.Context()); face.KindOf(err) != face.Unavailable {
		t.Errorf("Check: %v, want an Unavailable error", err)
	}
	upsert(t, s, rows...)
	checkFinds(t, s, rows)
	if err := s.DropCollection(t.Context(), label); err != nil {
		t.Errorf("DropCollection: %v", err)
	}
	if hits, err := s.Search(t.Context(), q); err != nil || len(hits) > 0 {
		t.Errorf("after DropCollection: Search = %v, %v; want nothing", hits, err)
	}
}

// TestReleased has somebody release a collection, or end between releasing and
// loading it: a search that meets it fails and asks for it to be loaded, a write
// waits for that.
func TestReleased(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	rows := randomRows(2, 8, 1)
	upsert(t, s, rows...)
	name := collectionName(s.opts.Prefix, label)
	if err := s.client.ReleaseCollection(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	if err := s.client.DropIndex(t.Context(), name, fieldVector); err != nil {
		t.Fatal(err)
	}
	q := face.IndexQuery{Label: label, Vector: rows[0].Vector, Limit: 1, MinCosine: -1}
	if hits, err := s.Search(t.Context(), q); face.KindOf(err) != face.Unavailable {
		t.Errorf("Search = %v, %v; want an Unavailable error", hits, err)
	}
	upsert(t, s, rows...)
	checkFinds(t, s, rows)
}

// TestSeparateStores holds that prefixes keep stores apart, also where one begins
// with the other.
func TestSeparateStores(t *testing.T) {
	t.Parallel()
	a := open(t, nil)
	b := open(t, func(o *Options) { o.Prefix = a.opts.Prefix + "_b" })
	rows := randomRows(2, 8, 1)
	upsert(t, a, rows[0])
	upsert(t, b, rows[1])
	if err := a.DropWatchlist(t.Context(), rows[0].Watchlist); err != nil {
		t.Fatal(err)
	}
	checkCount(t, a, 0)
	checkCount(t, b, 1)
}

// TestDeadline holds that the caller's deadline is a Timeout, and the store's own
// limit is not.
func TestDeadline(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	rows := randomRows(1, 8, 1)
	upsert(t, s, rows...)
	ctx, cancel := context.WithTimeout(t.Context(), 1)
	defer cancel()
	q := face.IndexQuery{Label: label, Vector: rows[0].Vector, Limit: 1}
	if _, err := s.Search(ctx, q); face.KindOf(err) != face.Timeout {
		t.Errorf("Search past the caller's deadline: %v, want a Timeout error", err)
	}
	usual := s.opts.SearchTimeout
	s.opts.SearchTimeout = 1
	if _, err := s.Search(t.Context(), q); face.KindOf(err) != face.Unavailable {
		t.Errorf("Search past the store's limit: %v, want an Unavailable error", err)
	}
	s.opts.SearchTimeout = usual // the clean-up needs its time
}
