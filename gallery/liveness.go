package gallery

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// CheckLiveness makes the liveness checks that the options ask for of the largest
// face of a picture. No face that counts is NoFace, no check Invalid.
func (g *Gallery) CheckLiveness(ctx context.Context, q LivenessQuery) (face.Inspected, error) {
	if len(q.Inspect.Liveness) == 0 {
		return face.Inspected{}, face.Errorf(face.Invalid, "no liveness check is asked for")
	}
	opts := q.Inspect
	opts.MaxFaces = 1
	found, err := g.engine.Inspect(ctx, q.Image, opts)
	if err != nil {
		return face.Inspected{}, fmt.Errorf("check liveness: %w", err)
	}
	if len(found.Faces) == 0 {
		return face.Inspected{}, face.Errorf(face.NoFace, "no face was found in the picture")
	}
	return found.Faces[0], nil
}

// KeepLiveness stores the record of a liveness check, to be asked for later.
func (g *Gallery) KeepLiveness(ctx context.Context, t face.LivenessTransaction) error {
	if t.CreatedAt.IsZero() {
		t.CreatedAt = g.clock()
	}
	if err := g.rows.KeepLiveness(ctx, t); err != nil {
		return fmt.Errorf("keep liveness: %w", err)
	}
	return nil
}

// LivenessTransaction returns the record of a liveness check, or a NotFound error.
func (g *Gallery) LivenessTransaction(ctx context.Context, id uuid.UUID) (face.LivenessTransaction, error) {
	return g.rows.LivenessTransaction(ctx, id)
}
