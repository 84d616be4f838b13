package app

import (
	"context"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery/indexsync"
	"github.com/facekeep/facekeep/repository"
	"github.com/facekeep/facekeep/vectorstore/milvus"
)

// Kind is the kind of index of a label's collection, and the one that its size
// asks for.
type Kind struct {
	Label      face.TemplateLabel
	Have, Want milvus.IndexKind
}

// Suits reports whether the kind is as it should be.
func (k Kind) Suits() bool { return k.Have == k.Want }

// kinds returns that of every collection.
func kinds(ctx context.Context, store *milvus.Store) ([]Kind, error) {
	labels, err := store.Labels(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Kind, len(labels))
	for i, label := range labels {
		out[i].Label = label
		if out[i].Have, out[i].Want, err = store.Kinds(ctx, label); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// suits reports whether every collection has the kind of index that it should.
func suits(ctx context.Context, store *milvus.Store) (bool, error) {
	all, err := kinds(ctx, store)
	for _, k := range all {
		if !k.Suits() {
			return false, err
		}
	}
	return err == nil, err
}

// changeKinds gives every collection the kind of index that it should have.
func changeKinds(ctx context.Context, store *milvus.Store) error {
	labels, err := store.Labels(ctx)
	if err != nil {
		return err
	}
	for _, label := range labels {
		if _, err := store.Reindex(ctx, label); err != nil {
			return err
		}
	}
	return nil
}

// changeKindsAlone does so by hand, unless a server is at it.
func changeKindsAlone(ctx context.Context, rows *repository.Repository, store *milvus.Store) error {
	done, err := rows.Alone(ctx, indexsync.KindLock, func(ctx context.Context) error { return changeKinds(ctx, store) })
	if err == nil && !done {
		return face.Errorf(face.Unavailable, "a server is changing the kind of the index just now: try again soon")
	}
	return err
}
