package repository

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"

	"github.com/facekeep/facekeep/face"
)

// preparer brings the schema of a database to where its opener needs it. A
// database that is not known has no schema at all.
type preparer func(ctx context.Context, p *goose.Provider, known bool, log *slog.Logger) error

// migrate is the preparer of servers. It brings the schema to the newest version
// that this program knows. A schema that is newer still is refused untouched: it
// was written by a newer program, whose rows this one might misread.
func migrate(ctx context.Context, p *goose.Provider, known bool, log *slog.Logger) error {
	if !known { // several may be here at once: the table of versions is made under the lock as well
		return migrateUp(ctx, p, log)
	}
	current, newest, err := versions(ctx, p)
	if err != nil {
		return err
	}
	if current > newest {
		return face.Errorf(face.Unavailable,
			"the database has schema version %d, this program knows versions up to %d: use a newer program", current, newest)
	}
	if current == newest {
		return nil
	}
	return migrateUp(ctx, p, log)
}

// makeOnly makes the schema where there is none; one that is there is not
// migrated, because a server of its version may be running.
func makeOnly(ctx context.Context, p *goose.Provider, known bool, log *slog.Logger) error {
	if !known {
		return migrateUp(ctx, p, log)
	}
	return asItIs(ctx, p, known, log)
}

// asItIs changes nothing: the schema has to be that of this program.
func asItIs(ctx context.Context, p *goose.Provider, known bool, _ *slog.Logger) error {
	if !known {
		return face.Errorf(face.Unavailable, "the database is being made by a server that starts: try again soon")
	}
	current, newest, err := versions(ctx, p)
	if err != nil || current == newest {
		return err
	}
	return face.Errorf(face.Unavailable,
		"the database has schema version %d, this program works with %d: use the program of the server that runs, or start the new server first", current, newest)
}

func versions(ctx context.Context, p *goose.Provider) (current, newest int64, err error) {
	current, newest, err = p.GetVersions(ctx)
	if err != nil {
		return 0, 0, fmt.Errorf("read the schema version: %w", err)
	}
	return current, newest, nil
}

// newProvider returns what runs the migrations of a folder.
func newProvider(dialect goose.Dialect, db *sql.DB, files fs.FS, dir string, more ...goose.ProviderOption) (*goose.Provider, error) {
	sub, err := fs.Sub(files, dir)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	p, err := goose.NewProvider(dialect, db, sub, append(more, goose.WithDisableGlobalRegistry(true))...)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return p, nil
}

// migrateUp applies what is missing.
func migrateUp(ctx context.Context, p *goose.Provider, log *slog.Logger) error {
	results, err := p.Up(ctx)
	for _, r := range results {
		log.InfoContext(ctx, "database migrated", slog.Int64("version", r.Source.Version), slog.Duration("took", r.Duration))
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}
