package repository

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

//go:embed migrations/postgres/*.sql
var postgresMigrations embed.FS

const (
	defaultConnections    = 16
	defaultStatementLimit = 15 * time.Second
	defaultLockLimit      = 5 * time.Second
	connectLimit          = 10 * time.Second
	connectionLife        = 30 * time.Minute // so that servers find a new primary, and a balancer its balance
	connectionRest        = 5 * time.Minute

	// idleLimit is how long Postgres keeps a transaction of a server that says
	// nothing, and may be gone: longer than the longest that is meant to be.
	idleLimit = applyLimit + markLimit + 10*time.Second

	oldestPostgres = 130000 // has xid8 and pg_snapshot
)

// openPostgres migrates the database that a URL names and opens a pool.
func openPostgres(ctx context.Context, opts Options) (*Repository, error) {
	return openPostgresWith(ctx, opts, migrate)
}

func openPostgresWith(ctx context.Context, opts Options, prepare preparer) (*Repository, error) {
	cfg, err := postgresConfig(opts)
	if err != nil {
		return nil, err
	}
	b := &postgresBackend{}
	r := &Repository{backend: b}
	if err := preparePostgres(ctx, cfg, prepare, opts.Log); err != nil {
		return nil, r.fault(ctx, err)
	}
	pool := stdlib.OpenDB(*cfg)
	n := opts.Connections
	if n <= 0 {
		n = defaultConnections
	}
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	pool.SetConnMaxLifetime(connectionLife)
	pool.SetConnMaxIdleTime(connectionRest)
	b.db, err = gorm.Open(postgres.New(postgres.Config{Conn: pool}), gormConfig())
	if err != nil {
		return nil, errors.Join(r.fault(ctx, err), pool.Close())
	}
	r.read, r.write, r.close = b.db, b.db, pool.Close
	return r, nil
}

// postgresConfig reads the URL and adds the limits that it leaves open. The error
// of a URL that cannot be read is dropped, because it might quote the password.
func postgresConfig(opts Options) (*pgx.ConnConfig, error) {
	if !strings.HasPrefix(opts.URL, "postgres://") && !strings.HasPrefix(opts.URL, "postgresql://") {
		return nil, face.Errorf(face.Invalid, "the database URL does not begin with postgres://")
	}
	cfg, err := pgx.ParseConfig(opts.URL)
	if err != nil {
		return nil, face.Errorf(face.Invalid, "the database URL cannot be read: want postgres://user:password@host:port/name")
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = connectLimit
	}
	defaults := map[string]string{
		"application_name":                    "facekeep",
		"timezone":                            "UTC",
		"statement_timeout":                   millis(opts.StatementLimit, defaultStatementLimit),
		"lock_timeout":                        millis(opts.LockLimit, defaultLockLimit),
		"idle_in_transaction_session_timeout": millis(0, idleLimit),
	}
	maps.Copy(defaults, cfg.RuntimeParams)
	cfg.RuntimeParams = defaults
	return cfg, nil
}

// millis writes a limit, or its default, as Postgres reads it.
func millis(d, otherwise time.Duration) string {
	if d <= 0 {
		d = otherwise
	}
	return fmt.Sprint(max(1, d.Milliseconds()))
}

// preparePostgres migrates on connections of its own, which have no limits: a
// migration takes the time that it takes.
func preparePostgres(ctx context.Context, cfg *pgx.ConnConfig, prepare preparer, log *slog.Logger) error {
	cfg = cfg.Copy()
	cfg.RuntimeParams["statement_timeout"], cfg.RuntimeParams["lock_timeout"] = "0", "0"
	cfg.RuntimeParams["idle_in_transaction_session_timeout"] = "0"
	db := stdlib.OpenDB(*cfg)
	return errors.Join(prepareLocked(ctx, db, prepare, log), db.Close())
}

// prepareLocked lets one program at a time migrate.
func prepareLocked(ctx context.Context, db *sql.DB, prepare preparer, log *slog.Logger) error {
	var version int
	var known bool
	err := db.QueryRowContext(ctx, "SELECT current_setting('server_version_num')::int, to_regclass('goose_db_version') IS NOT NULL").Scan(&version, &known)
	if err != nil {
		return err
	}
	if version < oldestPostgres {
		return face.Errorf(face.Unavailable, "the database is Postgres %d, this program needs 13 or newer", version/10000)
	}
	// Asked for every second, for ten minutes.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 600))
	if err != nil {
		return err
	}
	p, err := newProvider(goose.DialectPostgres, db, postgresMigrations, "migrations/postgres", goose.WithSessionLocker(locker))
	if err != nil {
		return err
	}
	return prepare(ctx, p, known, log)
}
