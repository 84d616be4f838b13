package vectorstoretest

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/vectorstore"
)

func hit(w, m, f int, cosine float64) face.Hit {
	return face.Hit{Watchlist: watchlist(w), Member: member(m), Face: faceID(f), Cosine: cosine}
}

func testUpsertTwice(t suite) {
	s := t.store
	r := row(1, 1, 1, axis(0, 0))
	upsert(t, s, r, r)
	upsert(t, s, r)
	checkHits(t, search(t, s, query(axis(0, 0))), []face.Hit{hit(1, 1, 1, 1)})
	checkStats(t, s, 1, 1)
	deleteFaces(t, s, 1, 1)
	checkHits(t, search(t, s, query(axis(0, 0))), nil)
}

func testReplace(t suite) {
	s := t.store
	upsert(t, s, row(1, 1, 1, axis(0, 0)), row(1, 2, 2, axis(4, 0)))
	upsert(t, s, row(1, 3, 1, axis(2, 0)))
	checkHits(t, search(t, s, query(axis(2, 0))), []face.Hit{hit(1, 3, 1, 1), hit(1, 2, 2, 0)})
	checkStats(t, s, 2, 1)
}

func testDelete(t suite) {
	s := t.store
	upsert(t, s, row(1, 1, 1, axis(0, 0)), row(2, 1, 1, axis(0, 0)), row(1, 2, 2, axis(2, 0)), row(1, 3, 3, axis(4, 0)))
	deleteFaces(t, s, 1, 1)
	deleteFaces(t, s, 1, 1, 99)
	checkHits(t, search(t, s, query(axis(0, 0))), []face.Hit{hit(2, 1, 1, 1), hit(1, 2, 2, 0), hit(1, 3, 3, 0)})
	deleteFaces(t, s, 1, 3, 2)
	checkHits(t, search(t, s, query(axis(0, 0), 1)), nil)
	checkStats(t, s, 1, 1)
	deleteFaces(t, s, 2, 1)
	checkStats(t, s, 0, 0)
}

func testReturn(t suite) {
	s := t.store
	r := row(1, 1, 1, axis(0, 0))
	for range 5 {
		upsert(t, s, r)
		checkHits(t, search(t, s, query(axis(0, 0))), []face.Hit{hit(1, 1, 1, 1)})
		deleteFaces(t, s, 1, 1)
		checkHits(t, search(t, s, query(axis(0, 0))), nil)
	}
}

// testVersions has writes arrive in another order than they were made in, as from
// a server that hung: none undoes a newer one.
func testVersions(t suite) {
	s := t.store
	at := func(version int64, m, f int, v []float32) face.IndexRow {
		r := row(1, m, f, v)
		r.Version = version
		return r
	}
	upsert(t, s, at(12, 1, 1, axis(0, 0)), at(7, 2, 2, axis(2, 0)))
	deleteRows(t, s, removal(1, 1, 8), removal(1, 2, 8))
	checkHits(t, search(t, s, query(axis(0, 0))), []face.Hit{hit(1, 1, 1, 1)})
	upsert(t, s, at(5, 9, 1, axis(4, 0)))
	checkHits(t, search(t, s, query(axis(0, 0))), []face.Hit{hit(1, 1, 1, 1)})
	checkStats(t, s, 1, 1)
	deleteRows(t, s, removal(1, 1, 12))
	checkStats(t, s, 1, 1)
	upsert(t, s, at(13, 3, 1, axis(6, 0)), at(11, 4, 1, axis(8, 0)))
	checkHits(t, search(t, s, query(axis(6, 0))), []face.Hit{hit(1, 3, 1, 1)})
	deleteRows(t, s, removal(1, 1, 20), removal(1, 1, 9))
	checkStats(t, s, 0, 0)
}

func testDrop(t suite) {
	s := t.store
	upsert(t, s, row(1, 1, 1, axis(0, 0)), row(1, 2, 2, axis(2, 0)), row(2, 1, 1, axis(0, 0)))
	for range 2 {
		if err := s.DropWatchlist(t.Context(), watchlist(1)); err != nil {
			t.Fatalf("DropWatchlist: %v", err)
		}
		checkHits(t, search(t, s, query(axis(0, 0))), []face.Hit{hit(2, 1, 1, 1)})
		checkStats(t, s, 1, 1)
	}
	upsert(t, s, row(1, 1, 1, axis(0, 0)))
	checkHits(t, search(t, s, query(axis(0, 0), 1)), []face.Hit{hit(1, 1, 1, 1)})
}

// testModel applies random writes to a store and to a map, and compares what
// they answer.
func testModel(t suite) {
	s := t.store
	rng := seeded(3)
	rows := map[key]face.IndexRow{}
	for range t.pace.rounds(400) {
		switch w := rng.IntN(4); rng.IntN(10) {
		case 0:
			if err := s.DropWatchlist(t.Context(), watchlist(w)); err != nil {
				t.Fatal(err)
			}
			maps.DeleteFunc(rows, func(k key, _ face.IndexRow) bool { return k.watchlist == watchlist(w) })
		case 1, 2, 3:
			faces := make([]int, rng.IntN(30))
			for i := range faces {
				faces[i] = rng.IntN(200)
				delete(rows, key{watchlist(w), faceID(faces[i])})
			}
			deleteFaces(t, s, w, faces...)
		default:
			put := make([]face.IndexRow, rng.IntN(30))
			for i := range put {
				f := rng.IntN(200)
				put[i] = row(w, f/3, f, randomUnit(rng, dim))
				rows[key{watchlist(w), faceID(f)}] = put[i]
			}
			upsert(t, s, put...)
		}
		q := query(randomUnit(rng, dim))
		q.Limit = 1 + rng.IntN(20)
		checkHits(t, search(t, s, q), naive(rows, q))
	}
	lists := map[uuid.UUID]bool{}
	for k := range rows {
		lists[k.watchlist] = true
	}
	checkStats(t, s, len(rows), len(lists))
}

func testContext(t suite) {
	s := t.store
	upsert(t, s, row(1, 1, 1, axis(0, 0)))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Search(ctx, query(axis(0, 0))); face.KindOf(err) != face.Canceled {
		t.Errorf("Search: %v, want a Canceled error", err)
	}
	if err := s.Upsert(ctx, label, []face.IndexRow{row(1, 2, 2, axis(2, 0))}); face.KindOf(err) != face.Canceled {
		t.Errorf("Upsert: %v, want a Canceled error", err)
	}
	if err := s.Delete(ctx, []face.IndexRemoval{removal(1, 1, face.AnyVersion)}); face.KindOf(err) != face.Canceled {
		t.Errorf("Delete: %v, want a Canceled error", err)
	}
	if err := s.DropWatchlist(ctx, watchlist(1)); face.KindOf(err) != face.Canceled {
		t.Errorf("DropWatchlist: %v, want a Canceled error", err)
	}
	checkHits(t, search(t, s, query(axis(0, 0))), []face.Hit{hit(1, 1, 1, 1)})
}

// testConcurrent has writers that each own a watchlist, where they see their own
// writes at once, among readers of everything.
func testConcurrent(t suite) {
	s := t.store
	const writers = 4
	rounds := t.pace.rounds(150) / 3 * 3
	done := make(chan struct{})
	readers := make(chan int)
	go func() {
		total := 0
		for {
			select {
			case <-done:
				readers <- total
				return
			default:
			}
			hits, err := s.Search(t.Context(), query(axis(0, 0)))
			if err != nil {
				t.Errorf("Search: %v", err)
			}
			if !slices.IsSortedFunc(hits, before) {
				t.Errorf("hits are out of order: %v", hits)
			}
			total++
		}
	}()
	written := make(chan struct{})
	for w := range writers {
		go func() {
			defer func() { written <- struct{}{} }()
			for i := range rounds {
				upsert(t, s, row(w, i, i, axis(i%(dim-1), 0.1)))
				q := query(axis(i%(dim-1), 0.1), w)
				q.MinCosine = 0.999
				if hits := search(t, s, q); !slices.ContainsFunc(hits, func(h face.Hit) bool { return h.Face == faceID(i) }) {
					t.Errorf("writer %d: face %d is not found after its upsert", w, i)
				}
				if i%3 == 0 {
					deleteFaces(t, s, w, i)
					if hits := search(t, s, q); slices.ContainsFunc(hits, func(h face.Hit) bool { return h.Face == faceID(i) }) {
						t.Errorf("writer %d: face %d is found after its deletion", w, i)
					}
				}
			}
		}()
	}
	for range writers {
		<-written
	}
	close(done)
	if n := <-readers; n == 0 {
		t.Error("no search ran beside the writers")
	}
	checkStats(t, s, writers*(rounds-rounds/3), writers)
}

func testCopies(t suite) {
	s := t.store
	v := axis(0, 0)
	upsert(t, s, row(1, 1, 1, v))
	clear(v)
	checkHits(t, search(t, s, query(axis(0, 0))), []face.Hit{hit(1, 1, 1, 1)})
}

func deleteFaces(tb testing.TB, s vectorstore.Store, w int, faces ...int) {
	tb.Helper()
	removals := make([]face.IndexRemoval, len(faces))
	for i, f := range faces {
		removals[i] = removal(w, f, face.AnyVersion)
	}
	deleteRows(tb, s, removals...)
}

func deleteRows(tb testing.TB, s vectorstore.Store, removals ...face.IndexRemoval) {
	tb.Helper()
	if err := s.Delete(tb.Context(), removals); err != nil {
		tb.Fatalf("Delete: %v", err)
	}
}
