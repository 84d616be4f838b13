package engine

import (
	"context"
	"fmt"
	"math"

	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

const (
	landmarks68Side   = 64  // px of the square that the model takes
	landmarks68Margin = 1.1 // its side over the longer side of the face's box; found best by agreement with the detector
)

// outline is 68 places of a face in the order of the iBUG 300-W set, each contour
// from left to right in the picture: jaw 0–16, brows 17–26, nose 27–35, eyes
// 36–47, mouth 48–67.
type outline [68]face.Point

const outlineNoseTip = 30

// contour of an eye in an outline: its corners and the places after them.
type contour struct{ from, to int }

func leftEye() contour  { return contour{36, 42} }
func rightEye() contour { return contour{42, 48} }

// middle returns the mean of the places of a contour.
func (o *outline) middle(c contour) face.Point {
	var m face.Point
	n := float64(c.to - c.from)
	for _, p := range o[c.from:c.to] {
		m.X += p.X / n
		m.Y += p.Y / n
	}
	return m
}

// width returns the distance of the corners of an eye.
func (o *outline) width(c contour) float64 { return o[c.from].Distance(o[c.from+3]) }

// outliner places the outline of a face.
type outliner struct{ batched }

// outliner loads the model of 68 landmarks; nil if the set has none.
func (l *loader) outliner() (*outliner, error) {
	m, err := l.optional(models.Landmarks68, ModelSpec{Input: "input", Outputs: []string{"output"}, FreeDims: []int{0}})
	if m == nil || err != nil {
		return nil, err
	}
	b := l.batched([]int64{1, landmarks68Side, landmarks68Side}, []int64{int64(2 * len(outline{}))}, m)
	return &outliner{b}, nil
}

// outlines returns the outlines of the faces in squares of landmarks68Margin, in px of
// the image. squares map the unit square to the image.
func (x *outliner) outlines(ctx context.Context, m *pixel.Image, squares []pixel.Similarity) ([]*outline, error) {
	all := make([]*outline, len(squares))
	err := x.run(ctx, len(squares), func(n int, in *pixel.Tensor) {
		sight := x.bufs.Square(m, squares[n], landmarks68Side)
		defer sight.Release()
		in.FillGrey(sight, 1./256)
	}, func(n int, out []float32) (err error) {
		all[n], err = readOutline(out, squares[n])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("landmarks: %w", err)
	}
	return all, nil
}

// readOutline reads pairs of x and y in parts of a square.
func readOutline(pairs []float32, square pixel.Similarity) (*outline, error) {
	var o outline
	for i := range o {
		o[i] = square.Apply(face.Point{X: float64(pairs[2*i]), Y: float64(pairs[2*i+1])})
		if sum := o[i].X + o[i].Y; math.IsNaN(sum) || math.IsInf(sum, 0) {
			return nil, face.Errorf(face.Internal, "the model gave no places")
		}
	}
	return &o, nil
}
