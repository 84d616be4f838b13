package milvus

import (
	"context"
	"slices"

	"github.com/facekeep/facekeep/face"
)

// addBatch bounds the rows of one insertion: some 2 MB at 128 dimensions, 9 MB at
// 512. Larger ones are no faster (BenchmarkBatch), and Milvus refuses calls of 64 MB.
const addBatch = 4096

// Add puts rows whose keys the caller knows to be missing, none of a key twice. It
// is Upsert without looking for rows to replace, which costs as much as the
// insertion in a small collection and many times that in a large one. A row of a
// key that is there after all, because somebody else was as quick, makes a
// duplicate: searches take the row of the higher version, and a reconciliation removes
// the other.
func (s *Store) Add(ctx context.Context, label face.TemplateLabel, rows []face.IndexRow) error {
	if err := contextError(ctx); err != nil || len(rows) == 0 {
		return err
	}
	c, err := s.collectionFor(ctx, label, rows)
	if err != nil {
		return err
	}
	for batch := range slices.Chunk(rows, addBatch) {
		if _, err := s.insert(ctx, c, batch); err != nil {
			return s.refused(c, err)
		}
	}
	return nil
}
