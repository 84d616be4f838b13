package repository

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/facekeep/facekeep/face"
)

// Codes of errors, as the documentation of Postgres lists them.
const (
	codeForeignKey    = "23503"
	codeUnique        = "23505"
	codeSerialization = "40001"
	codeDeadlock      = "40P01"
	codeNoLock        = "55P03"
	codeCanceled      = "57014"
	codeBadText       = "22021"
	codeDiskFull      = "53100"
	codeReadOnly      = "25006"
	codeIdle          = "25P03"
)

// classify: what the end of a context does to a statement or a connection is
// nobody's fault, and fault names it.
func (b *postgresBackend) classify(ctx context.Context, err error) (known error) {
	e, reported := errors.AsType[*pgconn.PgError](err)
	given := ctx.Err() != nil
	switch {
	case given && (!reported || e.Code == codeCanceled):
	case reported:
		known = classifyCode(e.Code, err)
	case disconnected(err):
		known = face.Wrap(face.Unavailable, err, "the database cannot be reached")
	}
	return known
}

// classifyCode names the fact behind an error that Postgres reports.
func classifyCode(code string, err error) error {
	switch code {
	case codeUnique:
		return face.Wrap(face.Conflict, err, "it exists already")
	case codeForeignKey:
		return face.Wrap(face.NotFound, err, "something that this refers to is gone")
	case codeBadText:
		return face.Wrap(face.Invalid, err, "a text holds a character that the database cannot keep")
	case codeSerialization, codeDeadlock, codeNoLock:
		return face.Wrap(face.Unavailable, err, "the database is busy")
	case codeDiskFull:
		return face.Wrap(face.Unavailable, err, "the database cannot write: the disk is full")
	case codeCanceled, codeIdle:
		return face.Wrap(face.Timeout, err, "the database did not answer in time")
	case codeReadOnly:
		return face.Wrap(face.Unavailable, err, "the database cannot be written just now")
	}
	switch code[:2] {
	case "08", "57": // connection; stopped by its operator
		return face.Wrap(face.Unavailable, err, "the database cannot be reached")
	case "28", "3D": // login; no such database
		return face.Wrap(face.Unavailable, err, "the database refuses the connection")
	case "53": // too many connections, no memory
		return face.Wrap(face.Unavailable, err, "the database is overloaded")
	case "58": // input and output
		return face.Wrap(face.Unavailable, err, "the database cannot write or read its files")
	}
	return nil
}

// disconnected reports whether an error is about the way to the database.
func disconnected(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code[:2] == "08" || e.Code[:3] == "57P"
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok && !errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	for _, end := range []error{driver.ErrBadConn, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, sql.ErrConnDone} {
		if errors.Is(err, end) {
			return true
		}
	}
	return pgconn.SafeToRetry(err) && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled)
}
