package exact

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/face"
)

// TestBatcher lets searches come while a scan is under way, and holds that they share
// the next ones, that nobody is forgotten, and that who goes away is not waited for.
func TestBatcher(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var b batcher
		of := rowsOf{label: "l", all: true}
		var scans []int
		release := make(chan struct{})
		broken := errors.New("broken")
		read := func(ctx context.Context, all []*lookup) error {
			scans = append(scans, len(all))
			<-release
			if len(scans) == 2 {
				return broken
			}
			return ctx.Err()
		}
		var failed sync.Map
		search := func(ctx context.Context, n int) {
			if err := b.do(ctx, of, &lookup{}, read); err != nil {
				failed.Store(n, err)
			}
		}
		leaving, leave := context.WithCancel(t.Context())
		leading, stopLeading := context.WithCancel(t.Context())
		go search(leading, 0)
		synctest.Wait()
		stopLeading() // too late: others may wait for it by now
		for n := 1; n <= mostShared+3; n++ {
			go search(t.Context(), n)
			synctest.Wait() // so that they come in order
		}
		go search(leaving, 100)
		synctest.Wait()
		leave()
		synctest.Wait()
		if err, _ := failed.Load(100); face.KindOf(err.(error)) != face.Canceled {
			t.Errorf("the search that was given up: %v, want Canceled", err)
		}
		for range 3 {
			release <- struct{}{}
			synctest.Wait()
		}
		if diff := cmp.Diff([]int{1, mostShared, 3}, scans); diff != "" {
			t.Errorf("lookups of each scan (-want +got):\n%s", diff)
		}
		for n := range mostShared + 4 {
			err, bad := failed.Load(n)
			if second := n >= 1 && n <= mostShared; bad != second || second && !errors.Is(err.(error), broken) {
				t.Errorf("search %d: %v", n, err)
			}
		}
		if len(b.queue) != 0 {
			t.Errorf("the queue after all: %v, want nothing", b.queue)
		}
	})
}

// TestBrokenScan holds that a scan that panics does not leave others waiting.
func TestBrokenScan(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var b batcher
		of, release, heard := rowsOf{}, make(chan struct{}), make(chan any, 1)
		go func() {
			defer func() { heard <- recover() }()
			_ = b.do(t.Context(), of, &lookup{}, func(context.Context, []*lookup) error { <-release; panic("at the disco") })
		}()
		synctest.Wait()
		next := make(chan error, 1)
		go func() {
			next <- b.do(t.Context(), of, &lookup{}, func(context.Context, []*lookup) error { return nil })
		}()
		synctest.Wait()
		close(release)
		if got := <-heard; got != "at the disco" {
			t.Errorf("the panic: got %v", got)
		}
		if err := <-next; err != nil {
			t.Errorf("the search after it: %v", err)
		}
	})
}

// TestSharedScans searches from many sides, along with each other, and compares each
// answer with that of a search alone.
func TestSharedScans(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(17, 18))
	rows := clustered(rng, 20_000, 16)
	x := filled(t, rows)
	x.share = 1
	var all sync.WaitGroup
	for side := range 16 {
		all.Go(func() {
			for i := range 20 {
				q := face.IndexQuery{Label: "l", Vector: rows[side*1000+i].Vector, Limit: 1 + i, MinCosine: -1}
				if side%3 == 0 {
					q.Skip = func(key face.IndexKey) bool { return key.Face[15]%2 == 0 }
				}
				got, err := x.Search(t.Context(), q)
				if want := x.plainly(q); err != nil || !slices.Equal(want, got) {
					t.Errorf("side %d, search %d, %v (-alone +shared):\n%s", side, i, err, cmp.Diff(want, got))
				}
			}
		})
	}
	all.Wait()
}
