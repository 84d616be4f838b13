package gallery

import (
	"cmp"
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// maxEdge bounds the edges, in px, that a stored picture is resized to.
const maxEdge = 4096

// Image returns a stored picture, resized if asked for; an unknown id is
// NotFound.
func (g *Gallery) Image(ctx context.Context, id uuid.UUID, size ImageSize) (face.Image, error) {
	if err := cmp.Or(checkEdge("minSize", size.MinEdge), checkEdge("maxSize", size.MaxEdge)); err != nil {
		return face.Image{}, err
	}
	image, err := g.rows.Image(ctx, id)
	if err != nil {
		return image, err
	}
	return g.Resize(ctx, image, size)
}

// Resize returns a picture that need not be stored in another size.
func (g *Gallery) Resize(ctx context.Context, image face.Image, size ImageSize) (face.Image, error) {
	if size == (ImageSize{}) {
		return image, nil
	}
	var err error
	image.Data, image.Width, image.Height, err = g.engine.Resize(ctx, image.Data, size.MinEdge, size.MaxEdge)
	if err != nil {
		return face.Image{}, fmt.Errorf("resize image: %w", err)
	}
	image.MediaType = "image/jpeg"
	return image, nil
}

func checkEdge(field string, px int) error {
	if px < 0 || px > maxEdge {
		return face.FieldErrorf(field, "%s must be between 0 and %d px, but is %d", field, maxEdge, px)
	}
	return nil
}
