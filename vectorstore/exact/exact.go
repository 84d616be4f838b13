// Package exact is an index of templates that lives in memory and compares a
// probe with every template of the watchlists that are asked for: nothing is
// approximate, and nothing is trained. It is the default of an embedded server,
// and the truth that other indexes are measured by.
//
// A row costs 5 bytes for each dimension and 90 to 120 for its keys: some 750 bytes at
// 128 dimensions, 750 MB for a million. Storage grows by chunks of 1,024 rows without
// moving what is there, and shrinks again.
package exact

import (
	"context"
	"sync"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/vectorstore"
)

// Index is a vectorstore.Store in memory. Searches wait for nobody, and nobody for
// them.
type Index struct {
	kernel  kernel
	batcher batcher
	share   int // rows from which on searches share scans

	writer sync.Mutex // held by each write from start to end

	mu     sync.RWMutex // guards the maps, not the partitions in them; held briefly
	spaces map[face.TemplateLabel]*space
}

// space is what the index holds of one label.
type space struct {
	dim        int
	partitions map[uuid.UUID]*partition // by watchlist; none is empty between writes
}

var _ vectorstore.Store = (*Index)(nil)

// New returns an empty index.
func New() *Index {
	return &Index{kernel: fastest(), share: rowsToShare, spaces: map[face.TemplateLabel]*space{}}
}

// Kernel names the arithmetic that this processor lets the index use, for the
// log: "avx512", "avx2", "neon" or "portable".
func (x *Index) Kernel() string { return x.kernel.String() }

// Upsert implements vectorstore.Store.
func (x *Index) Upsert(ctx context.Context, label face.TemplateLabel, rows []face.IndexRow) error {
	if err := contextError(ctx); err != nil {
		return err
	}
	x.writer.Lock()
	defer x.writer.Unlock()
	if err := x.checkRows(label, rows); err != nil {
		return err
	}
	edits := map[uuid.UUID]*edit{}
	for _, r := range rows {
		e := edits[r.Watchlist]
		if e == nil {
			e = x.partitionFor(label, r.Watchlist, len(r.Vector)).edit()
			edits[r.Watchlist] = e
		}
		e.put(r)
	}
	for _, e := range edits {
		e.publish()
	}
	return nil
}

// checkRows refuses rows that do not fit the label, before any is stored.
func (x *Index) checkRows(label face.TemplateLabel, rows []face.IndexRow) error {
	dim := 0
	if s := x.spaces[label]; s != nil {
		dim = s.dim
	}
	for _, r := range rows {
		if dim == 0 {
			dim = len(r.Vector)
		}
		if len(r.Vector) != dim {
			return face.Errorf(face.Invalid, "face %s has a template of dimension %d, want %d for label %q", r.Face, len(r.Vector), dim, label)
		}
		if err := face.CheckVector(r.Vector); err != nil {
			return face.Wrap(face.Invalid, err, "face "+r.Face.String()+" has a template that is not of unit length")
		}
	}
	return nil
}

// partitionFor returns the partition of a watchlist, making it if need be. The
// caller is the writer.
func (x *Index) partitionFor(label face.TemplateLabel, watchlist uuid.UUID, dim int) *partition {
	if s := x.spaces[label]; s != nil {
		if p := s.partitions[watchlist]; p != nil {
			return p
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	s := x.spaces[label]
	if s == nil {
		s = &space{dim: dim, partitions: map[uuid.UUID]*partition{}}
		x.spaces[label] = s
	}
	p := newPartition(watchlist, dim)
	s.partitions[watchlist] = p
	return p
}

// Delete implements vectorstore.Store.
func (x *Index) Delete(ctx context.Context, removals []face.IndexRemoval) error {
	if err := contextError(ctx); err != nil {
		return err
	}
	x.writer.Lock()
	defer x.writer.Unlock()
	for label, s := range x.spaces {
		edits := map[uuid.UUID]*edit{}
		for _, r := range removals {
			e := edits[r.Watchlist]
			if e == nil {
				p := s.partitions[r.Watchlist]
				if p == nil {
					continue
				}
				e = p.edit()
				edits[r.Watchlist] = e
			}
			e.remove(r.Face, r.Before)
		}
		for watchlist, e := range edits {
			if e.publish(); e.next.rows == 0 {
				x.forget(label, watchlist)
			}
		}
	}
	return nil
}

// DropWatchlist implements vectorstore.Store.
func (x *Index) DropWatchlist(ctx context.Context, watchlist uuid.UUID) error {
	if err := contextError(ctx); err != nil {
		return err
	}
	x.writer.Lock()
	defer x.writer.Unlock()
	for label := range x.spaces {
		x.forget(label, watchlist)
	}
	return nil
}

// forget takes a partition out of the maps, and a label with its last one, so
// that a label's dimension does not outlive its rows. A search that is running
// may still read the partition.
func (x *Index) forget(label face.TemplateLabel, watchlist uuid.UUID) {
	x.mu.Lock()
	defer x.mu.Unlock()
	s := x.spaces[label]
	delete(s.partitions, watchlist)
	if len(s.partitions) == 0 {
		delete(x.spaces, label)
	}
}

// Stats implements vectorstore.Store.
func (x *Index) Stats(context.Context) (vectorstore.Stats, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	stats := vectorstore.Stats{Rows: map[face.TemplateLabel]int{}}
	lists := map[uuid.UUID]bool{}
	for label, s := range x.spaces {
		for id, p := range s.partitions {
			stats.Rows[label] += p.len()
			lists[id] = true
		}
	}
	stats.Watchlists = len(lists)
	return stats, nil
}

// contextError gives the end of a context its kind.
func contextError(ctx context.Context) error {
	switch ctx.Err() {
	case nil:
		return nil
	case context.DeadlineExceeded:
		return face.Wrap(face.Timeout, ctx.Err(), "the index did not finish in time")
	}
	return face.Wrap(face.Canceled, ctx.Err(), "the request was given up")
}
