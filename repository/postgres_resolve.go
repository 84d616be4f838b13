package repository

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// postgresPool returns the pool of a statement on Postgres that is in no transaction.
func postgresPool(tx *gorm.DB) (*sql.DB, bool) {
	pool, ok := tx.Statement.ConnPool.(*sql.DB)
	return pool, ok && tx.Name() == "postgres"
}

// readDirect does what read does by the driver's own calls. A search waits for this
// statement, and half of what it waited for was the way of some hundred values through
// database/sql: each id was written as text and read again. Here hits are three arrays,
// and what comes back is read as it is. It reports whether the statement was made: if not,
// the connection was not good, and another one may be.
func (r *resolved) readDirect(ctx context.Context, pool *sql.DB, s scope, hits []face.Hit) (made bool, err error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return true, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	err = conn.Raw(func(c any) error {
		own, ok := c.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("the connection is a %T", c)
		}
		return r.query(ctx, own.Conn(), s, hits)
	})
	return err == nil || !errors.Is(err, driver.ErrBadConn) && !pgconn.SafeToRetry(err), err
}

// query tells of the watchlists and the members of all hits, whether they are still known
// or not: to look which are costs more than to read a few for nothing.
func (r *resolved) query(ctx context.Context, conn *pgx.Conn, s scope, hits []face.Hit) error {
	faces, members, lists := make([][16]byte, len(hits)), make([][16]byte, len(hits)), make([][16]byte, len(hits))
	for i, h := range hits {
		faces[i], members[i], lists[i] = h.Face, h.Member, h.Watchlist
	}
	known, args := strings.Replace(knownHits, "?", "$4", 1), []any{faces, members, lists, time.Now().UnixMicro()}
	if s.confined() {
		known, args = known+" AND h.watchlist_uid IN (SELECT uid FROM watchlists WHERE id = ANY($5))", append(args, s.lists)
	}
	rows, err := conn.Query(ctx, "WITH hits (face_id, member_uid, watchlist_uid) AS (SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[])) "+
		tellHits+" FROM ("+known+") known"+tellLists+" WHERE uid = ANY($3)"+tellLabels+" WHERE member_uid = ANY($2)", args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if err := r.takeAll(rows); err != nil {
		return err
	}
	return rows.Err()
}
