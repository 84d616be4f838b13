package exact

import (
	"context"
	"slices"
	"sync"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/vectorstore"
)

// Search implements vectorstore.Store. It looks at the context after each chunk of
// rows, unless it shares its scan with others.
func (x *Index) Search(ctx context.Context, q face.IndexQuery) ([]face.Hit, error) {
	if err := vectorstore.CheckQuery(q); err != nil {
		return nil, err
	}
	partitions, err := x.partitions(q)
	if err != nil {
		return nil, err
	}
	l := newLookup(q)
	if of, ok := shareable(q); ok && rowsIn(partitions) >= x.share {
		err = x.batcher.do(ctx, of, l, func(ctx context.Context, all []*lookup) error { return x.scanAnew(ctx, q, all) })
	} else {
		err = newScan(x.kernel, partitions, l).run(ctx)
	}
	if err != nil {
		return nil, err
	}
	return l.best.hits(), contextError(ctx)
}

// scanAnew scans for lookups that have waited. What was written meanwhile counts: a
// search sees all that was done before it began.
func (x *Index) scanAnew(ctx context.Context, q face.IndexQuery, lookups []*lookup) error {
	partitions, err := x.partitions(q)
	if err != nil {
		return err
	}
	return newScan(x.kernel, partitions, lookups...).run(ctx)
}

// rowsIn returns how many rows partitions have.
func rowsIn(partitions []*partition) int {
	n := 0
	for _, p := range partitions {
		n += p.len()
	}
	return n
}

// partitions returns those that a query reaches, each once.
func (x *Index) partitions(q face.IndexQuery) ([]*partition, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	s := x.spaces[q.Label]
	if s == nil {
		return nil, nil
	}
	if len(q.Vector) != s.dim {
		return nil, face.Errorf(face.Invalid, "the probe has dimension %d, want %d for label %q", len(q.Vector), s.dim, q.Label)
	}
	if len(q.Watchlists) == 0 {
		all := make([]*partition, 0, len(s.partitions))
		for _, p := range s.partitions {
			all = append(all, p)
		}
		return all, nil
	}
	some := make([]*partition, 0, len(q.Watchlists))
	seen := make(map[uuid.UUID]bool, len(q.Watchlists))
	for _, id := range q.Watchlists {
		if p := s.partitions[id]; p != nil && !seen[id] {
			some = append(some, p)
		}
		seen[id] = true
	}
	return some, nil
}

// nearest collects the best face of each (watchlist, member), and of those the
// nearest. It is a heap with the farthest on top, so that most rows are refused
// by one comparison. A member that fell out comes back with a nearer face, so
// the answer is exact whatever the order of rows.
type nearest struct {
	limit int
	bar   float64 // what is below it is of no use
	skip  func(face.IndexKey) bool
	heap  []face.Hit
	at    map[person]int // place in the heap

	skipping sync.Mutex // held while skip is called for several at once
}

type person struct{ watchlist, member uuid.UUID }

func newNearest(q face.IndexQuery) *nearest {
	return &nearest{limit: min(q.Limit, vectorstore.MaxLimit), bar: q.MinCosine, skip: q.Skip, at: map[person]int{}}
}

// skipAlone is skip for several goroutines.
func (n *nearest) skipAlone(key face.IndexKey) bool {
	if n.skip == nil {
		return false
	}
	n.skipping.Lock()
	defer n.skipping.Unlock()
	return n.skip(key)
}

// merge takes over what another one has collected.
func (n *nearest) merge(o *nearest) {
	for _, h := range o.heap {
		if h.Cosine >= n.bar {
			n.offer(h)
		}
	}
}

// offerRow looks at the dot product of a row.
func (n *nearest) offerRow(watchlist uuid.UUID, own *owner, dot float32) {
	// The arithmetic may overshoot by some units of the last place.
	cosine := min(max(float64(dot), -1), 1)
	if cosine >= n.bar && (n.skip == nil || !n.skip(face.IndexKey{Watchlist: watchlist, Face: own.face})) {
		n.offer(face.Hit{Watchlist: watchlist, Member: own.member, Face: own.face, Cosine: cosine})
	}
}

func (n *nearest) offer(h face.Hit) {
	who := person{h.Watchlist, h.Member}
	if i, ok := n.at[who]; ok {
		if h.Compare(n.heap[i]) < 0 {
			n.heap[i] = h
			n.down(i)
		}
		n.raiseBar()
		return
	}
	if len(n.heap) < n.limit {
		n.heap = append(n.heap, h)
		n.at[who] = len(n.heap) - 1
		n.up(len(n.heap) - 1)
	} else if h.Compare(n.heap[0]) < 0 {
		delete(n.at, person{n.heap[0].Watchlist, n.heap[0].Member})
		n.heap[0] = h
		n.at[who] = 0
		n.down(0)
	}
	n.raiseBar()
}

// raiseBar refuses, once the heap is full, what is farther than its top. What
// is as far may still come before it in order.
func (n *nearest) raiseBar() {
	if len(n.heap) == n.limit {
		n.bar = max(n.bar, n.heap[0].Cosine)
	}
}

// up moves a hit towards the top while it comes after its parent in order.
func (n *nearest) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if n.heap[i].Compare(n.heap[parent]) <= 0 {
			return
		}
		n.swap(i, parent)
		i = parent
	}
}

// down moves a hit away from the top while a child comes after it in order.
func (n *nearest) down(i int) {
	for {
		last := i
		for _, child := range [2]int{2*i + 1, 2*i + 2} {
			if child < len(n.heap) && n.heap[child].Compare(n.heap[last]) > 0 {
				last = child
			}
		}
		if last == i {
			return
		}
		n.swap(i, last)
		i = last
	}
}

func (n *nearest) swap(i, j int) {
	n.heap[i], n.heap[j] = n.heap[j], n.heap[i]
	n.at[person{n.heap[i].Watchlist, n.heap[i].Member}] = i
	n.at[person{n.heap[j].Watchlist, n.heap[j].Member}] = j
}

// hits returns what was collected in order, and ends the collecting.
func (n *nearest) hits() []face.Hit {
	slices.SortFunc(n.heap, face.Hit.Compare)
	return n.heap
}
