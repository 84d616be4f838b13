package crowd

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/facekeep/facekeep/repository"
)

// CopyTo fills an empty Postgres, whose schema it makes, with a gallery: members
// with a picture of so many bytes each. Enrolling 100,000 people one by one would
// take minutes.
func (g *Gallery) CopyTo(ctx context.Context, url string, picture int) error {
	if err := makeSchema(ctx, repository.Options{URL: url}); err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	return errors.Join(g.copyAll(ctx, conn, picture), conn.Close(ctx))
}

func makeSchema(ctx context.Context, opts repository.Options) error {
	rows, err := repository.Open(ctx, opts)
	if err != nil {
		return err
	}
	return rows.Close()
}

func (g *Gallery) copyAll(ctx context.Context, conn *pgx.Conn, picture int) error {
	for _, t := range g.tables(picture) {
		_, err := conn.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromSlice(t.rows, func(i int) ([]any, error) { return t.row(i), nil }))
		if err != nil {
			return fmt.Errorf("copy %s: %w", t.name, err)
		}
	}
	_, err := conn.Exec(ctx, "VACUUM ANALYZE") // as Postgres does by itself, a while later
	return err
}
