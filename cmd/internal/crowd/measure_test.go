package crowd_test

import (
	"math"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/cmd/internal/crowd"
	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/vectorstore/exact"
)

// limit is how many people a search asks for.
const limit = 10

// tally is what was measured of one index.
type tally struct {
	searches     int
	first, tenth float64 // sum of recall@1 and recall@10
	took         []time.Duration
}

// note compares an answer with the exact one.
func (t *tally) note(got, want []face.Hit, took time.Duration) {
	t.searches++
	t.first += recall(got, want, 1)
	t.tenth += recall(got, want, limit)
	t.took = append(t.took, took)
}

// time notes how long a search takes that has an answer.
func (t *tally) time(tb testing.TB, x index, q face.IndexQuery) {
	tb.Helper()
	begun := time.Now()
	hits, err := x.Search(tb.Context(), q)
	t.took = append(t.took, time.Since(begun))
	if err != nil || len(hits) == 0 {
		tb.Fatalf("got %d hits (%v), want some", len(hits), err)
	}
}

func (t *tally) recall1() float64  { return t.first / float64(t.searches) }
func (t *tally) recall10() float64 { return t.tenth / float64(t.searches) }

// quantile returns a quantile of the time of a search, in ms.
func (t *tally) quantile(q float64) float64 {
	slices.Sort(t.took)
	return t.took[int(q*float64(len(t.took)-1))].Seconds() * 1e3
}

// recall returns the part of the exact first k that the first k of an answer have.
func recall(got, want []face.Hit, k int) float64 {
	got, want = got[:min(k, len(got))], want[:min(k, len(want))]
	if len(want) == 0 {
		return 1
	}
	there := make(map[uuid.UUID]bool, k)
	for _, h := range got {
		there[h.Face] = true
	}
	n := 0
	for _, h := range want {
		if there[h.Face] {
			n++
		}
	}
	return float64(n) / float64(len(want))
}

// truth is the exact index of a gallery.
func truth(tb testing.TB, g *crowd.Gallery) *exact.Index {
	tb.Helper()
	x := exact.New()
	if err := x.Upsert(tb.Context(), g.Label, g.Rows); err != nil {
		tb.Fatal(err)
	}
	return x
}

var searches atomic.Int64

// fresh returns a vector that was not searched for before: it differs from the one
// given by some units of the last place of one dimension.
func fresh(v []float32) []float32 {
	n := int(searches.Add(1))
	out, i := slices.Clone(v), n%len(v)
	for range n/len(v) + 1 {
		out[i] = math.Nextafter32(out[i], 2)
	}
	return out
}

// measure has every index answer every probe in turn, so that all of them meet the
// same machine, and compares them with the exact one. No vector is searched twice:
// HNSW in Milvus remembers where a search ended and begins the next one of the same
// vector there, so that what was missed at first is found, which no probe of a
// camera enjoys. lists is how many watchlists
// are searched; 0 stands for all.
func measure(tb testing.TB, g *crowd.Gallery, probes []crowd.Probe, lists int, right index, indexes []index) []tally {
	tb.Helper()
	out := make([]tally, len(indexes))
	for _, p := range probes {
		q := g.Query(p, lists, limit)
		want, err := right.Search(tb.Context(), q)
		if err != nil {
			tb.Fatal(err)
		}
		for i, x := range indexes {
			q.Vector = fresh(p.Vector)
			begun := time.Now()
			got, err := x.Search(tb.Context(), q)
			took := time.Since(begun)
			if err != nil {
				tb.Fatal(err)
			}
			out[i].note(got, want, took)
		}
	}
	return out
}
