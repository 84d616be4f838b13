package indexsync

import (
	"context"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/vectorstore/exact"
)

const scanLabel = face.TemplateLabel("scan@1")

// fakeDatabase holds rows, and tells of changes once.
type fakeDatabase struct {
	mu     sync.Mutex
	rows   []face.IndexRow
	news   []taken
	scans  int
	copies int
	gate   chan struct{} // if set, a scan waits for it before it gives anything
	err    error         // of scans
	taken  bool          // another server has the lock
}

func (d *fakeDatabase) tell(age time.Duration, changes ...face.IndexChange) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range changes {
		d.news = append(d.news, taken{c, age})
	}
}

func (d *fakeDatabase) Tail(_ context.Context, _ string, _ time.Duration, take func(face.IndexChange, time.Duration)) (string, bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, n := range d.news {
		take(n.change, n.age)
	}
	d.news = nil
	return "next", false, nil
}

func (d *fakeDatabase) AllTemplates(_ context.Context, _ int, fill func(face.TemplateLabel, []face.IndexRow) error) (int64, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.copies++
	return 0, fill(scanLabel, d.rows)
}

// ScanTemplates gives rows in batches of seven, in vectors that it uses again.
func (d *fakeDatabase) ScanTemplates(_ context.Context, label face.TemplateLabel, lists []uuid.UUID, _ int, visit func([]face.IndexRow) error) error {
	d.mu.Lock()
	d.scans++
	rows, err, gate := slices.Clone(d.rows), d.err, d.gate
	d.mu.Unlock()
	if gate != nil {
		<-gate
	}
	if err != nil || label != scanLabel {
		return err
	}
	rows = slices.DeleteFunc(rows, func(r face.IndexRow) bool { return len(lists) > 0 && !slices.Contains(lists, r.Watchlist) })
	for batch := range slices.Chunk(rows, 7) {
		for i := range batch {
			batch[i].Vector = slices.Clone(batch[i].Vector)
		}
		if err := visit(batch); err != nil {
			return err
		}
		for i := range batch {
			clear(batch[i].Vector)
		}
	}
	return nil
}

func (d *fakeDatabase) RowsAtMost(_ context.Context, limit int) (bool, error) {
	return len(d.rows) <= limit, nil
}

func (d *fakeDatabase) Alone(ctx context.Context, _ string, do func(context.Context) error) (bool, error) {
	if d.taken {
		return false, nil
	}
	return true, do(ctx)
}

func (*fakeDatabase) ApplyChanges(context.Context, int, []uuid.UUID, func(context.Context, []face.IndexChange) ([]int64, error)) (int, error) {
	return 0, nil
}

func (*fakeDatabase) ForgetApplied(context.Context, time.Duration) error { return nil }

// flawedIndex is an exact index that hides some members, and can be away.
type flawedIndex struct {
	*exact.Index

	mu     sync.Mutex
	hidden map[uuid.UUID]bool // faces
	away   bool
	slow   time.Duration // how long it takes to be away
	calls  int
}

func (x *flawedIndex) set(change func(*flawedIndex)) {
	x.mu.Lock()
	defer x.mu.Unlock()
	change(x)
}

func (x *flawedIndex) Search(ctx context.Context, q face.IndexQuery) ([]face.Hit, error) {
	x.mu.Lock()
	x.calls++
	away, slow, hidden := x.away, x.slow, x.hidden
	x.mu.Unlock()
	switch {
	case q.Exact:
		return nil, face.Errorf(face.Invalid, "this index is approximate")
	case away:
		time.Sleep(slow) // bubble time
		return nil, face.Errorf(face.Unavailable, "the index hangs")
	}
	asked := q.Skip
	q.Skip = func(k face.IndexKey) bool { return hidden[k.Face] || asked != nil && asked(k) }
	return x.Index.Search(ctx, q)
}

func numbered(kind byte, n int) uuid.UUID {
	u := uuid.UUID{0: kind}
	binary.BigEndian.PutUint64(u[8:], uint64(n))
	return u
}

// randomRow returns row n: a face of member n/2 in watchlist n%3.
func randomRow(rng *rand.Rand, n int) face.IndexRow {
	return face.IndexRow{Watchlist: numbered('w', n%3), Member: numbered('m', n/2), Face: numbered('f', n), Vector: randomUnit(rng)}
}

func randomUnit(rng *rand.Rand) []float32 {
	v, sum := make([]float32, 8), 0.0
	for i := range v {
		v[i] = float32(rng.NormFloat64())
		sum += float64(v[i]) * float64(v[i])
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(sum))
	}
	return v
}

// newSystem makes a Shared over so many random rows, which database and index hold.
func newSystem(t *testing.T, rows int, change func(*SharedConfig)) (*Shared, *fakeDatabase, *flawedIndex) {
	t.Helper()
	rng := rand.New(rand.NewPCG(3, uint64(rows)))
	db, index := &fakeDatabase{}, &flawedIndex{Index: exact.New(), hidden: map[uuid.UUID]bool{}}
	for n := range rows {
		db.rows = append(db.rows, randomRow(rng, n))
	}
	if err := index.Upsert(t.Context(), scanLabel, db.rows); err != nil {
		t.Fatal(err)
	}
	cfg := SharedConfig{NewIndex: func() Searcher { return exact.New() }, Log: silence()}
	if change != nil {
		change(&cfg)
	}
	s, err := NewShared(db, index, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s, db, index
}

// running lets a Shared run until the test ends or the returned function is called.
func running(t *testing.T, s *Shared) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}
