package app_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery/indexsync"
	"github.com/facekeep/facekeep/repository"
	"github.com/facekeep/facekeep/repository/repositorytest"
	"github.com/facekeep/facekeep/vectorstore/exact"
	"github.com/facekeep/facekeep/vectorstore/milvus"
)

const (
	benchLabel   = "bench@1"
	benchDim     = 128
	benchLists   = 20
	benchMembers = 5000
)

// BenchmarkSharedSearch measures a search on Postgres and Milvus, of one watchlist
// and of all, with nothing else going on and with enrolments at 50 a second. It
// reports the median and the 99th percentile of a search in ms.
func BenchmarkSharedSearch(b *testing.B) {
	s := openShared(b)
	for _, lists := range []int{1, 0} {
		for _, writing := range []bool{false, true} {
			name := map[int]string{1: "one watchlist", 0: "all"}[lists] + map[bool]string{false: "/idle", true: "/writing"}[writing]
			b.Run(name, func(b *testing.B) {
				ctx, stop := context.WithCancel(b.Context())
				var writer sync.WaitGroup
				if writing {
					writer.Go(func() { s.write(ctx, b) })
				}
				took := make([]time.Duration, 0, 1000)
				for b.Loop() {
					q := face.IndexQuery{Label: benchLabel, Vector: s.vector(), Limit: 1, MinCosine: 0.3}
					if lists == 1 {
						q.Watchlists = []uuid.UUID{s.lists[s.random(benchLists)].UID}
					}
					begun := time.Now()
					if _, err := s.shared.Search(b.Context(), q); err != nil {
						b.Fatal(err)
					}
					took = append(took, time.Since(begun))
				}
				stop()
				writer.Wait()
				slices.Sort(took)
				b.ReportMetric(took[len(took)/2].Seconds()*1e3, "p50-ms")
				b.ReportMetric(took[len(took)*99/100].Seconds()*1e3, "p99-ms")
			})
		}
	}
}

// sharedBench is a gallery on Postgres and Milvus without an engine.
type sharedBench struct {
	repo   *repository.Repository
	shared *indexsync.Shared
	lists  []face.Watchlist

	mu  sync.Mutex
	rng *rand.Rand
}

func openShared(b *testing.B) *sharedBench {
	b.Helper()
	address := os.Getenv("TEST_MILVUS_ADDR")
	if address == "" {
		b.Skip("TEST_MILVUS_ADDR is not set: nothing is measured on Milvus")
	}
	s := &sharedBench{rng: rand.New(rand.NewPCG(1, 2))}
	var err error
	if s.repo, err = repository.Open(b.Context(), repository.Options{URL: repositorytest.Postgres(b)}); err != nil {
		b.Fatal(err)
	}
	store, err := milvus.Open(b.Context(), milvus.Options{Address: address, Prefix: "b" + strings.ReplaceAll(uuid.NewString(), "-", "")})
	if err != nil {
		b.Fatal(err)
	}
	s.shared, err = indexsync.NewShared(s.repo, store, indexsync.SharedConfig{NewIndex: func() indexsync.Searcher { return exact.New() }})
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(b.Context()))
	var running sync.WaitGroup
	running.Go(func() { _ = s.shared.Run(ctx) })
	b.Cleanup(func() {
		stop()
		running.Wait()
		if err := store.DropCollection(context.WithoutCancel(b.Context()), benchLabel); err != nil {
			b.Error(err)
		}
		_ = store.Close()
		_ = s.repo.Close()
	})
	s.fill(b)
	return s
}

func (s *sharedBench) fill(b *testing.B) {
	b.Helper()
	for i := range benchLists {
		w := face.Watchlist{UID: uuid.Must(uuid.NewV7()), ID: fmt.Sprint("list", i), PreviewColor: "#123", CreatedAt: time.Now()}
		if err := s.repo.CreateWatchlist(b.Context(), w); err != nil {
			b.Fatal(err)
		}
		s.lists = append(s.lists, w)
	}
	for range benchMembers {
		if err := s.enrol(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	for { // until the index has followed, and nothing of it is fresh any more
		n, _, err := s.repo.Backlog(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if n == 0 {
			break
		}
		_ = s.shared.Flush(b.Context())
		time.Sleep(100 * time.Millisecond)
	}
	time.Sleep(17 * time.Second)
}

// write enrols 50 times a second.
func (s *sharedBench) write(ctx context.Context, b *testing.B) {
	b.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := s.enrol(ctx); err != nil && ctx.Err() == nil {
				b.Error(err)
				return
			}
			_ = s.shared.Flush(ctx)
		}
	}
}

func (s *sharedBench) enrol(ctx context.Context) error {
	id := func() uuid.UUID { return uuid.Must(uuid.NewV7()) }
	now := time.Now()
	m := face.Member{UID: id(), ID: uuid.NewString(), CreatedAt: now}
	image := face.Image{ID: id(), MediaType: "image/jpeg", Width: 1, Height: 1, Data: []byte{1}, CreatedAt: now}
	f := face.Face{ID: id(), MemberUID: m.UID, TrackletID: id(), FrameID: id(), ImageID: image.ID, Order: 1, FacesOnFrame: 1, CreatedAt: now}
	_, err := s.repo.Enrol(ctx, m, []string{s.lists[s.random(benchLists)].ID}, []face.Enrolled{{
		Face: f, Image: image, Templates: []face.Template{{Label: benchLabel, Vector: s.vector()}},
	}})
	return err
}

func (s *sharedBench) random(n int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rng.IntN(n)
}

// vector returns a random unit vector.
func (s *sharedBench) vector() []float32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := make([]float32, benchDim)
	var norm float64
	for i := range v {
		v[i] = float32(s.rng.NormFloat64())
		norm += float64(v[i]) * float64(v[i])
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(norm))
	}
	return v
}
