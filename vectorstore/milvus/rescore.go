package milvus

import (
	"context"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// rounded is how far a cosine of an index that rounds may be from the true one:
// some eight times the standard deviation that 8 bits a dimension cause in random
// vectors of 33 dimensions, and more in vectors of more.
const rounded = 0.02

// rounds reports whether the cosines of a collection are to be made good. Another
// server may have changed the index since it was looked up, to the kind that is
// configured.
func (s *Store) rounds(c *collection) bool {
	return s.opts.Templates != nil && (c.kind == IVFSQ8 || s.opts.Index.Kind == IVFSQ8)
}

// rescore gives rows their true cosines. Rows whose face has no template any more
// are left out: it is deleted, and the index will follow.
func (s *Store) rescore(ctx context.Context, q face.IndexQuery, near []nearRow) ([]nearRow, error) {
	faces := make([]uuid.UUID, len(near))
	for i, r := range near {
		faces[i] = r.Face
	}
	vectors, err := s.opts.Templates(ctx, q.Label, faces)
	if err != nil {
		return nil, err
	}
	out := make([]nearRow, 0, len(near))
	for _, r := range near {
		if v := vectors[r.Face]; len(v) == len(q.Vector) {
			r.cosine = min(max(face.Dot(q.Vector, v), -1), 1)
			out = append(out, r)
		}
	}
	return out, nil
}
