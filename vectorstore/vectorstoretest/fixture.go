package vectorstoretest

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/vectorstore"
)

const (
	label = face.TemplateLabel("suite@1")
	dim   = 33 // odd, so that a kernel meets a remainder
)

// id returns a fixed id; ids rise with n.
func id(kind byte, n int) uuid.UUID {
	u := uuid.UUID{0: kind}
	binary.BigEndian.PutUint64(u[8:], uint64(n))
	return u
}

func watchlist(n int) uuid.UUID { return id('w', n) }
func member(n int) uuid.UUID    { return id('m', n) }
func faceID(n int) uuid.UUID    { return id('f', n) }

// seeded returns random numbers that are the same each time.
func seeded(seed uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // data for tests, no secret
}

// randomUnit returns a vector of unit length in a random direction.
func randomUnit(rng *rand.Rand, dim int) []float32 {
	v := make([]float64, dim)
	var sum float64
	for i := range v {
		v[i] = rng.NormFloat64()
		sum += v[i] * v[i]
	}
	out := make([]float32, dim)
	for i, x := range v {
		out[i] = float32(x / math.Sqrt(sum))
	}
	return out
}

// axis returns the unit vector along one axis, rotated by an angle towards the
// next: its cosine with axis(i, 0) is cos(angle).
func axis(i int, angle float64) []float32 {
	v := make([]float32, dim)
	v[i], v[i+1] = float32(math.Cos(angle)), float32(math.Sin(angle))
	return v
}

func row(w, m, f int, v []float32) face.IndexRow {
	return face.IndexRow{Watchlist: watchlist(w), Member: member(m), Face: faceID(f), Vector: v}
}

func removal(w, f int, before int64) face.IndexRemoval {
	return face.IndexRemoval{IndexKey: face.IndexKey{Watchlist: watchlist(w), Face: faceID(f)}, Before: before}
}

func upsert(tb testing.TB, s vectorstore.Store, rows ...face.IndexRow) {
	tb.Helper()
	if err := s.Upsert(tb.Context(), label, rows); err != nil {
		tb.Fatalf("Upsert: %v", err)
	}
}

func search(tb testing.TB, s vectorstore.Store, q face.IndexQuery) []face.Hit {
	tb.Helper()
	hits, err := s.Search(tb.Context(), q)
	if err != nil {
		tb.Fatalf("Search: %v", err)
	}
	return hits
}

// query asks for everything near a vector.
func query(v []float32, lists ...int) face.IndexQuery {
	q := face.IndexQuery{Label: label, Vector: v, Limit: 1000, MinCosine: -1}
	for _, w := range lists {
		q.Watchlists = append(q.Watchlists, watchlist(w))
	}
	return q
}

// key names a row in the model of a store.
type key struct{ watchlist, face uuid.UUID }

// naive answers a query over rows by comparing, sorting and cutting.
func naive(rows map[key]face.IndexRow, q face.IndexQuery) []face.Hit {
	var all []face.Hit
	for _, r := range rows {
		if len(q.Watchlists) > 0 && !slices.Contains(q.Watchlists, r.Watchlist) {
			continue
		}
		var cosine float64
		for i, x := range r.Vector {
			cosine += float64(x) * float64(q.Vector[i])
		}
		if cosine >= q.MinCosine {
			all = append(all, face.Hit{Watchlist: r.Watchlist, Member: r.Member, Face: r.Face, Cosine: cosine})
		}
	}
	slices.SortFunc(all, before)
	seen := map[[2]uuid.UUID]bool{}
	all = slices.DeleteFunc(all, func(h face.Hit) bool {
		again := seen[[2]uuid.UUID{h.Watchlist, h.Member}]
		seen[[2]uuid.UUID{h.Watchlist, h.Member}] = true
		return again
	})
	return all[:min(len(all), q.Limit)]
}

// before is the order of an answer.
func before(a, b face.Hit) int {
	return cmp.Or(cmp.Compare(b.Cosine, a.Cosine), bytes.Compare(a.Watchlist[:], b.Watchlist[:]),
		bytes.Compare(a.Member[:], b.Member[:]), bytes.Compare(a.Face[:], b.Face[:]))
}

// slack is how far a store's cosine may be from the exact one.
const slack = 1e-5

// checkHits compares hits with what is wanted. Cosines may differ by slack.
func checkHits(tb testing.TB, got, want []face.Hit) {
	tb.Helper()
	if len(got) != len(want) {
		tb.Fatalf("got %d hits, want %d\ngot  %v\nwant %v", len(got), len(want), got, want)
	}
	for i, w := range want {
		g := got[i]
		if g.Watchlist != w.Watchlist || g.Member != w.Member || g.Face != w.Face || math.Abs(g.Cosine-w.Cosine) > slack {
			tb.Fatalf("hit %d: got %v, want %v", i, g, w)
		}
	}
}
