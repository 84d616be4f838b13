package repository

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
)

const (
	// attempts bounds how often a write is tried that others come between.
	attempts = 8
	// firstPause is the longest pause after the first of them; each next one may be
	// twice as long.
	firstPause = 5 * time.Millisecond
	// commitLimit is how long a transaction may take in all.
	commitLimit = time.Minute
)

// postgresBackend is what is Postgres's own.
type postgresBackend struct {
	db *gorm.DB
}

// update runs at READ COMMITTED: each statement sees what is committed before it,
// and rows that the transaction relies on are locked. Where others came between
// all the same, it begins anew, and its checks then say what became of the matter.
func (b *postgresBackend) update(ctx context.Context, fn func(tx *gorm.DB) error) error {
	for attempt := 1; ; attempt++ {
		finished := false
		err := b.transact(ctx, func(tx *gorm.DB) error {
			err := fn(tx)
			finished = err == nil
			return err
		})
		// Once the commit is under way, a broken connection leaves open whether it
		// happened; beginning anew would then find the work of its own as another's.
		again := collided(err) || !finished && disconnected(err)
		if err == nil || !again || attempt == attempts || !pause(ctx, attempt) {
			return err
		}
	}
}

// transact runs fn in a transaction, once.
func (b *postgresBackend) transact(ctx context.Context, fn func(tx *gorm.DB) error) error {
	return b.transactIn(ctx, commitLimit, func(_ context.Context, tx *gorm.DB) error { return fn(tx) })
}

// transactIn runs fn in a transaction that takes no longer than a limit. The end
// of the context ends statements, but not the commit: it happens, and the caller
// is told so, or it does not. fn gets the context of the transaction as well.
func (b *postgresBackend) transactIn(ctx context.Context, limit time.Duration, fn func(ctx context.Context, tx *gorm.DB) error) error {
	return b.db.WithContext(ctx).Connection(func(c *gorm.DB) error {
		whole, stop := context.WithTimeout(context.WithoutCancel(ctx), limit)
		defer stop()
		return c.WithContext(whole).Transaction(func(tx *gorm.DB) error {
			return fn(whole, tx.WithContext(ctx))
		})
	})
}

// view has one snapshot for all its statements.
func (b *postgresBackend) view(ctx context.Context, fn func(tx *gorm.DB) error) error {
	return b.db.WithContext(ctx).Transaction(fn, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
}

// unhurried takes the time limit of statements off a transaction that reads as
// much as there is, as fast as somebody takes it.
func unhurried(tx *gorm.DB) error {
	if tx.Name() != "postgres" {
		return nil
	}
	return tx.Exec("SET LOCAL statement_timeout = 0").Error
}

// collided reports whether a transaction failed by what another did meanwhile,
// or may have: a key that was free is taken, or a row that was there is gone.
func collided(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return false
	}
	switch e.Code {
	case codeSerialization, codeDeadlock, codeUnique, codeForeignKey:
		return true
	}
	return false
}

// pause waits a random time, longer from attempt to attempt, and reports whether
// to go on.
func pause(ctx context.Context, attempt int) bool {
	longest := firstPause << (attempt - 1)
	timer := time.NewTimer(rand.N(longest)) //nolint:gosec // spreads attempts, keeps no secret
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
