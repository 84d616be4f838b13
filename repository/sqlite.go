package repository

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

//go:embed migrations/sqlite/*.sql
var sqliteMigrations embed.FS

// sqliteFile is the name of the database in the data folder.
const sqliteFile = "facekeep.db"

// minReaders keeps short look-ups from waiting behind long listings on small
// machines.
const minReaders = 4

// openSQLite takes the data folder, migrates its database and opens both pools.
func openSQLite(ctx context.Context, opts Options) (*Repository, error) {
	release, err := takeDir(opts.Dir)
	if err != nil {
		return nil, err
	}
	r, err := openSQLitePools(ctx, opts, migrate)
	if err != nil {
		return nil, errors.Join(err, release())
	}
	pools := r.close
	r.close = func() error { return closeAll(pools, release) }
	return r, nil
}

func openSQLitePools(ctx context.Context, opts Options, prepare preparer) (*Repository, error) {
	path, err := filepath.Abs(filepath.Join(opts.Dir, sqliteFile))
	if err != nil {
		return nil, fmt.Errorf("find the data folder: %w", err)
	}
	if err := makeFile(path); err != nil {
		return nil, err
	}
	backend := &sqliteBackend{claim: make(chan struct{}, 1)}
	r := &Repository{backend: backend}
	writer, err := sql.Open(sqlite.DriverName, sqliteDSN(path, true))
	if err != nil {
		return nil, r.fault(ctx, err)
	}
	writer.SetMaxOpenConns(1)
	if err := prepareSQLite(ctx, writer, prepare, opts.Log); err != nil {
		return nil, errors.Join(r.fault(ctx, err), writer.Close())
	}
	reader, err := sql.Open(sqlite.DriverName, sqliteDSN(path, false))
	if err != nil {
		return nil, errors.Join(r.fault(ctx, err), writer.Close())
	}
	readers := opts.Readers
	if readers <= 0 {
		readers = max(minReaders, runtime.GOMAXPROCS(0))
	}
	reader.SetMaxOpenConns(readers)
	reader.SetMaxIdleConns(readers)
	r.close = func() error { return closeAll(reader.Close, writer.Close) }
	if r.write, err = gorm.Open(sqlite.New(sqlite.Config{Conn: writer}), gormConfig()); err == nil {
		r.read, err = gorm.Open(sqlite.New(sqlite.Config{Conn: reader}), gormConfig())
	}
	if err != nil {
		return nil, errors.Join(r.fault(ctx, err), r.close())
	}
	backend.write, backend.read = r.write, r.read
	return r, nil
}

func prepareSQLite(ctx context.Context, db *sql.DB, prepare preparer, log *slog.Logger) error {
	var known bool
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master WHERE name = 'goose_db_version'").Scan(&known); err != nil {
		return err
	}
	p, err := newProvider(goose.DialectSQLite3, db, sqliteMigrations, "migrations/sqlite")
	if err != nil {
		return err
	}
	return prepare(ctx, p, known, log)
}

// sqliteDSN is the data source of one of the two pools. Both use the write-ahead
// log, so that readers and the writer do not wait for each other.
//
// synchronous=FULL syncs the log at each commit: an acknowledged write survives
// a power cut, not only a killed process, for about a millisecond a write, where
// an enrolment spends tens in the engine. secure_delete overwrites what is
// deleted with zeros, because templates are biometric data. A write begins
// IMMEDIATE: it takes the lock before its first read, so it cannot fail at its
// first write because another came between. Each connection keeps half a mebibyte of
// pages: the system's cache has the others, and a look-up of a search reads a few.
func sqliteDSN(path string, write bool) string {
	q := url.Values{
		"_journal_mode":    {"WAL"},
		"_synchronous":     {"FULL"},
		"_foreign_keys":    {"on"},
		"_secure_delete":   {"on"},
		"_busy_timeout":    {"10000"},
		"_stmt_cache_size": {"128"},
		"_cache_size":      {"-512"},
	}
	if write {
		q.Set("_txlock", "immediate")
	} else {
		q.Set("_query_only", "on")
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}
	return u.String()
}

// makeFile makes the database file readable by its owner alone; SQLite gives
// its side files the same mode.
func makeFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return face.Wrap(face.Unavailable, err, "the database file cannot be opened for writing")
	}
	return f.Close()
}

// sqliteBackend is what is SQLite's own.
type sqliteBackend struct {
	write, read *gorm.DB
	claim       chan struct{} // holds a token while changes are being applied
	names       sync.Map      // of what is being done alone
}

func (b *sqliteBackend) update(ctx context.Context, fn func(tx *gorm.DB) error) error {
	return b.write.WithContext(ctx).Transaction(fn)
}

func (b *sqliteBackend) view(ctx context.Context, fn func(tx *gorm.DB) error) error {
	return b.read.WithContext(ctx).Transaction(fn, &sql.TxOptions{ReadOnly: true})
}

// settled: writers come one after the other, so there is never such a gap.
func (b *sqliteBackend) settled(ctx context.Context, fn func(tx *gorm.DB) error) error {
	return b.view(ctx, fn)
}

func (*sqliteBackend) classify(_ context.Context, err error) error {
	e, ok := errors.AsType[sqlite3.Error](err)
	if !ok {
		return nil
	}
	switch e.ExtendedCode {
	case sqlite3.ErrConstraintUnique, sqlite3.ErrConstraintPrimaryKey:
		return face.Wrap(face.Conflict, err, "it exists already")
	case sqlite3.ErrConstraintForeignKey:
		return face.Wrap(face.NotFound, err, "something that this refers to is gone")
	}
	switch e.Code {
	case sqlite3.ErrFull:
		return face.Wrap(face.Unavailable, err, "the database cannot write: the disk is full")
	case sqlite3.ErrIoErr:
		return face.Wrap(face.Unavailable, err, "the database cannot write or read its file")
	case sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrPerm:
		return face.Wrap(face.Unavailable, err, "the database file cannot be opened for writing")
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return face.Wrap(face.Unavailable, err, "the database is busy")
	case sqlite3.ErrNotADB, sqlite3.ErrCorrupt:
		return face.Wrap(face.Unavailable, err, "the database file is damaged")
	}
	return nil
}
