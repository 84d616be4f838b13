// Package repositorytest gives each test a Postgres database of its own.
package repositorytest

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// dsnVariable names the environment variable with the URL of a database whose
// user may create databases.
const dsnVariable = "TEST_POSTGRES_DSN"

// dropLimit is how long the deletion of a database may take.
const dropLimit = time.Minute

// Postgres makes an empty database that is dropped at the end of the test, and
// returns its URL. Without TEST_POSTGRES_DSN the test is skipped, or, with
// REQUIRE_SERVICES=1, fails.
func Postgres(tb testing.TB) string {
	tb.Helper()
	dsn := os.Getenv(dsnVariable)
	if dsn == "" {
		if os.Getenv("REQUIRE_SERVICES") == "1" {
			tb.Fatal(dsnVariable + " is not set, and REQUIRE_SERVICES=1")
		}
		tb.Skip(dsnVariable + " is not set: nothing is tested on Postgres")
	}
	u, err := url.Parse(dsn)
	if err != nil {
		tb.Fatal(dsnVariable + " is no URL")
	}
	name := pgx.Identifier{"facekeep_test_" + rand.Text()}
	execute(tb.Context(), tb, dsn, "CREATE DATABASE "+name.Sanitize())
	tb.Cleanup(func() {
		ctx, stop := context.WithTimeout(context.WithoutCancel(tb.Context()), dropLimit)
		defer stop()
		execute(ctx, tb, dsn, "DROP DATABASE "+name.Sanitize()+" WITH (FORCE)")
	})
	u.Path = "/" + name[0]
	return u.String()
}

func execute(ctx context.Context, tb testing.TB, dsn, statement string) {
	tb.Helper()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		tb.Fatalf("connect to %s: %v", dsnVariable, err)
	}
	_, err = conn.Exec(ctx, statement)
	if err := errors.Join(err, conn.Close(ctx)); err != nil {
		tb.Fatal(err)
	}
}
