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

// migrate brings the schema to the newest version that this program knows. A
// schema that is newer still is refused untouched: it was written by a newer
// program, whose rows this one might misread.
func migrate(ctx context.Context, dialect goose.Dialect, db *sql.DB, files fs.FS, dir string, log *slog.Logger, more ...goose.ProviderOption) error {
	p, err := newProvider(dialect, db, files, dir, more...)
	if err != nil {
		return err
	}
	current, newest, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the schema version: %w", err)
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
