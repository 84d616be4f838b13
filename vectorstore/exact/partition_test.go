package exact

import (
	"context"
	"encoding/binary"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

func numbered(n int) uuid.UUID {
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[8:], uint64(n))
	return id
}

// TestPartition grows and shrinks a partition over the borders of its chunks, and
// compares it with a map throughout.
func TestPartition(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(7, 8))
	p := newPartition(uuid.Nil, 2)
	want := map[int]float32{}
	put := func(n int) {
		want[n] = rng.Float32()
		e := p.edit()
		e.put(face.IndexRow{Member: numbered(n / 2), Face: numbered(n), Vector: []float32{want[n], float32(n)}})
		e.publish()
	}
	remove := func(n int) {
		delete(want, n)
		e := p.edit()
		e.remove(numbered(n), face.AnyVersion)
		if e.publish(); p.len() != len(want) {
			t.Fatalf("%d rows are left, want %d", p.len(), len(want))
		}
	}
	for n := range 2*chunkRows + 100 {
		put(n)
	}
	checkPartition(t, p, want)
	for range 3 { // around the border of the second chunk, again and again
		for n := range 200 {
			remove(n)
		}
		checkPartition(t, p, want)
		for n := range 200 {
			put(n)
		}
		checkPartition(t, p, want)
	}
	order := slices.Collect(maps.Keys(want))
	rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	for i, n := range order {
		remove(n)
		remove(n) // is gone: nothing happens
		if i%1000 == 0 {
			checkPartition(t, p, want)
		}
	}
	checkPartition(t, p, want)
	if n := len(p.view.Load().chunks); n != 0 {
		t.Errorf("an empty partition keeps %d chunks", n)
	}
}

// checkPartition compares rows, and holds that there are no gaps, no chunk too many, and
// nothing left of what was deleted.
func checkPartition(t *testing.T, p *partition, want map[int]float32) {
	t.Helper()
	v := p.view.Load()
	if got, most := len(v.chunks), (len(want)+chunkRows-1)/chunkRows; got != most || v.rows != len(want) {
		t.Fatalf("%d rows in %d chunks, want %d rows in %d", v.rows, got, len(want), most)
	}
	for n, x := range want {
		row := int(p.at[numbered(n)])
		c, j := v.chunks[row/chunkRows], row%chunkRows
		vec, own := c.vector(j, p.dim), c.owners[j]
		code := make([]uint8, stride(p.dim))
		if coded := encode(vec, code); coded != c.codings.at(j) || !slices.Equal(code, c.code(j, p.dim)) {
			t.Fatalf("row %d has a code that is not its own", n)
		}
		if vec[0] != x || vec[1] != float32(n) || own.face != numbered(n) || own.member != numbered(n/2) {
			t.Fatalf("row %d is %v of %v, want %v", n, vec, own, x)
		}
	}
	for i, c := range v.chunks {
		for _, x := range c.vectors[v.inChunk(i)*p.dim:] {
			if x != 0 {
				t.Fatal("a deleted template is still in memory")
			}
		}
		for _, x := range c.codes[v.inChunk(i)*stride(p.dim):] {
			if x != 0 {
				t.Fatal("the code of a deleted template is still in memory")
			}
		}
	}
}

// ending is a context that ends after it was asked so many times.
type ending struct {
	context.Context
	left int
}

func (c *ending) Err() error {
	if c.left--; c.left < 0 {
		return context.DeadlineExceeded
	}
	return nil
}

// TestScanEnds holds that a scan looks at its context between chunks.
func TestScanEnds(t *testing.T) {
	t.Parallel()
	x := New()
	rows := make([]face.IndexRow, 3*chunkRows)
	for i := range rows {
		rows[i] = face.IndexRow{Member: numbered(i), Face: numbered(i), Vector: []float32{1}}
	}
	if err := x.Upsert(t.Context(), "l", rows); err != nil {
		t.Fatal(err)
	}
	q := face.IndexQuery{Label: "l", Vector: []float32{1}, Limit: 1}
	for asks := range 4 {
		if _, err := x.Search(&ending{t.Context(), asks}, q); face.KindOf(err) != face.Timeout {
			t.Errorf("a context that ends at its %d. question: %v, want a Timeout error", asks+1, err)
		}
	}
	if _, err := x.Search(&ending{t.Context(), 4}, q); err != nil {
		t.Errorf("a context that lasts: %v", err)
	}
}
