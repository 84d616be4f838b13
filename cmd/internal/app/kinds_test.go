package app

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"os"
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

const kindLabel = face.TemplateLabel("kind@1")

// sharedServer is as much of a server as searches need: no engine, no HTTP.
type sharedServer struct {
	rows   *repository.Repository
	store  *milvus.Store
	shared *indexsync.Shared
}

// openServer opens a server over a database and collections that others may share.
func openServer(t *testing.T, url string, opts milvus.Options) *sharedServer {
	t.Helper()
	s := &sharedServer{}
	var err error
	if s.rows, err = repository.Open(t.Context(), repository.Options{URL: url}); err != nil {
		t.Fatal(err)
	}
	if s.store, err = milvus.Open(t.Context(), opts); err != nil {
		t.Fatal(err)
	}
	s.shared, err = indexsync.NewShared(s.rows, s.store, indexsync.SharedConfig{
		NewIndex: func() indexsync.Searcher { return exact.New() }, ExactLimit: 1000, Log: slog.New(slog.DiscardHandler),
		Suits:  func(ctx context.Context) (bool, error) { return suits(ctx, s.store) },
		Change: func(ctx context.Context) error { return changeKinds(ctx, s.store) },
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	var running sync.WaitGroup
	running.Go(func() { _ = s.shared.Run(ctx) })
	t.Cleanup(func() {
		stop()
		running.Wait()
		_ = s.store.Close()
		_ = s.rows.Close()
	})
	return s
}

// enrolled are the faces that searches must find.
type enrolled struct {
	mu    sync.Mutex
	rng   *rand.Rand
	faces []face.IndexRow
}

// unit returns a random vector of unit length.
func (e *enrolled) unit() []float32 {
	v, sum := make([]float32, 32), 0.0
	for i := range v {
		v[i] = float32(e.rng.NormFloat64())
		sum += float64(v[i]) * float64(v[i])
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(sum))
	}
	return v
}

// enrol adds so many members of one face each.
func (e *enrolled) enrol(t *testing.T, s *sharedServer, n int) {
	t.Helper()
	id := func() uuid.UUID { return uuid.Must(uuid.NewV7()) }
	for range n {
		now := time.Now()
		m := face.Member{UID: id(), ID: uuid.NewString(), CreatedAt: now}
		image := face.Image{ID: id(), MediaType: "image/jpeg", Width: 1, Height: 1, Data: []byte{1}, CreatedAt: now}
		f := face.Face{ID: id(), MemberUID: m.UID, TrackletID: id(), FrameID: id(), ImageID: image.ID, Order: 1, FacesOnFrame: 1, CreatedAt: now}
		e.mu.Lock()
		v := e.unit()
		e.mu.Unlock()
		if _, err := s.rows.Enrol(t.Context(), m, []string{"staff"}, []face.Enrolled{{
			Face: f, Image: image, Templates: []face.Template{{Label: kindLabel, Vector: v}},
		}}); err != nil {
			t.Fatal(err)
		}
		_ = s.shared.Flush(t.Context())
		e.mu.Lock()
		e.faces = append(e.faces, face.IndexRow{Member: m.UID, Face: f.ID, Vector: v})
		e.mu.Unlock()
	}
}

// search searches one of them, and fails the test unless it is found.
func (e *enrolled) search(t *testing.T, s *sharedServer) {
	t.Helper()
	e.mu.Lock()
	want := e.faces[e.rng.IntN(len(e.faces))]
	e.mu.Unlock()
	begun := time.Now()
	hits, err := s.shared.Search(t.Context(), face.IndexQuery{Label: kindLabel, Vector: want.Vector, Limit: 1, MinCosine: 0.99})
	if err != nil || len(hits) != 1 || hits[0].Face != want.Face {
		t.Errorf("Search = %v (%v) after %v, want face %s", hits, err, time.Since(begun), want.Face)
	}
}

// TestKindFollowsSize lets a gallery outgrow the flat index: two servers change it
// by themselves, once, and every search meanwhile is right.
func TestKindFollowsSize(t *testing.T) {
	t.Parallel()
	url, address := repositorytest.Postgres(t), os.Getenv("TEST_MILVUS_ADDR")
	if address == "" {
		if os.Getenv("REQUIRE_SERVICES") == "1" {
			t.Fatal("TEST_MILVUS_ADDR is not set, and REQUIRE_SERVICES=1")
		}
		t.Skip("TEST_MILVUS_ADDR is not set: nothing is tested on Milvus")
	}
	opts := milvus.Options{
		Address: address, Prefix: "k" + strings.ReplaceAll(uuid.NewString(), "-", ""), Partitions: 4,
		Index: milvus.Index{Kind: milvus.HNSW, FlatBelow: 200},
	}
	a := openServer(t, url, opts)
	t.Cleanup(func() { dropLabel(t, opts) })
	b := openServer(t, url, opts)
	w := face.Watchlist{UID: uuid.Must(uuid.NewV7()), ID: "staff", PreviewColor: "#123", CreatedAt: time.Now()}
	if err := a.rows.CreateWatchlist(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	people := &enrolled{rng: rand.New(rand.NewPCG(1, 2))}
	people.enrol(t, a, 1)
	ctx, stop := context.WithCancel(t.Context())
	var searching sync.WaitGroup
	searches := 0
	searching.Go(func() {
		for ; ctx.Err() == nil; searches++ {
			people.search(t, []*sharedServer{a, b}[searches%2])
		}
	})
	people.enrol(t, a, 149)
	waitKinds(t, a, 150, "FLAT FLAT")
	people.enrol(t, b, 100)
	waitKinds(t, b, 250, "FLAT HNSW")
	var fitting sync.WaitGroup
	for _, s := range []*sharedServer{a, b} {
		fitting.Go(func() {
			if err := s.shared.Fit(t.Context()); err != nil {
				t.Errorf("Fit: %v", err)
			}
		})
	}
	fitting.Wait()
	waitKinds(t, a, 250, "HNSW HNSW")
	stop()
	searching.Wait()
	for _, s := range []*sharedServer{a, b} {
		for range 20 {
			people.search(t, s)
		}
	}
	t.Logf("%d searches meanwhile", searches)
	if searches < 10 {
		t.Errorf("%d searches meanwhile, want some", searches)
	}
}

// waitKinds waits until the index holds so many rows and is of a kind.
func waitKinds(t *testing.T, s *sharedServer, rows int, want string) {
	t.Helper()
	last := ""
	for begun := time.Now(); time.Since(begun) < time.Minute; {
		n, err := s.store.Count(t.Context(), kindLabel)
		if err != nil || n != rows {
			last = fmt.Sprintf("%d rows (%v)", n, err)
			continue
		}
		have, wanted, err := s.store.Kinds(t.Context(), kindLabel)
		if last = fmt.Sprintf("%s %s", have, wanted); last == want && err == nil {
			return
		}
	}
	t.Fatalf("after a minute: %s, want %d rows and %s", last, rows, want)
}

func dropLabel(t *testing.T, opts milvus.Options) {
	t.Helper()
	ctx, stop := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
	defer stop()
	store, err := milvus.Open(ctx, opts)
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = store.Close() }()
	if err := store.DropCollection(ctx, kindLabel); err != nil {
		t.Error(err)
	}
}
