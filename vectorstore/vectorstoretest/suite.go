// Package vectorstoretest holds every index of templates to the contract of
// package vectorstore: one suite, and one set of benchmarks, for all of them.
package vectorstoretest

import (
	"testing"

	"github.com/facekeep/facekeep/vectorstore"
)

// Open returns a new, empty store, which it closes when the test ends.
type Open func(tb testing.TB) vectorstore.Store

// Pace says how many rounds the tests go whose rounds are alike.
type Pace int

// The paces.
const (
	Thorough Pace = iota // for a store in memory
	Brief                // for one where a round takes a good part of a second
)

// rounds returns how many of so many rounds to go.
func (p Pace) rounds(n int) int {
	if p == Brief {
		return max(n/10, 1)
	}
	return n
}

// Run runs the suite; each of its tests opens a store of its own.
func Run(t *testing.T, open Open, pace Pace) {
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
		{"rows that are skipped", testSkip},
		{"labels do not meet", testLabels},
		{"the same row twice", testUpsertTwice},
		{"a row replaced", testReplace},
		{"deletion", testDelete},
		{"deletion and return", testReturn},
		{"writes that arrive late", testVersions},
		{"a watchlist dropped", testDrop},
		{"random writes against a model", testModel},
		{"what cannot be stored or asked", testInvalid},
		{"a context that has ended", testContext},
		{"writers and readers at once", testConcurrent},
		{"vectors are copied", testCopies},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.test(suite{t, open(t), pace})
		})
	}
}

// suite is one test and the store that it is about.
type suite struct {
	*testing.T

	store vectorstore.Store
	pace  Pace
}
