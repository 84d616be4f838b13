package indexsync

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// batch is what many changes come to: one write of each kind, instead of one for
// each run of a kind. A shared index takes a fixed time for a write, however much
// is in it, so that alternating changes one by one would fall behind.
type batch struct {
	drops   []uuid.UUID
	removes []face.IndexRemoval
	puts    map[face.TemplateLabel][]face.IndexChange
}

// putKey is what a put replaces.
type putKey struct {
	face.IndexKey

	label face.TemplateLabel
}

// newBatch joins changes in the order of their numbers. Of each key the last
// change counts; the last removal before it is kept, since it comes first. A
// watchlist that was dropped never returns.
func newBatch(changes []face.IndexChange) batch {
	last := make(map[putKey]int, len(changes)) // of puts that nothing has undone
	labels := map[face.IndexKey][]face.TemplateLabel{}
	removed, dropped := map[face.IndexKey]int{}, map[uuid.UUID]bool{} // removed: place in removes
	b := batch{puts: map[face.TemplateLabel][]face.IndexChange{}}
	for i, c := range changes {
		key := face.IndexKey{Watchlist: c.Watchlist, Face: c.Face}
		switch c.Op {
		case face.IndexDrop:
			dropped[c.Watchlist] = true
			b.drops = append(b.drops, c.Watchlist)
		case face.IndexRemove:
			for _, label := range labels[key] {
				delete(last, putKey{key, label})
			}
			delete(labels, key)
			if at, again := removed[key]; again {
				b.removes[at].Before = c.Seq
				continue
			}
			removed[key] = len(b.removes)
			b.removes = append(b.removes, face.IndexRemoval{IndexKey: key, Before: c.Seq})
		case face.IndexPut:
			last[putKey{key, c.Label}] = i
			labels[key] = append(labels[key], c.Label)
		}
	}
	for i, c := range changes {
		key := putKey{face.IndexKey{Watchlist: c.Watchlist, Face: c.Face}, c.Label}
		if at, ok := last[key]; ok && at == i && c.Op == face.IndexPut && !dropped[c.Watchlist] {
			b.puts[c.Label] = append(b.puts[c.Label], c)
		}
	}
	b.removes = slices.DeleteFunc(b.removes, func(r face.IndexRemoval) bool { return dropped[r.Watchlist] })
	return b
}

// apply writes a batch; after an error it can be applied again.
func (b batch) apply(ctx context.Context, to Index) error {
	for _, watchlist := range b.drops {
		if err := to.DropWatchlist(ctx, watchlist); err != nil {
			return err
		}
	}
	if len(b.removes) > 0 {
		if err := to.Delete(ctx, b.removes); err != nil {
			return err
		}
	}
	for _, puts := range b.puts {
		if err := putRun(ctx, to, puts); err != nil {
			return err
		}
	}
	return nil
}

// known reports whether every change is one that a batch can hold.
func known(changes []face.IndexChange) error {
	for _, c := range changes {
		if c.Op != face.IndexPut && c.Op != face.IndexRemove && c.Op != face.IndexDrop {
			return face.Errorf(face.Internal, "change %d has the unknown operation %q", c.Seq, c.Op)
		}
	}
	return nil
}
