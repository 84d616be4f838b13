package repository

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// apply: one process has the database, so a token in memory is enough; and no
// transaction stays open, because it would stop every writer.
func (b *sqliteBackend) apply(ctx context.Context, limit int, except []uuid.UUID, apply applyFunc) (n int, err error) {
	select {
	case b.claim <- struct{}{}:
		defer func() { <-b.claim }()
	default:
		return 0, nil
	}
	where, args := unapplied(except)
	changes, err := readChanges(b.read.WithContext(ctx), limit, where, args...)
	if err != nil || len(changes) == 0 {
		return 0, err
	}
	during, stop := context.WithTimeout(ctx, applyLimit)
	applied, failed := apply(during, changes)
	stop()
	after, stop := context.WithTimeout(context.WithoutCancel(ctx), markLimit)
	defer stop()
	err = b.update(after, func(tx *gorm.DB) error {
		n, err = mark(tx, "UPDATE outbox SET applied_at = ? WHERE applied_at IS NULL AND seq IN ?", inOrder(changes, applied), at(time.Now()))
		return err
	})
	return n, errors.Join(failed, err)
}

// tail gives everything each time: nobody else writes, and there is little of it.
func (b *sqliteBackend) tail(ctx context.Context, _ string, bound time.Duration, take takeFunc) (next string, whole bool, err error) {
	now := time.Now()
	rows, err := b.read.WithContext(ctx).Raw("SELECT "+changeColumns+", o.applied_at FROM outbox o"+
		" WHERE o.applied_at IS NULL OR o.applied_at > ? ORDER BY o.seq", at(now.Add(-bound))).Rows()
	if err != nil {
		return "", false, err
	}
	defer rows.Close()
	var all []tailRow
	for rows.Next() {
		var row tailRow
		if err := rows.Scan(row.fields()...); err != nil {
			return "", false, err
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		return "", false, err
	}
	giveTail(all, now, take)
	return "", true, nil
}

func (b *sqliteBackend) forgetApplied(ctx context.Context, keep time.Duration) error {
	return b.update(ctx, func(tx *gorm.DB) error {
		return tx.Exec("DELETE FROM outbox WHERE applied_at < ?", at(time.Now().Add(-keep))).Error
	})
}

// tailRow is a change, and when it was applied; zero: it is not.
type tailRow struct {
	face.IndexChange
	applied moment
}

func (r *tailRow) fields() []any { return append(changeFields(&r.IndexChange), &r.applied) }

// giveTail gives changes with their ages at a time.
func giveTail(rows []tailRow, now time.Time, take takeFunc) {
	for _, row := range rows {
		age := time.Duration(-1)
		if !row.applied.IsZero() {
			age = max(0, now.Sub(row.applied.Time))
		}
		take(row.IndexChange, age)
	}
}
