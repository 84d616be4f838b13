package repository

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

const (
	// lanesPerBatch bounds the watchlists that one batch of changes is of, so that
	// several servers share the work.
	lanesPerBatch = 16
	// forgetBatch bounds the rows of one deletion.
	forgetBatch = 10_000
	// microsNow is the database's clock, in microseconds since 1970.
	microsNow = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
)

// settled waits for the transactions that have written to the outbox, and lets
// no other begin to: a transaction gets the lock that this one excludes before it
// gets its first number.
func (b *postgresBackend) settled(ctx context.Context, fn func(tx *gorm.DB) error) error {
	return b.transact(ctx, func(tx *gorm.DB) error {
		if err := tx.Exec("LOCK TABLE outbox IN SHARE MODE").Error; err != nil {
			return err
		}
		return fn(tx)
	})
}

// apply holds a transaction open while the changes are applied. It holds a lock
// on each of their watchlists, which ends with it, however it ends.
//
// The lock is on the watchlist and not on the rows of its changes: a transaction
// with a lower number may commit after those rows were read, and its row, locked
// by nobody, would go to another server at the same time.
func (b *postgresBackend) apply(ctx context.Context, limit int, except []uuid.UUID, apply applyFunc) (n int, err error) {
	during, stop := context.WithTimeout(ctx, applyLimit)
	defer stop()
	var failed error
	err = b.transactIn(during, applyLimit+markLimit, func(ctx context.Context, tx *gorm.DB) error {
		lanes, err := takeLanes(tx, except)
		if err != nil || len(lanes) == 0 {
			return err
		}
		// A statement of its own: it sees what those who had the lock before noted.
		changes, err := readChanges(tx, limit, "o.applied_at IS NULL AND o.watchlist_uid IN ?", padded(lanes))
		if err != nil || len(changes) == 0 {
			return err
		}
		applied, err := apply(during, changes)
		failed = err
		n, err = mark(tx.WithContext(ctx), "UPDATE outbox SET applied_at = "+microsNow+
			", xact = pg_current_xact_id() WHERE applied_at IS NULL AND seq IN ?", inOrder(changes, applied))
		return err
	})
	if err != nil {
		n = 0
	}
	return n, errors.Join(failed, err)
}

// takeLanes locks watchlists that have changes to apply, the longest waiting
// first, without waiting for those that others hold.
func takeLanes(tx *gorm.DB, except []uuid.UUID) (lanes []key, err error) {
	where, args := unapplied(except)
	err = tx.Raw(`SELECT w.watchlist_uid FROM (
			SELECT o.watchlist_uid, min(o.seq) AS first FROM outbox o WHERE `+where+`
			GROUP BY o.watchlist_uid ORDER BY first LIMIT 1024) w
		WHERE pg_try_advisory_xact_lock(hashtextextended(w.watchlist_uid::text, 0)) LIMIT ?`,
		append(args, lanesPerBatch)...).Scan(&lanes).Error
	return lanes, err
}

// position is where a tail goes on.
type position struct {
	server   int64  // when Postgres was started, in µs: numbers of transactions are of one server
	read     int64  // when the tail was read, in µs by the database's clock
	snapshot string // what was visible then, as pg_current_snapshot gives it
}

func (p position) String() string { return fmt.Sprintf("%d %d %s", p.server, p.read, p.snapshot) }

// leadsTo reports whether a tail that goes on from p, read at now, is complete.
func (p position) leadsTo(now position) bool {
	return p.server == now.server && time.Duration(now.read-p.read)*time.Microsecond <= tailLife
}

// tailHead is a first row without a change (its number is 0), which says where
// the tail stands: with the snapshot of the very statement that reads the changes.
const tailHead = `SELECT 0::bigint, '', NULL::uuid, NULL::uuid, NULL::uuid,
	(extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint || ' ' || ` + microsNow + ` || ' ' || pg_current_snapshot()::text,
	NULL::bytea, NULL::bigint UNION ALL `

// notShown is the condition for rows that a snapshot does not show, though the
// present one does. Its upper bound is always true. Without it Postgres expects a
// third of all rows, as long as it has no statistics of the newest, and reads the
// whole table instead of the index.
const notShown = `o.xact >= pg_snapshot_xmin(CAST(? AS pg_snapshot)) AND o.xact < pg_snapshot_xmax(pg_current_snapshot())
	AND NOT pg_visible_in_snapshot(o.xact, CAST(? AS pg_snapshot))`

// tail reads, in one statement, rows that the snapshot of the position does not
// show: their last transaction was not finished then. It was a transaction that
// committed later, whatever its number, so none is missed and none comes twice.
func (b *postgresBackend) tail(ctx context.Context, after string, bound time.Duration, take takeFunc) (next string, whole bool, err error) {
	if p, ok := parsePosition(after); ok {
		rows, now, err := b.readTail(ctx, notShown, p.snapshot, p.snapshot)
		if err != nil {
			return "", false, err
		}
		if p.leadsTo(now) {
			giveTail(rows, time.UnixMicro(now.read), take)
			return now.String(), false, nil
		}
	}
	rows, now, err := b.readTail(ctx, "o.applied_at IS NULL OR o.applied_at > "+microsNow+" - ?", bound.Microseconds())
	if err != nil {
		return "", false, err
	}
	giveTail(rows, time.UnixMicro(now.read), take)
	return now.String(), true, nil
}

func (b *postgresBackend) readTail(ctx context.Context, where string, args ...any) (all []tailRow, now position, err error) {
	rows, err := b.db.WithContext(ctx).Raw(tailHead+"SELECT "+changeColumns+", o.applied_at FROM outbox o WHERE "+where, args...).Rows()
	if err != nil {
		return nil, now, err
	}
	defer rows.Close()
	for rows.Next() {
		var row tailRow
		if err := rows.Scan(row.fields()...); err != nil {
			return nil, now, err
		}
		if row.Seq == 0 {
			now, _ = parsePosition(string(row.Label))
			continue
		}
		all = append(all, row)
	}
	slices.SortFunc(all, func(a, b tailRow) int { return int(a.Seq - b.Seq) })
	return all, now, rows.Err()
}

func parsePosition(s string) (p position, ok bool) {
	n, err := fmt.Sscan(s, &p.server, &p.read, &p.snapshot)
	return p, n == 3 && err == nil
}

// forgetApplied leaves rows that another server is deleting just now to it.
func (b *postgresBackend) forgetApplied(ctx context.Context, keep time.Duration) error {
	for {
		done := b.db.WithContext(ctx).Exec("DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox WHERE applied_at < "+microsNow+
			" - ? LIMIT ? FOR UPDATE SKIP LOCKED)", keep.Microseconds(), forgetBatch)
		if done.Error != nil || done.RowsAffected < forgetBatch {
			return done.Error
		}
	}
}
