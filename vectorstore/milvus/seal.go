package milvus

import (
	"context"
	"maps"

	"github.com/facekeep/facekeep/face"
)

// mostUnsealed is how many rows this store writes to a collection before it has the
// server close what is being written. Unless the index is Flat, the server searches
// rows that are being written by an interim index of parameters of its own as soon
// as a segment has more than some ten thousand; of 100,000 it misses one enrolled
// person of six, and every second nearest stranger (docs/benchmarks.md). Fewer rows
// are compared one by one.
const mostUnsealed = 4096

// wrote counts rows that were inserted.
func (s *Store) wrote(label face.TemplateLabel, rows int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unsealed[label] += rows
}

// unsealedMany returns how many rows of each label were written since they were
// sealed, where that is many.
func (s *Store) unsealedMany() map[face.TemplateLabel]int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	many := maps.Clone(s.unsealed)
	maps.DeleteFunc(many, func(_ face.TemplateLabel, rows int) bool { return rows < mostUnsealed })
	return many
}

// Seal has Milvus close the segments of every label that this store has written many
// rows of, and build their index. It does not wait for that. Call it now and then.
func (s *Store) Seal(ctx context.Context) error {
	for label, rows := range s.unsealedMany() {
		if err := s.seal(ctx, label); err != nil {
			return err
		}
		s.wrote(label, -rows) // what was written meanwhile still counts
	}
	return nil
}

func (s *Store) seal(ctx context.Context, label face.TemplateLabel) error {
	c, err := s.find(ctx, label)
	if c == nil || err != nil {
		return err
	}
	kind, err := s.indexKind(ctx, c)
	if kind == Flat || err != nil {
		return s.refused(c, err)
	}
	return s.refused(c, s.admin(ctx, "seal the collection", func(ctx context.Context) error {
		return s.client.Flush(ctx, c.name, true)
	}))
}
