package milvus

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/vectorstore"
	"github.com/facekeep/facekeep/vectorstore/vectorstoretest"
)

// address returns where the Milvus for tests is.
func address(tb testing.TB) string {
	tb.Helper()
	addr := os.Getenv("TEST_MILVUS_ADDR")
	if addr == "" {
		if os.Getenv("REQUIRE_SERVICES") == "1" {
			tb.Fatal("TEST_MILVUS_ADDR is not set, and REQUIRE_SERVICES=1")
		}
		tb.Skip("no Milvus: set TEST_MILVUS_ADDR (make test-services)")
	}
	return addr
}

// open returns a store of its own collections, which go with the test.
func open(tb testing.TB, change func(*Options)) *Store {
	tb.Helper()
	id := uuid.New()
	opts := Options{
		Address: address(tb), Prefix: fmt.Sprintf("test_%x", id[:8]), Consistency: Strong,
		Partitions: 4, SearchTimeout: 30 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute,
	}
	if change != nil {
		change(&opts)
	}
	s, err := Open(tb.Context(), opts)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		dropAll(ctx, tb, s)
		if err := s.Close(); err != nil {
			tb.Errorf("Close: %v", err)
		}
	})
	return s
}

func dropAll(ctx context.Context, tb testing.TB, s *Store) {
	tb.Helper()
	labels, err := s.Labels(ctx)
	if err != nil {
		tb.Errorf("Labels: %v", err)
	}
	for _, l := range labels {
		if err := s.DropCollection(ctx, l); err != nil {
			tb.Errorf("DropCollection(%s): %v", l, err)
		}
	}
}

func TestStore(t *testing.T) {
	t.Parallel()
	address(t)
	vectorstoretest.Run(t, func(tb testing.TB) vectorstore.Store {
		tb.Helper()
		return open(tb, nil)
	}, vectorstoretest.Brief)
}
