package engine

import (
	"cmp"
	"context"
	"fmt"
	"math"

	"github.com/facekeep/facekeep/engine/picture"
	"github.com/facekeep/facekeep/face"
)

// Fit returns a picture in another size as a JPEG, upright. A size or quality that
// cannot be had, as a side over 4096 px, is Invalid; other errors are those of Inspect.
func (e *Engine) Fit(ctx context.Context, data []byte, f face.Fitting) (face.Image, error) {
	if f.Width < 0 || f.Height < 0 || f.Quality < 0 || f.Quality > 100 {
		return face.Image{}, face.Errorf(face.Invalid, "a picture cannot be made %d x %d pixels with quality %d", f.Width, f.Height, f.Quality)
	}
	out := face.Image{MediaType: "image/jpeg"}
	err := e.run(ctx, data, func(ctx context.Context, src *picture.Source) (err error) {
		w, h := src.Size()
		if out.Width, out.Height, err = fitted(w, h, f); err != nil {
			return err
		}
		out.Data, err = e.redraw(ctx, src, out.Width, out.Height, cmp.Or(f.Quality, cropQuality))
		return err
	})
	if err != nil {
		return face.Image{}, fmt.Errorf("fit: %w", err)
	}
	return out, nil
}

// fitted returns the size that a picture of w × h shall have.
func fitted(w, h int, f face.Fitting) (width, height int, err error) {
	fw, fh := float64(f.Width), float64(f.Height)
	switch {
	case f.Width == 0 && f.Height == 0:
		fw, fh = float64(w), float64(h)
	case f.Width == 0:
		fw = max(1, math.Round(fh*float64(w)/float64(h)))
	case f.Height == 0:
		fh = max(1, math.Round(fw*float64(h)/float64(w)))
	}
	if fw > maxResized || fh > maxResized {
		return 0, 0, face.Errorf(face.Invalid, "the resized picture would be %.0f x %.0f pixels, at most %d a side are made", fw, fh, maxResized)
	}
	return int(fw), int(fh), nil
}
