package exact_test

import (
	"testing"

	"github.com/facekeep/facekeep/vectorstore"
	"github.com/facekeep/facekeep/vectorstore/exact"
	"github.com/facekeep/facekeep/vectorstore/vectorstoretest"
)

func open(testing.TB) vectorstore.Store { return exact.New() }

func TestStore(t *testing.T) {
	t.Parallel()
	vectorstoretest.Run(t, open, vectorstoretest.Thorough)
}

func BenchmarkStore(b *testing.B) { vectorstoretest.Benchmark(b, open) }
