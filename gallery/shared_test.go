package gallery_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/gallery/indexsync"
	"github.com/facekeep/facekeep/repository"
	"github.com/facekeep/facekeep/vectorstore/exact"
)

// laggy is an index as a remote one is: it shows a write only some time after it
// returned, and can be away.
type laggy struct {
	lag  time.Duration
	away atomic.Bool

	mu      sync.Mutex
	index   *exact.Index
	pending []pendingWrite
}

type pendingWrite struct {
	at    time.Time
	write func(ctx context.Context, x *exact.Index) error
}

func newLaggy(lag time.Duration) *laggy { return &laggy{lag: lag, index: exact.New()} }

func (l *laggy) later(write func(ctx context.Context, x *exact.Index) error) error {
	if l.away.Load() {
		return face.Errorf(face.Unavailable, "the index is away")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending = append(l.pending, pendingWrite{time.Now(), write})
	return nil
}

func (l *laggy) Upsert(_ context.Context, label face.TemplateLabel, rows []face.IndexRow) error {
	return l.later(func(ctx context.Context, x *exact.Index) error { return x.Upsert(ctx, label, rows) })
}

func (l *laggy) Delete(_ context.Context, removals []face.IndexRemoval) error {
	return l.later(func(ctx context.Context, x *exact.Index) error { return x.Delete(ctx, removals) })
}

func (l *laggy) DropWatchlist(_ context.Context, watchlist uuid.UUID) error {
	return l.later(func(ctx context.Context, x *exact.Index) error { return x.DropWatchlist(ctx, watchlist) })
}

func (l *laggy) Search(ctx context.Context, q face.IndexQuery) ([]face.Hit, error) {
	if l.away.Load() {
		return nil, face.Errorf(face.Unavailable, "the index is away")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.pending) > 0 && time.Since(l.pending[0].at) >= l.lag {
		if err := l.pending[0].write(ctx, l.index); err != nil {
			return nil, err
		}
		l.pending = l.pending[1:]
	}
	return l.index.Search(ctx, q)
}

// openShared opens a gallery over a laggy index, as one of several servers does,
// on a database that others may have open too.
func openShared(t *testing.T, repo *repository.Repository, index *laggy, limit int) *system {
	t.Helper()
	shared, err := indexsync.NewShared(repo, index, indexsync.SharedConfig{
		Bound: 3 * index.lag, ExactLimit: limit, NewIndex: func() indexsync.Searcher { return exact.New() },
	})
	must(t, err)
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = shared.Run(ctx) })
	t.Cleanup(func() { stop(); running.Wait() })
	s := &system{repo: repo, engine: newFakeEngine()}
	s.Gallery = gallery.New(gallery.Parts{Repository: repo, Index: shared, Sync: shared, Engine: s.engine, Calibrations: testCurve()})
	return s
}

// TestSharedModel is TestModel over an index that lags and goes away now and
// then: no search may notice.
func TestSharedModel(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(seed, 12))
			repo, err := repository.Open(t.Context(), repository.Options{Dir: t.TempDir()})
			must(t, err)
			t.Cleanup(func() { must(t, repo.Close()) })
			index := newLaggy(20 * time.Millisecond)
			s, m := openShared(t, repo, index, 1000), newModel()
			for step := range 400 {
				if rng.IntN(40) == 0 {
					index.away.Store(!index.away.Load())
				}
				what, want, got := operate(t, rng, s, m)
				if (got == nil) != (want < 0) || got != nil && face.KindOf(got) != want {
					t.Fatalf("step %d: %s = %v, want kind %v", step, what, got, want)
				}
				picture := fmt.Sprintf("member%d#probe", rng.IntN(12))
				if diff := cmp.Diff(m.identify(picture, nil), s.identify(t, picture)); diff != "" {
					t.Fatalf("step %d, away %v, after %q, who is in %s (-want +got):\n%s", step, index.away.Load(), what, picture, diff)
				}
			}
		})
	}
}

// TestSharedAwayAndTooLarge: a gallery that is too large to be searched in memory
// is not searched at all while the index is away, rather than in part.
func TestSharedAwayAndTooLarge(t *testing.T) {
	t.Parallel()
	repo, err := repository.Open(t.Context(), repository.Options{Dir: t.TempDir()})
	must(t, err)
	t.Cleanup(func() { must(t, repo.Close()) })
	index := newLaggy(time.Millisecond)
	s := openShared(t, repo, index, 2)
	s.list(t, "list")
	for _, id := range []string{"ann", "bo", "cy"} {
		s.enrol(t, id, []string{"list"}, id)
	}
	index.away.Store(true)
	_, err = s.Identify(t.Context(), gallery.IdentifyQuery{Image: []byte("ann"), MaxCandidates: 1})
	if face.KindOf(err) != face.Unavailable {
		t.Errorf("Identify = %v, want Unavailable", err)
	}
	s.enrol(t, "di", []string{"list"}, "di")
	index.away.Store(false)
	for face.KindOf(err) == face.Unavailable && t.Context().Err() == nil { // until somebody has looked
		_, err = s.Identify(t.Context(), gallery.IdentifyQuery{Image: []byte("ann"), MaxCandidates: 1})
	}
	if got := s.identify(t, "di"); len(got) != 1 {
		t.Errorf("enrolled while the index was away: found %v, want di", got)
	}
}

// TestSharedIndexWithStrangers: rows that the database knows nothing of (left
// there by a failure, say) hide nobody.
func TestSharedIndexWithStrangers(t *testing.T) {
	t.Parallel()
	repo, err := repository.Open(t.Context(), repository.Options{Dir: t.TempDir()})
	must(t, err)
	t.Cleanup(func() { must(t, repo.Close()) })
	index := newLaggy(0)
	s := openShared(t, repo, index, 0)
	list := s.list(t, "list")
	s.enrol(t, "ann", []string{"list"}, "ann")
	rows := make([]face.IndexRow, 5)
	for i := range rows {
		rows[i] = face.IndexRow{Watchlist: list.UID, Member: uuid.New(), Face: uuid.New(), Vector: vectorOf("ann")}
	}
	must(t, index.Upsert(t.Context(), "fake@1", rows))
	faces, err := s.Identify(t.Context(), gallery.IdentifyQuery{Image: []byte("ann"), MinScore: 40, MaxCandidates: 1})
	must(t, err)
	if got := names(faces[0].Candidates); len(got) != 1 || got[0].Member != "ann" {
		t.Errorf("found %v, want ann", got)
	}
}
