package vectorstoretest

import (
	"fmt"
	"math"
	"testing"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/vectorstore"
)

func testEmpty(t suite) {
	s := t.store
	checkHits(t, search(t, s, query(axis(0, 0))), nil)
	checkHits(t, search(t, s, query(axis(0, 0), 1, 2)), nil)
	if err := s.Delete(t.Context(), []face.IndexRemoval{removal(1, 1, face.AnyVersion)}); err != nil {
		t.Errorf("Delete: %v", err)
	}
	if err := s.DropWatchlist(t.Context(), watchlist(1)); err != nil {
		t.Errorf("DropWatchlist: %v", err)
	}
	checkStats(t, s, 0, 0)
}

func testSelfMatch(t suite) {
	s := t.store
	rng := seeded(1)
	rows := make([]face.IndexRow, 0, 50)
	for i := range 50 {
		rows = append(rows, row(1, i, i, randomUnit(rng, dim)))
	}
	upsert(t, s, rows...)
	for _, r := range rows {
		hits := search(t, s, face.IndexQuery{Label: label, Vector: r.Vector, Limit: 1, MinCosine: 0.5})
		checkHits(t, hits, []face.Hit{{Watchlist: r.Watchlist, Member: r.Member, Face: r.Face, Cosine: 1}})
		if hits[0].Cosine > 1 {
			t.Errorf("cosine %v, want at most 1", hits[0].Cosine)
		}
	}
}

func testBruteForce(t suite) {
	s := t.store
	rng := seeded(2)
	rows := map[key]face.IndexRow{}
	const lists, members, faces = 7, 300, 5000
	all := make([]face.IndexRow, 0, faces)
	for f := range faces {
		r := row(rng.IntN(lists), rng.IntN(members), f, randomUnit(rng, dim))
		rows[key{r.Watchlist, r.Face}] = r
		all = append(all, r)
	}
	upsert(t, s, all...)
	checkStats(t, s, len(all), lists)
	for range 40 {
		q := face.IndexQuery{Label: label, Vector: randomUnit(rng, dim), Limit: 1 + rng.IntN(40), MinCosine: rng.Float64()*1.2 - 1}
		for range rng.IntN(4) {
			q.Watchlists = append(q.Watchlists, watchlist(rng.IntN(lists+1)))
		}
		checkHits(t, search(t, s, q), naive(rows, q))
	}
}

func testWatchlists(t suite) {
	s := t.store
	// Member 1 is in both lists by the same face, member 2 in the second only.
	upsert(t, s, row(1, 1, 1, axis(0, 0)), row(2, 1, 1, axis(0, 0)), row(2, 2, 2, axis(0, 0.5)))
	in1 := face.Hit{Watchlist: watchlist(1), Member: member(1), Face: faceID(1), Cosine: 1}
	in2, other := in1, face.Hit{Watchlist: watchlist(2), Member: member(2), Face: faceID(2), Cosine: math.Cos(0.5)}
	in2.Watchlist = watchlist(2)
	for _, tt := range []struct {
		name  string
		lists []int
		want  []face.Hit
	}{
		{"all", nil, []face.Hit{in1, in2, other}},
		{"first", []int{1}, []face.Hit{in1}},
		{"second", []int{2}, []face.Hit{in2, other}},
		{"both", []int{2, 1}, []face.Hit{in1, in2, other}},
		{"one named twice", []int{1, 1}, []face.Hit{in1}},
		{"unknown", []int{9}, nil},
		{"unknown beside known", []int{9, 1}, []face.Hit{in1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			checkHits(t, search(t, s, query(axis(0, 0), tt.lists...)), tt.want)
		})
	}
}

func testBestFace(t suite) {
	s := t.store
	upsert(t, s, row(1, 1, 1, axis(0, 0.9)), row(1, 1, 2, axis(0, 0.2)), row(1, 1, 3, axis(0, 0.6)),
		row(1, 2, 4, axis(0, 0.4)), row(1, 2, 5, axis(0, 1.2)))
	best := face.Hit{Watchlist: watchlist(1), Member: member(1), Face: faceID(2), Cosine: math.Cos(0.2)}
	next := face.Hit{Watchlist: watchlist(1), Member: member(2), Face: faceID(4), Cosine: math.Cos(0.4)}
	checkHits(t, search(t, s, query(axis(0, 0), 1)), []face.Hit{best, next})
	q := query(axis(0, 0))
	q.Limit = 1
	checkHits(t, search(t, s, q), []face.Hit{best})
	q.Limit, q.MinCosine = 5, math.Cos(0.3)
	checkHits(t, search(t, s, q), []face.Hit{best})
}

func testTies(t suite) {
	s := t.store
	var want []face.Hit
	for _, i := range []int{5, 2, 9, 1, 7, 3} { // faces fall as members rise
		upsert(t, s, row(2, i, 50-i, axis(0, 0)), row(1, i, 150-i, axis(0, 0)), row(1, i, 50-i, axis(0, 0)))
	}
	for w := 1; w <= 2; w++ {
		for _, i := range []int{1, 2, 3, 5, 7, 9} {
			want = append(want, hit(w, i, 50-i, 1))
		}
	}
	for limit := 1; limit <= len(want)+1; limit++ {
		q := query(axis(0, 0))
		q.Limit = limit
		checkHits(t, search(t, s, q), want[:min(limit, len(want))])
	}
}

func testLimit(t suite) {
	s := t.store
	const n = vectorstore.MaxLimit + 100
	rows := make([]face.IndexRow, 0, n)
	for i := range n {
		rows = append(rows, row(1, i, i, axis(i%(dim-1), 0.3)))
	}
	upsert(t, s, rows...)
	for asked, want := range map[int]int{1: 1, 2: 2, 1000: 1000, vectorstore.MaxLimit: vectorstore.MaxLimit, math.MaxInt: vectorstore.MaxLimit} {
		q := query(axis(0, 0))
		q.Limit = asked
		if got := len(search(t, s, q)); got != want {
			t.Errorf("limit %d: got %d hits, want %d", asked, got, want)
		}
	}
}

func testLabels(t suite) {
	s := t.store
	upsert(t, s, row(1, 1, 1, axis(0, 0)))
	const other = face.TemplateLabel("other@1")
	short := []float32{1, 0, 0}
	if err := s.Upsert(t.Context(), other, []face.IndexRow{row(1, 2, 1, short)}); err != nil {
		t.Fatalf("Upsert of another dimension under another label: %v", err)
	}
	q := face.IndexQuery{Label: other, Vector: short, Limit: 10, MinCosine: -1}
	checkHits(t, search(t, s, query(axis(0, 0))), []face.Hit{{Watchlist: watchlist(1), Member: member(1), Face: faceID(1), Cosine: 1}})
	checkHits(t, search(t, s, q), []face.Hit{{Watchlist: watchlist(1), Member: member(2), Face: faceID(1), Cosine: 1}})
	if err := s.Delete(t.Context(), []face.IndexRemoval{removal(1, 1, face.AnyVersion)}); err != nil {
		t.Fatal(err)
	}
	checkHits(t, search(t, s, query(axis(0, 0))), nil)
	checkHits(t, search(t, s, q), nil)
}

func testInvalid(t suite) {
	s := t.store
	upsert(t, s, row(1, 1, 1, axis(0, 0)))
	nan := axis(0, 0)
	nan[3] = float32(math.NaN())
	writes := map[string][]float32{
		"shorter": axis(0, 0)[:dim-1], "longer": append(axis(0, 0), 0), "empty": {}, "zero": make([]float32, dim),
		"not a number": nan, "not of unit length": append(make([]float32, dim-1), 2),
	}
	for name, v := range writes {
		// The good row beside the bad one must not be stored either.
		rows := []face.IndexRow{row(1, 2, 2, axis(1, 0)), row(1, 3, 3, v)}
		if err := s.Upsert(t.Context(), label, rows); face.KindOf(err) != face.Invalid {
			t.Errorf("Upsert of a vector that is %s: %v, want an Invalid error", name, err)
		}
		q := query(v)
		if _, err := s.Search(t.Context(), q); face.KindOf(err) != face.Invalid {
			t.Errorf("Search by a vector that is %s: %v, want an Invalid error", name, err)
		}
	}
	for name, q := range map[string]face.IndexQuery{
		"limit 0":       {Label: label, Vector: axis(0, 0), MinCosine: -1},
		"limit −1":      {Label: label, Vector: axis(0, 0), Limit: -1},
		"no cosine bar": {Label: label, Vector: axis(0, 0), Limit: 1, MinCosine: math.NaN()},
	} {
		if _, err := s.Search(t.Context(), q); face.KindOf(err) != face.Invalid {
			t.Errorf("Search with %s: %v, want an Invalid error", name, err)
		}
	}
	checkHits(t, search(t, s, query(axis(0, 0))), []face.Hit{{Watchlist: watchlist(1), Member: member(1), Face: faceID(1), Cosine: 1}})
}

// checkStats compares the counts of a store that holds one label.
func checkStats(tb testing.TB, s vectorstore.Store, rows, lists int) {
	tb.Helper()
	got, err := s.Stats(tb.Context())
	if err != nil {
		tb.Fatalf("Stats: %v", err)
	}
	want := vectorstore.Stats{Rows: map[face.TemplateLabel]int{}, Watchlists: lists}
	if rows > 0 {
		want.Rows[label] = rows
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		tb.Errorf("Stats = %v, want %v", got, want)
	}
}

// testSkip: a row that is skipped hides nobody, neither another face of its member
// nor who comes behind it.
func testSkip(t suite) {
	s := t.store
	rng := seeded(9)
	probe := randomUnit(rng, dim)
	rows := make([]face.IndexRow, 0, 100)
	skipped := map[face.IndexKey]bool{}
	for i := range 100 { // as near as can be, and all to be skipped
		rows = append(rows, row(1, 1000+i, 1000+i, probe))
		skipped[face.IndexKey{Watchlist: watchlist(1), Face: faceID(1000 + i)}] = true
	}
	first, second, other := row(1, 1, 1, probe), row(1, 1, 2, near(probe, axis(0, 1), 0.3)), row(2, 2, 3, near(probe, axis(0, 2), 0.6))
	skipped[face.IndexKey{Watchlist: watchlist(1), Face: faceID(1)}] = true
	upsert(t, s, append(rows, first, second, other)...)
	hits := search(t, s, face.IndexQuery{
		Label: label, Vector: probe, Limit: 2, MinCosine: -1,
		Skip: func(k face.IndexKey) bool { return skipped[k] },
	})
	if len(hits) != 2 || hits[0].Face != second.Face || hits[1].Face != other.Face {
		t.Errorf("hits = %v, want the second face of member 1, then member 2", hits)
	}
}

// near returns a unit vector some way from one towards another.
func near(from, to []float32, way float32) []float32 {
	out := make([]float32, len(from))
	var norm float64
	for i := range from {
		out[i] = (1-way)*from[i] + way*to[i]
		norm += float64(out[i]) * float64(out[i])
	}
	for i := range out {
		out[i] /= float32(math.Sqrt(norm))
	}
	return out
}
