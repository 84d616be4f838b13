package indexsync

import (
	"context"

	"github.com/facekeep/facekeep/face"
)

// apply applies changes in order and remembers how far it came.
func (r *Relay) apply(ctx context.Context, changes []face.IndexChange) error {
	return applyRuns(ctx, r.to, changes, func(run []face.IndexChange) { r.applied = run[len(run)-1].Seq })
}

// applyRuns applies changes in order, each run of one kind at once, and tells of
// every run that was applied.
func applyRuns(ctx context.Context, to Index, changes []face.IndexChange, applied func(run []face.IndexChange)) error {
	for len(changes) > 0 {
		n := runLength(changes)
		if err := applyRun(ctx, to, changes[:n]); err != nil {
			return err
		}
		applied(changes[:n])
		changes = changes[n:]
	}
	return nil
}

// runLength returns how many changes at the start can be applied as one: puts
// of one label, removals, or a single drop.
func runLength(changes []face.IndexChange) int {
	first := changes[0]
	if first.Op == face.IndexDrop {
		return 1
	}
	for i, c := range changes {
		if c.Op != first.Op || c.Label != first.Label {
			return i
		}
	}
	return len(changes)
}

func applyRun(ctx context.Context, to Index, run []face.IndexChange) error {
	switch op := run[0].Op; op {
	case face.IndexPut:
		return putRun(ctx, to, run)
	case face.IndexRemove:
		removals := make([]face.IndexRemoval, len(run))
		for i, c := range run {
			removals[i] = face.IndexRemoval{IndexKey: face.IndexKey{Watchlist: c.Watchlist, Face: c.Face}, Before: c.Seq}
		}
		return to.Delete(ctx, removals)
	case face.IndexDrop:
		return to.DropWatchlist(ctx, run[0].Watchlist)
	default:
		return face.Errorf(face.Internal, "change %d has the unknown operation %q", run[0].Seq, op)
	}
}

// rowOf returns the row of a put.
func rowOf(c face.IndexChange) face.IndexRow {
	return face.IndexRow{Watchlist: c.Watchlist, Member: c.Member, Face: c.Face, Vector: c.Vector, Version: c.Seq}
}

func putRun(ctx context.Context, to Index, run []face.IndexChange) error {
	rows := make([]face.IndexRow, 0, len(run))
	for _, c := range run {
		if c.Vector != nil { // else its face is gone, and a removal follows
			rows = append(rows, rowOf(c))
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return to.Upsert(ctx, run[0].Label, rows)
}
