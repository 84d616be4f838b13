package repository

import (
	"context"
	"database/sql"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"
	"gorm.io/driver/sqlite"

	"github.com/facekeep/facekeep/face"
)

func TestOpenAgain(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a folder?", "50% #1") // what a URL would take apart
	for i := range 3 {
		r, err := Open(t.Context(), Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			create(t, r, "staff")
		}
		if _, err := r.Watchlist(t.Context(), "staff"); err != nil {
			t.Errorf("opened for the %d. time: %v", i+1, err)
		}
		if err := r.Ping(t.Context()); err != nil {
			t.Error(err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestOpenTwice(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r, err := Open(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Options{Dir: dir}); face.KindOf(err) != face.Unavailable || !strings.Contains(err.Error(), "in use") {
		t.Errorf("Open of a folder in use: %v", err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatalf("Open after Close: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

// TestOpenIsPrivate holds that nobody but the owner reads the files.
func TestOpenIsPrivate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	r, err := Open(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { must(t, r.Close()) })
	create(t, r, "staff")
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the mode %v", d.Name(), info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		make func(t *testing.T, dir string)
		want string
	}{
		{"a newer schema", newerSchema, "schema version 9999"},
		{"what is no database", func(t *testing.T, dir string) {
			t.Helper()
			if err := os.WriteFile(filepath.Join(dir, sqliteFile), []byte(strings.Repeat("no database ", 100)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "damaged"},
		{"a folder in place of the file", func(t *testing.T, dir string) {
			t.Helper()
			if err := os.Mkdir(filepath.Join(dir, sqliteFile), 0o700); err != nil {
				t.Fatal(err)
			}
		}, "cannot be opened"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			tt.make(t, dir)
			for range 2 { // the second time shows that the first let go of the folder
				_, err := Open(t.Context(), Options{Dir: dir})
				if face.KindOf(err) != face.Unavailable || !strings.Contains(face.MessageOf(err), tt.want) {
					t.Errorf("Open = %v, want an Unavailable error with %q", err, tt.want)
				}
			}
		})
	}
}

func newerSchema(t *testing.T, dir string) {
	t.Helper()
	r, err := Open(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.write.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)").Error; err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestMigrations applies one version after the other to an empty database, and
// compares the result with that of all at once.
func TestMigrations(t *testing.T) {
	t.Parallel()
	files, err := fs.Sub(sqliteMigrations, "migrations/sqlite")
	if err != nil {
		t.Fatal(err)
	}
	stepwise := openRaw(t)
	p, err := goose.NewProvider(goose.DialectSQLite3, stepwise, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	for i, source := range p.ListSources() {
		if source.Version != int64(i+1) {
			t.Errorf("%s has version %d, want %d: versions are counted without gaps", source.Path, source.Version, i+1)
		}
		if _, err := p.UpByOne(t.Context()); err != nil {
			t.Fatalf("version %d: %v", source.Version, err)
		}
		if got, err := p.GetDBVersion(t.Context()); err != nil || got != source.Version {
			t.Errorf("the database has version %d (%v), want %d", got, err, source.Version)
		}
	}
	whole := openRaw(t)
	for range 2 { // the second time finds nothing to do
		if err := prepareSQLite(t.Context(), whole, migrate, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(schema(t, stepwise), schema(t, whole)); diff != "" {
		t.Errorf("schema step by step and at once (-steps +once):\n%s", diff)
	}
	for _, table := range tables {
		if _, ok := schema(t, whole)[table]; !ok {
			t.Errorf("table %s is not made", table)
		}
	}
}

func openRaw(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open(sqlite.DriverName, sqliteDSN(filepath.Join(t.TempDir(), "raw.db"), true))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}

// schema returns the SQL of everything in a database by its name.
func schema(t *testing.T, db *sql.DB) map[string]string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT name, coalesce(sql, '') FROM sqlite_master")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			t.Fatal(err)
		}
		out[name] = text
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestSettings reads back what the data source asks for: a misspelt key would be
// ignored in silence.
func TestSettings(t *testing.T) {
	t.Parallel()
	r := openTest(t)
	want := map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1", "busy_timeout": "10000",
	}
	for name, value := range want {
		for _, db := range []*sql.DB{pool(t, r.write.ConnPool), pool(t, r.read.ConnPool)} {
			var got string
			if err := db.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&got); err != nil || got != value {
				t.Errorf("%s is %q (%v), want %q", name, got, err, value)
			}
		}
	}
	if err := r.read.WithContext(context.Background()).Exec("DELETE FROM members").Error; err == nil {
		t.Error("a reader can write")
	}
}

func pool(t *testing.T, p any) *sql.DB {
	t.Helper()
	db, ok := p.(*sql.DB)
	if !ok {
		t.Fatalf("the pool is a %T", p)
	}
	return db
}
