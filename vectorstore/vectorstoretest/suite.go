// Package vectorstoretest holds every index of templates to the contract of
// package vectorstore: one suite, and one set of benchmarks, for all of them.
package vectorstoretest

import (
	"testing"

	"github.com/facekeep/facekeep/vectorstore"
)

// Open returns a new, empty store, which it closes when the test ends.
type Open func(tb testing.TB) vectorstore.Store

// Run runs the suite; each of its tests opens a store of its own.
func Run(t *testing.T, open Open) {
	t.Helper()
	for _, tt := range []struct {
		name string
		test func(suite)
	}{
		{"an empty store finds nothing", testEmpty},
		{"a template finds itself", testSelfMatch},
		{"the nearest of many, as brute force finds them", testBruteForce},
		{"one, several and all watchlists", testWatchlists},
		{"the nearest face stands for its member", testBestFace},
		{"equal cosines come in order", testTies},
		{"limits", testLimit},
		{"labels do not meet", testLabels},
		{"the same row twice", testUpsertTwice},
		{"a row replaced", testReplace},
		{"deletion", testDelete},
		{"deletion and return", testReturn},
		{"a watchlist dropped", testDrop},
		{"random writes against a model", testModel},
		{"what cannot be stored or asked", testInvalid},
		{"a context that has ended", testContext},
		{"writers and readers at once", testConcurrent},
		{"vectors are copied", testCopies},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.test(suite{t, open(t)})
		})
	}
}

// suite is one test and the store that it is about.
type suite struct {
	*testing.T
	store vectorstore.Store
}
