package app

import (
	"database/sql"
	"fmt"
	"testing"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib" // fills the database

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery/indexsync"
	"github.com/facekeep/facekeep/repository"
	"github.com/facekeep/facekeep/repository/repositorytest"
	"github.com/facekeep/facekeep/vectorstore/exact"
)

// BenchmarkExactSearch measures a search that compares with every template in
// Postgres: 100,000 of 512 floats, in all watchlists and in one of ten.
func BenchmarkExactSearch(b *testing.B) {
	const rows, dim = 100_000, 512
	url := repositorytest.Postgres(b)
	repo, err := repository.Open(b.Context(), repository.Options{URL: url})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = repo.Close() })
	lists := fillTemplates(b, url, rows, dim)
	shared, err := indexsync.NewShared(repo, nil, indexsync.SharedConfig{NewIndex: func() indexsync.Searcher { return exact.New() }})
	if err != nil {
		b.Fatal(err)
	}
	probe := make([]float32, dim)
	probe[1] = 1
	for name, asked := range map[string][]uuid.UUID{"all": nil, "one of ten": lists[:1]} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				q := face.IndexQuery{Label: "bench@1", Vector: probe, Watchlists: asked, Limit: 10, MinCosine: 0.3, Exact: true}
				if hits, err := shared.Search(b.Context(), q); err != nil || len(hits) > 0 {
					b.Fatal(hits, err)
				}
			}
		})
	}
}

// fillTemplates makes ten watchlists of members of one face each.
func fillTemplates(b *testing.B, url string, rows, dim int) []uuid.UUID {
	b.Helper()
	db, err := sql.Open("pgx", url)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	lists := make([]uuid.UUID, 10)
	for i := range lists {
		lists[i] = uuid.New()
		if _, err := db.ExecContext(b.Context(), "INSERT INTO watchlists VALUES ($1, $2, '', '', 40, '', 1, NULL)", lists[i], fmt.Sprint(i)); err != nil {
			b.Fatal(err)
		}
	}
	for _, statement := range []string{
		fmt.Sprintf("CREATE TABLE ids AS SELECT gen_random_uuid() AS id, n %% 10 AS list FROM generate_series(1, %d) n", rows),
		"INSERT INTO members (uid, id, created_at) SELECT id, id::text, 1 FROM ids",
		"INSERT INTO memberships SELECT w.uid, i.id, 1 FROM ids i JOIN watchlists w ON w.id = i.list::text",
		"INSERT INTO images SELECT id, 'image/jpeg', 1, 1, '', 1 FROM ids",
		"INSERT INTO faces SELECT id, id, id, id, id, 1, 1, '{}', 1, 1, 1, 1, 1, '{}', 1, NULL FROM ids",
		fmt.Sprintf("INSERT INTO templates SELECT id, 'bench@1', decode('0000803f' || repeat('00000000', %d), 'hex'), 1 FROM ids", dim-1),
		"ANALYZE",
	} {
		if _, err := db.ExecContext(b.Context(), statement); err != nil {
			b.Fatal(err)
		}
	}
	return lists
}
