package repository

import (
	"context"
	"errors"
	"fmt"
)

// errDirInUse is the cause of the error of takeDir when another process has the
// folder.
var errDirInUse = errors.New("another process has locked the folder")

// OpenKeyTable opens the table of API keys alone, for a program that is not a
// server. Of SQLite it may be open beside the server that has the data folder:
// that one keeps no keys in memory, and the write-ahead log takes writers of other
// processes in turn. Everything else stays with whoever has locked the folder.
//
// A database that is not there yet is made. One that is there is not migrated,
// because a server of its version may be running: it has to have the schema of
// this program, or the error is Unavailable and says what to do.
func OpenKeyTable(ctx context.Context, opts Options) (*KeyTable, error) {
	opts = opts.withDefaults()
	open := openSQLiteKeys
	if opts.URL != "" {
		open = openPostgresKeys
	}
	r, err := open(ctx, opts)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return r.KeyTable(), nil
}

func openPostgresKeys(ctx context.Context, opts Options) (*Repository, error) {
	return openPostgresWith(ctx, opts, makeOnly)
}

// openSQLiteKeys makes a database only while it holds the lock of the data folder.
// It does not hold it for longer: a server may start meanwhile.
func openSQLiteKeys(ctx context.Context, opts Options) (*Repository, error) {
	release, err := takeDir(opts.Dir)
	if errors.Is(err, errDirInUse) {
		return openSQLitePools(ctx, opts, asItIs)
	}
	if err != nil {
		return nil, err
	}
	r, err := openSQLitePools(ctx, opts, makeOnly)
	if err := errors.Join(err, release()); err != nil {
		return nil, err
	}
	return r, nil
}
