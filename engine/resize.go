package engine

import (
	"context"
	"fmt"
	"math"

	"github.com/facekeep/facekeep/engine/picture"
	"github.com/facekeep/facekeep/face"
)

// maxResized is the largest side in px of a resized picture.
const maxResized = 4096

// Resize returns a stored picture in another size, as a JPEG, its aspect kept.
// MinEdge resizes so that the shorter edge has so many px; then maxEdge so that
// the longer one has, or with both has no more. Zero leaves the size alone; if it
// stays as it is, the result is data itself. A size over 4096 px a side is
// Invalid; other errors are those of Inspect.
func (e *Engine) Resize(ctx context.Context, data []byte, minEdge, maxEdge int) (out []byte, width, height int, err error) {
	err = e.run(ctx, data, func(ctx context.Context, src *picture.Source) error {
		w, h := src.Size()
		if width, height, err = resized(w, h, minEdge, maxEdge); err != nil {
			return err
		}
		if width == w && height == h {
			out = data
			return nil
		}
		out, err = e.redraw(ctx, src, width, height, cropQuality)
		return err
	})
	if err != nil {
		return nil, 0, 0, fmt.Errorf("resize: %w", err)
	}
	return out, width, height, nil
}

// resized returns the size that a picture of w × h shall have.
func resized(w, h, minEdge, maxEdge int) (width, height int, err error) {
	k := 1.0
	if minEdge > 0 {
		k = float64(minEdge) / float64(min(w, h))
	}
	if maxEdge > 0 {
		fit := float64(maxEdge) / float64(max(w, h))
		if minEdge <= 0 || fit < k {
			k = fit
		}
	}
	fw, fh := max(1, math.Round(k*float64(w))), max(1, math.Round(k*float64(h)))
	if fw > maxResized || fh > maxResized {
		return 0, 0, face.Errorf(face.Invalid, "the resized picture would be %.0f x %.0f pixels, at most %d a side are served", fw, fh, maxResized)
	}
	return int(fw), int(fh), nil
}

// redraw decodes, resizes and encodes a picture.
func (e *Engine) redraw(ctx context.Context, src *picture.Source, width, height, quality int) ([]byte, error) {
	w, h := src.Size()
	scale := max(float64(width)/float64(w), float64(height)/float64(h))
	img, err := src.Decode(ctx, int(math.Ceil(scale*float64(max(w, h)))))
	if err != nil {
		return nil, err
	}
	defer img.Release()
	small := e.bufs.Resize(img.Image, width, height)
	if small != img.Image {
		defer small.Release()
	}
	return e.codec.Encode(small, quality)
}
