package repository

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
)

// aloneLimit is how long Alone keeps others away.
const aloneLimit = time.Hour

// Alone does something while no other server does anything by the same name, and
// reports whether it did: false without an error says that another is at it. If the
// connection breaks, or after an hour, another may begin before do returns; do has
// to bear that.
func (r *Repository) Alone(ctx context.Context, name string, do func(context.Context) error) (done bool, err error) {
	var failed error
	err = r.backend.alone(ctx, name, func() {
		done = true
		failed = do(ctx)
	})
	return done, errors.Join(failed, r.fault(ctx, err))
}

// alone holds a lock of a transaction, which ends with it, however it ends. Between
// its statements the transaction holds back neither writers nor the vacuum.
func (b *postgresBackend) alone(ctx context.Context, name string, do func()) error {
	return b.transactIn(ctx, aloneLimit, func(_ context.Context, tx *gorm.DB) error {
		if err := tx.Exec("SET LOCAL idle_in_transaction_session_timeout = 0").Error; err != nil {
			return err
		}
		var ours bool
		// The seed 1 keeps names apart from the locks on watchlists.
		err := tx.Raw("SELECT pg_try_advisory_xact_lock(hashtextextended(?, 1))", name).Row().Scan(&ours)
		if err == nil && ours {
			do()
		}
		return err
	})
}

// alone: there is no other server, but there may be another goroutine.
func (b *sqliteBackend) alone(_ context.Context, name string, do func()) error {
	if _, held := b.names.LoadOrStore(name, true); held {
		return nil
	}
	defer b.names.Delete(name)
	do()
	return nil
}
