package crowd_test

import (
	"log/slog"
	"testing"

	"github.com/facekeep/facekeep/cmd/internal/crowd"
	"github.com/facekeep/facekeep/gallery/indexsync"
	"github.com/facekeep/facekeep/repository"
	"github.com/facekeep/facekeep/repository/repositorytest"
	"github.com/facekeep/facekeep/vectorstore/exact"
)

// BenchmarkLoad fills the exact index with 100,000 templates from a database: what
// an embedded server does at every start, and one of several when Milvus goes away.
func BenchmarkLoad(b *testing.B) {
	g := crowd.NewGallery(crowd.Made(2000), benchRows, benchLists)
	b.Run("sqlite", func(b *testing.B) {
		dir := b.TempDir()
		if err := g.InsertInto(b.Context(), dir, 1); err != nil {
			b.Fatal(err)
		}
		benchLoad(b, g, repository.Options{Dir: dir})
	})
	b.Run("postgres", func(b *testing.B) {
		url := repositorytest.Postgres(b)
		if err := g.CopyTo(b.Context(), url, 1); err != nil {
			b.Fatal(err)
		}
		benchLoad(b, g, repository.Options{URL: url})
	})
}

func benchLoad(b *testing.B, g *crowd.Gallery, opts repository.Options) {
	b.Helper()
	rows, err := repository.Open(b.Context(), opts)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for b.Loop() {
		x := exact.New()
		if _, err := indexsync.Load(b.Context(), rows, x, slog.New(slog.DiscardHandler)); err != nil {
			b.Fatal(err)
		}
		if stats, err := x.Stats(b.Context()); err != nil || stats.Rows[g.Label] != len(g.Rows) {
			b.Fatalf("%d rows in the index (%v), want %d", stats.Rows[g.Label], err, len(g.Rows))
		}
	}
	b.ReportMetric(float64(len(g.Rows)*b.N)/b.Elapsed().Seconds(), "rows/s")
}
