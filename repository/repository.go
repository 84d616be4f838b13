package repository

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Options say where the database is.
type Options struct {
	// Dir is the data folder. It is made if absent, readable by its owner
	// alone, and belongs to one process at a time.
	Dir string
	// Readers bounds the connections that read at the same time; 0 chooses by
	// the number of processors.
	Readers int
	// Log hears of migrations; nil is silence.
	Log *slog.Logger
}

// Repository is an open database. Its methods may be called concurrently.
type Repository struct {
	backend backend
	write   *gorm.DB // one connection, so that writers queue instead of colliding
	read    *gorm.DB // a pool that never waits for the writer
	close   func() error
}

// backend is what differs between databases besides the text of migrations.
type backend interface {
	// classify names the fact behind an error of the database driver, or
	// returns nil if it knows of none.
	classify(err error) error
}

// Open opens the database of a data folder, making or migrating it as needed.
// A folder that another process uses, a database of a newer version, or one
// that cannot be written gives an Unavailable error that says so.
func Open(ctx context.Context, opts Options) (*Repository, error) {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	r, err := openSQLite(ctx, opts)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return r, nil
}

// Close waits for running statements, writes back what the log holds and
// releases the data folder.
func (r *Repository) Close() error { return r.close() }

// Ping returns an Unavailable error unless the database can be read.
func (r *Repository) Ping(ctx context.Context) error {
	var one int
	return r.fault(ctx, r.read.WithContext(ctx).Raw("SELECT 1").Row().Scan(&one))
}

// update runs fn in a transaction that may write, and commits it if fn returns
// nil.
func (r *Repository) update(ctx context.Context, fn func(tx *gorm.DB) error) error {
	return r.fault(ctx, r.write.WithContext(ctx).Transaction(fn))
}

// view runs fn in a transaction that sees one state of the database throughout.
func (r *Repository) view(ctx context.Context, fn func(tx *gorm.DB) error) error {
	return r.fault(ctx, r.read.WithContext(ctx).Transaction(fn, &sql.TxOptions{ReadOnly: true}))
}

// gormConfig is how GORM is used here: it adds no transaction of its own and
// logs nothing, because its lines would hold names and templates.
func gormConfig() *gorm.Config {
	return &gorm.Config{
		SkipDefaultTransaction: true,
		DisableAutomaticPing:   true,
		Logger:                 logger.Discard,
	}
}

// closeAll closes in order and returns every error.
func closeAll(closers ...func() error) error {
	errs := make([]error, len(closers))
	for i, c := range closers {
		errs[i] = c()
	}
	return errors.Join(errs...)
}
