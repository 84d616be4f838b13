package crowd

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/google/uuid"
	_ "github.com/mattn/go-sqlite3" // the database that is filled

	"github.com/facekeep/facekeep/repository"
)

// InsertInto fills the SQLite database of an empty data folder, as CopyTo fills
// Postgres.
func (g *Gallery) InsertInto(ctx context.Context, dir string, picture int) error {
	if err := makeSchema(ctx, repository.Options{Dir: dir}); err != nil {
		return err
	}
	db, err := sql.Open("sqlite3", filepath.Join(dir, "facekeep.db"))
	if err != nil {
		return err
	}
	return errors.Join(g.insertAll(ctx, db, picture), db.Close())
}

func (g *Gallery) insertAll(ctx context.Context, db *sql.DB, picture int) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	for _, t := range g.tables(picture) {
		if err := t.insert(ctx, tx); err != nil {
			return errors.Join(fmt.Errorf("insert into %s: %w", t.name, err), tx.Rollback())
		}
	}
	return tx.Commit()
}

func (t table) insert(ctx context.Context, tx *sql.Tx) error {
	places := strings.TrimSuffix(strings.Repeat("?, ", len(t.columns)), ", ")
	insert, err := tx.PrepareContext(ctx, "INSERT INTO "+t.name+" ("+strings.Join(t.columns, ", ")+") VALUES ("+places+")") //nolint:gosec // names are of this program
	if err != nil {
		return err
	}
	defer func() { _ = insert.Close() }()
	for i := range t.rows {
		if _, err := insert.ExecContext(ctx, inSQLite(t.row(i))...); err != nil {
			return err
		}
	}
	return nil
}

// inSQLite gives values the types that SQLite keeps them in.
func inSQLite(row []any) []any {
	for i, v := range row {
		switch v := v.(type) {
		case uuid.UUID:
			row[i] = v[:]
		case map[string]any:
			row[i] = "{}"
		}
	}
	return row
}
