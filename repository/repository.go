package repository

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Options say where the database is.
type Options struct {
	// URL of a Postgres database, as in "postgres://user:secret@host:5432/name";
	// empty: SQLite in Dir. What it says of the session goes before the limits
	// below. It holds a secret: it is never logged and never part of an error.
	URL string
	// Dir is the data folder of SQLite. It is made if absent, readable by its
	// owner alone, and belongs to one process at a time.
	Dir string
	// Readers bounds the connections that read SQLite at the same time; 0
	// chooses by the number of processors.
	Readers int
	// Connections bounds those to Postgres; 0 is 16. All servers together need
	// to stay below its max_connections.
	Connections int
	// StatementLimit is how long Postgres works on one statement; 0 is 15 s.
	StatementLimit time.Duration
	// LockLimit is how long a statement waits there for another transaction; 0
	// is 5 s.
	LockLimit time.Duration
	// Log hears of migrations; nil is silence.
	Log *slog.Logger
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Repository is an open database. Its methods may be called concurrently.
type Repository struct {
	backend backend
	write   *gorm.DB // SQLite: one connection, so that writers queue instead of colliding
	read    *gorm.DB // SQLite: a pool that never waits for the writer; else the same as write
	close   func() error
}

// backend is what differs between databases besides the text of migrations.
type backend interface {
	// classify names the fact behind an error of the database driver, or
	// returns nil if it knows of none.
	classify(ctx context.Context, err error) error
	// update runs fn in a transaction that may write, and commits it if fn
	// returns nil. It may run fn again from the start.
	update(ctx context.Context, fn func(tx *gorm.DB) error) error
	// view runs fn once, in a transaction that sees one state throughout.
	view(ctx context.Context, fn func(tx *gorm.DB) error) error
	// settled runs fn in a transaction in which the numbers of the outbox have no
	// gap that a running transaction might still fill.
	settled(ctx context.Context, fn func(tx *gorm.DB) error) error
	// lastNumber returns the highest number that was ever given to a change.
	lastNumber(tx *gorm.DB) (int64, error)
	// numberAbove makes the next numbers of changes higher than one.
	numberAbove(ctx context.Context, n int64) error
	// clock returns the time by the clock that notes when changes are applied.
	clock(ctx context.Context) (time.Time, error)
	// apply is ApplyChanges.
	apply(ctx context.Context, limit int, except []uuid.UUID, apply applyFunc) (int, error)
	// tail is Tail.
	tail(ctx context.Context, after string, bound time.Duration, take takeFunc) (next string, whole bool, err error)
	// alone is Alone, for what returns no error.
	alone(ctx context.Context, name string, do func()) error
	// forgetApplied is ForgetApplied.
	forgetApplied(ctx context.Context, keep time.Duration) error
}

// Open opens the database that the options name, making or migrating it as
// needed. A folder that another process uses, a database of a newer version, or
// one that cannot be reached or written gives an Unavailable error that says so;
// a URL that is none is Invalid.
func Open(ctx context.Context, opts Options) (*Repository, error) {
	opts = opts.withDefaults()
	open := openSQLite
	if opts.URL != "" {
		open = openPostgres
	}
	r, err := open(ctx, opts)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return r, nil
}

// Close waits for running statements, and lets go of the database. For SQLite it
// writes back what the log holds and releases the data folder.
func (r *Repository) Close() error { return r.close() }

// Ping returns an Unavailable error unless the database can be read.
func (r *Repository) Ping(ctx context.Context) error {
	var one int
	return r.fault(ctx, r.read.WithContext(ctx).Raw("SELECT 1").Row().Scan(&one))
}

// update runs fn in a transaction that may write, and commits it if fn returns
// nil. Another server may have come between: then fn runs again from the start,
// so that it keeps nothing of a run before.
func (r *Repository) update(ctx context.Context, fn func(tx *gorm.DB) error) error {
	return r.fault(ctx, r.backend.update(ctx, fn))
}

// view runs fn in a transaction that sees one state of the database throughout.
func (r *Repository) view(ctx context.Context, fn func(tx *gorm.DB) error) error {
	return r.fault(ctx, r.backend.view(ctx, fn))
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
