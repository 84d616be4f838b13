package repository

import (
	"context"
	"time"

	"gorm.io/gorm"
)

func (*sqliteBackend) lastNumber(tx *gorm.DB) (n int64, err error) {
	err = tx.Raw("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'outbox'").Row().Scan(&n)
	return n, err
}

func (b *sqliteBackend) numberAbove(ctx context.Context, n int64) error {
	return b.update(ctx, func(tx *gorm.DB) error {
		last, err := b.lastNumber(tx)
		if err != nil || last >= n {
			return err
		}
		// The sequence has its row since the first change; before it, this makes one.
		done := tx.Exec("UPDATE sqlite_sequence SET seq = ? WHERE name = 'outbox'", n)
		if done.Error != nil || done.RowsAffected > 0 {
			return done.Error
		}
		return tx.Exec("INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', ?)", n).Error
	})
}

func (*sqliteBackend) clock(context.Context) (time.Time, error) { return time.Now(), nil }
