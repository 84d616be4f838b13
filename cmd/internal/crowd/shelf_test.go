package crowd_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/facekeep/facekeep/cmd/internal/crowd"
	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/vectorstore/milvus"
)

// index is an index under measurement.
type index interface {
	Search(ctx context.Context, q face.IndexQuery) ([]face.Hit, error)
}

// address returns where the Milvus to measure is; without one the test is skipped,
// or, with REQUIRE_SERVICES=1, fails.
func address(tb testing.TB) string {
	tb.Helper()
	addr := os.Getenv("TEST_MILVUS_ADDR")
	if addr == "" {
		if os.Getenv("REQUIRE_SERVICES") == "1" {
			tb.Fatal("TEST_MILVUS_ADDR is not set, and REQUIRE_SERVICES=1")
		}
		tb.Skip("no Milvus: set TEST_MILVUS_ADDR (make test-services)")
	}
	return addr
}

// collection is a gallery in Milvus under a prefix of its own, which goes with the
// test.
type collection struct {
	*milvus.Store

	opts milvus.Options
}

// fill puts the rows of a gallery into Milvus, into a collection that has the index
// of the options before: an empty one is always flat, and the kind follows the
// size when it is asked to.
func fill(tb testing.TB, g *crowd.Gallery, partitions int, x milvus.Index) collection {
	tb.Helper()
	c := open(tb, milvus.Options{
		Address: address(tb), Prefix: "c" + strings.ReplaceAll(uuid.NewString(), "-", ""), Partitions: partitions, Index: x,
		SearchTimeout: time.Minute, ReadTimeout: 5 * time.Minute, WriteTimeout: time.Minute, AdminTimeout: 30 * time.Minute,
	})
	tb.Cleanup(func() {
		if err := c.DropCollection(context.WithoutCancel(tb.Context()), g.Label); err != nil {
			tb.Errorf("DropCollection: %v", err)
		}
	})
	c.add(tb, g, g.Rows[:1])
	if changed, err := c.Reindex(tb.Context(), g.Label); err != nil || changed != (x.Kind != milvus.Flat) {
		tb.Fatalf("Reindex to %s = %v, %v; want a change unless it is flat", x.Kind, changed, err)
	}
	begun := time.Now()
	c.add(tb, g, g.Rows[1:])
	c.shown(tb, g)
	tb.Logf("%s: %d rows put in %s", c.name(), len(g.Rows), time.Since(begun).Round(100*time.Millisecond))
	return c
}

func (c collection) add(tb testing.TB, g *crowd.Gallery, rows []face.IndexRow) {
	tb.Helper()
	if err := c.Add(tb.Context(), g.Label, rows); err != nil {
		tb.Fatal(err)
	}
}

// with opens the same collection with other parameters of searches.
func (c collection) with(tb testing.TB, change func(*milvus.Index)) collection {
	tb.Helper()
	opts := c.opts
	change(&opts.Index)
	return open(tb, opts)
}

func open(tb testing.TB, opts milvus.Options) collection {
	tb.Helper()
	s, err := milvus.Open(tb.Context(), opts)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	return collection{s, opts}
}

// shown waits until searches show every row: what a count at Strong has seen,
// searches see from then on.
func (c collection) shown(tb testing.TB, g *crowd.Gallery) {
	tb.Helper()
	if n, err := c.Count(tb.Context(), g.Label); err != nil || n != len(g.Rows) {
		tb.Fatalf("Count = %d (%v), want %d", n, err, len(g.Rows))
	}
}

// settle has the rows of collections indexed for good, all at once.
func settle(tb testing.TB, g *crowd.Gallery, all []collection) {
	tb.Helper()
	var work errgroup.Group
	for _, c := range all {
		work.Go(func() error {
			begun := time.Now()
			err := c.Settle(tb.Context(), g.Label)
			tb.Logf("%s indexed in %s", c.name(), time.Since(begun).Round(100*time.Millisecond))
			return err
		})
	}
	if err := work.Wait(); err != nil {
		tb.Fatalf("Settle: %v", err)
	}
	for _, c := range all {
		c.shown(tb, g)
	}
}

func (c collection) name() string {
	return fmt.Sprintf("%s in %d partitions", c.opts.Index.Kind, c.opts.Partitions)
}

// what names the index in tables.
func (c collection) what() string {
	if c.opts.Index.Kind == milvus.IVFSQ8 {
		return "IVF_SQ8, re-scored"
	}
	return string(c.opts.Index.Kind)
}

// rescored returns the index as it is used: one that rounds its scores has its hits
// put in order by the templates themselves.
func (c collection) rescored(g *crowd.Gallery) index {
	if c.opts.Index.Kind != milvus.IVFSQ8 {
		return c
	}
	r := rescored{c, make(map[uuid.UUID][]float32, len(g.Rows))}
	for _, row := range g.Rows {
		r.vectors[row.Face] = row.Vector
	}
	return r
}

// rescored is an index whose hits are scored anew.
type rescored struct {
	index

	vectors map[uuid.UUID][]float32
}

// Search implements index.
func (r rescored) Search(ctx context.Context, q face.IndexQuery) ([]face.Hit, error) {
	hits, err := r.index.Search(ctx, q)
	for i := range hits {
		hits[i].Cosine = face.Dot(q.Vector, r.vectors[hits[i].Face])
	}
	slices.SortFunc(hits, face.Hit.Compare)
	return hits, err
}
