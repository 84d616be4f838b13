package repository

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// outboxNumbers is the sequence of the numbers of changes.
const outboxNumbers = "pg_get_serial_sequence('outbox', 'seq')"

// lastNumber also counts numbers of transactions that did not commit.
func (*postgresBackend) lastNumber(tx *gorm.DB) (n int64, err error) {
	err = tx.Raw("SELECT coalesce(pg_sequence_last_value(" + outboxNumbers + "::regclass), 0)").Row().Scan(&n)
	return n, err
}

// numberAbove lets nobody take a number meanwhile, where there is anything to do.
func (b *postgresBackend) numberAbove(ctx context.Context, n int64) error {
	if last, err := b.lastNumber(b.db.WithContext(ctx)); err != nil || last >= n {
		return err
	}
	return b.settled(ctx, func(tx *gorm.DB) error {
		last, err := b.lastNumber(tx)
		if err != nil || last >= n {
			return err
		}
		return tx.Exec("SELECT setval("+outboxNumbers+", ?)", n).Error
	})
}

func (b *postgresBackend) clock(ctx context.Context) (time.Time, error) {
	var now moment
	err := b.db.WithContext(ctx).Raw("SELECT " + microsNow).Row().Scan(&now)
	return now.Time, err
}
