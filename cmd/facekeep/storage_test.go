package main_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib" // reads the database beside the server
	_ "github.com/mattn/go-sqlite3"    // likewise

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/repository/repositorytest"
	"github.com/facekeep/facekeep/vectorstore/milvus"
)

// storage is where a server under test keeps its gallery. Servers that are started
// over the same storage, one after the other, find what the one before left.
type storage struct {
	args []string
	open func(t *testing.T) *sql.DB // the database, beside the server
}

// embedded is SQLite and the exact index, in a folder of the test's own.
func embedded(t *testing.T) storage {
	t.Helper()
	dir := t.TempDir()
	return storage{
		args: []string{"--data-dir=" + dir},
		open: func(t *testing.T) *sql.DB {
			t.Helper()
			return openSQL(t, "sqlite3", "file:"+filepath.Join(dir, "facekeep.db")+"?mode=ro")
		},
	}
}

// production is Postgres and Milvus, with a database and collections of the test's
// own. The test is skipped where they are not there; with REQUIRE_SERVICES=1 it
// fails.
func production(t *testing.T) storage {
	t.Helper()
	url := repositorytest.Postgres(t)
	milvus := os.Getenv("TEST_MILVUS_ADDR")
	if milvus == "" {
		if os.Getenv("REQUIRE_SERVICES") == "1" {
			t.Fatal("TEST_MILVUS_ADDR is not set, and REQUIRE_SERVICES=1")
		}
		t.Skip("TEST_MILVUS_ADDR is not set: nothing is tested on Milvus")
	}
	prefix := "t" + strings.ReplaceAll(uuid.NewString(), "-", "")
	t.Cleanup(func() { dropCollections(t, milvus, prefix) })
	return storage{
		args: []string{"--database-url=" + url, "--milvus-address=" + milvus, "--milvus-prefix=" + prefix},
		open: func(t *testing.T) *sql.DB {
			t.Helper()
			return openSQL(t, "pgx", url)
		},
	}
}

func openSQL(t *testing.T, driver, source string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// onBoth runs a test in embedded and in production mode.
func onBoth(t *testing.T, test func(t *testing.T, where storage)) {
	t.Helper()
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		test(t, embedded(t))
	})
	t.Run("production", func(t *testing.T) {
		t.Parallel()
		test(t, production(t))
	})
}

// dropCollections removes what a test left in Milvus.
func dropCollections(t *testing.T, address, prefix string) {
	t.Helper()
	ctx, stop := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
	defer stop()
	store, err := milvus.Open(ctx, milvus.Options{Address: address, Prefix: prefix})
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = store.Close() }()
	labels, err := store.Labels(ctx)
	for face.KindOf(err) == face.Unavailable && ctx.Err() == nil { // a server has just made a collection, which is being loaded
		labels, err = store.Labels(ctx)
	}
	if err != nil {
		t.Error(err)
	}
	for _, label := range labels {
		if err := store.DropCollection(ctx, label); err != nil {
			t.Error(err)
		}
	}
}
