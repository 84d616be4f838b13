package crowd_test

import (
	"context"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/facekeep/facekeep/cmd/internal/crowd"
	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/gallery/indexsync"
	"github.com/facekeep/facekeep/repository"
	"github.com/facekeep/facekeep/repository/repositorytest"
	"github.com/facekeep/facekeep/vectorstore/exact"
	"github.com/facekeep/facekeep/vectorstore/milvus"
	"github.com/facekeep/facekeep/vectorstore/milvus/milvustest"
)

// BenchmarkOverhead measures what Facekeep adds to a search of Milvus: each probe
// is searched by the SDK alone, for ten rows, and by all layers of Facekeep up to
// Identify, for ten people, in turns. FACEKEEP_OVERHEAD_ROWS says in how many
// templates (100,000), FACEKEEP_OVERHEAD_INDEX in which index (HNSW, built less
// broadly than by default, to be there sooner). Times are in ms; overhead is the
// difference of the medians, and added the median of the differences, probe by probe,
// which other programs on the machine disturb less. A look at a picture comes before
// each search. It is made up: it takes a core for some milliseconds, a part of what a
// real one does, and its time does not count.
func BenchmarkOverhead(b *testing.B) {
	address(b)
	o := openOverhead(b)
	for _, lists := range []int{1, 0} {
		b.Run(map[int]string{1: "one watchlist", 0: "all"}[lists], func(b *testing.B) { o.measure(b, lists) })
	}
}

// overhead is one gallery that is searched in several ways.
type overhead struct {
	crowd   *crowd.Gallery
	bare    *milvustest.Bare
	store   *milvus.Store
	shared  *indexsync.Shared
	gallery *gallery.Gallery
	seer    *seer
}

func openOverhead(b *testing.B) *overhead {
	b.Helper()
	o := &overhead{crowd: crowd.NewGallery(crowd.Made(2000), rowsWanted(b), benchLists)}
	o.seer = &seer{label: o.crowd.Label}
	begun := time.Now()
	url := repositorytest.Postgres(b)
	if err := o.crowd.CopyTo(b.Context(), url, 1); err != nil {
		b.Fatal(err)
	}
	say("%d people in Postgres in %s", len(o.crowd.Rows), time.Since(begun).Round(100*time.Millisecond))
	rows, err := repository.Open(b.Context(), repository.Options{URL: url})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = rows.Close() })
	begun = time.Now()
	x := milvus.Index{Kind: kindWanted(), FlatBelow: 1, M: 16, EfConstruction: 100, Ef: 1024, Probes: 1024}
	filled := fill(b, o.crowd, 64, x)
	say("%s: rows put in %s", filled.name(), time.Since(begun).Round(100*time.Millisecond))
	begun = time.Now()
	settle(b, o.crowd, []collection{filled})
	say("%s: indexed in %s", filled.name(), time.Since(begun).Round(100*time.Millisecond))
	opts := filled.opts
	opts.Templates = rows.Vectors
	o.store = open(b, opts).Store
	if o.bare, err = milvustest.OpenBare(b.Context(), opts.Address, opts.Prefix, x); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = o.bare.Close() })
	o.openGallery(b, rows)
	return o
}

func (o *overhead) openGallery(b *testing.B, rows *repository.Repository) {
	b.Helper()
	var err error
	o.shared, err = indexsync.NewShared(rows, o.store, indexsync.SharedConfig{NewIndex: func() indexsync.Searcher { return exact.New() }})
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(b.Context()))
	var running sync.WaitGroup
	running.Go(func() { _ = o.shared.Run(ctx) })
	b.Cleanup(func() {
		stop()
		running.Wait()
	})
	line := &face.Calibration{Label: o.crowd.Label, Knots: []face.Knot{{Cosine: -1, Score: 0}, {Cosine: 1, Score: 100}}}
	o.gallery = gallery.New(gallery.Parts{
		Repository: rows, Index: o.shared, Sync: o.shared, Engine: o.seer, Calibrations: face.Calibrations{o.crowd.Label: line},
	})
}

// way is one of the ways to search; it returns how many it found.
type way struct {
	name   string
	search func(ctx context.Context, q face.IndexQuery) (int, error)
}

func (o *overhead) ways() []way {
	return []way{
		{"bare", func(ctx context.Context, q face.IndexQuery) (int, error) {
			o.seer.look()
			found, err := o.bare.Search(ctx, q.Vector, q.Watchlists, q.Limit)
			return len(found), err
		}},
		{"store", func(ctx context.Context, q face.IndexQuery) (int, error) {
			o.seer.look()
			found, err := o.store.Search(ctx, q)
			return len(found), err
		}},
		{"shared", func(ctx context.Context, q face.IndexQuery) (int, error) {
			o.seer.look()
			found, err := o.shared.Search(ctx, q)
			return len(found), err
		}},
		{"identify", o.identify},
	}
}

func (o *overhead) identify(ctx context.Context, q face.IndexQuery) (int, error) {
	o.seer.sees = q.Vector
	found, err := o.gallery.Identify(ctx, gallery.IdentifyQuery{WatchlistIDs: o.crowd.IDs(q.Watchlists), MaxCandidates: q.Limit})
	if err != nil {
		return 0, err
	}
	return len(found[0].Candidates), nil
}

// measure searches every probe in all ways, each time beginning with another one.
func (o *overhead) measure(b *testing.B, lists int) {
	b.Helper()
	ways := o.ways()
	tallies, added := make([]tally, len(ways)), tally{}
	probes := append(some(o.crowd.Mated), some(o.crowd.NonMated)...)
	for n := 0; b.Loop(); n++ {
		q := o.crowd.Query(probes[n%len(probes)], lists, limit)
		took := make([]time.Duration, len(ways))
		for i := range ways {
			w := (n + i) % len(ways)
			q.Vector = fresh(q.Vector)
			begun := time.Now()
			found, err := ways[w].search(b.Context(), q)
			took[w] = time.Since(begun) - o.seer.took
			tallies[w].took = append(tallies[w].took, took[w])
			if err != nil || found != limit {
				b.Fatalf("%s found %d (%v), want %d", ways[w].name, found, err, limit)
			}
		}
		added.took = append(added.took, took[len(ways)-1]-took[0])
	}
	for i, w := range ways {
		for _, part := range []struct {
			name     string
			quantile float64
		}{{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}} {
			b.ReportMetric(tallies[i].quantile(part.quantile), w.name+"-"+part.name)
		}
	}
	b.ReportMetric(tallies[len(ways)-1].quantile(0.5)-tallies[0].quantile(0.5), "overhead-p50")
	b.ReportMetric(added.quantile(0.5), "added-p50")
}

// seer is an engine that sees whom it is told to, after it has worked for a while.
type seer struct {
	label face.TemplateLabel
	sees  []float32
	took  time.Duration // the last look
}

// lookTakes is how long a look at a picture keeps a core busy.
const lookTakes = 5 * time.Millisecond

func (s *seer) Label() face.TemplateLabel { return s.label }

func (s *seer) Inspect(context.Context, []byte, face.InspectOptions) (face.Inspection, error) {
	s.look()
	return face.Inspection{Faces: []face.Inspected{{Template: &face.Template{Label: s.label, Vector: s.sees}}}}, nil
}

func (s *seer) look() {
	begun := time.Now()
	for s.took = 0; s.took < lookTakes; {
		s.took = time.Since(begun)
	}
}

func (s *seer) Resize(context.Context, []byte, int, int) ([]byte, int, int, error) {
	return nil, 0, 0, face.Errorf(face.Internal, "nothing is enrolled here")
}

func (s *seer) Fit(context.Context, []byte, face.Fitting) (face.Image, error) {
	return face.Image{}, face.Errorf(face.Internal, "nothing is enrolled here")
}

func rowsWanted(b *testing.B) int {
	b.Helper()
	text := os.Getenv("FACEKEEP_OVERHEAD_ROWS")
	if text == "" {
		return benchRows
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatalf("FACEKEEP_OVERHEAD_ROWS: %v", err)
	}
	return n
}

func kindWanted() milvus.IndexKind {
	if kind := os.Getenv("FACEKEEP_OVERHEAD_INDEX"); kind != "" {
		return milvus.IndexKind(kind)
	}
	return milvus.HNSW
}
