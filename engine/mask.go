package engine

import (
	"context"
	"fmt"
	"math"

	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// The mask detector looks for faces of its own, with and without a mask, in a
// whole picture of 260 px. It is shown one face in the middle of half that side,
// a quarter of the pixels, and tells masks as surely.
const (
	maskSide    = 132 // px
	maskMargin  = 2.0 // side of the square over the longer side of the face's box
	maskOverlap = 0.5 // least overlap with the face of an anchor that speaks for it

	maskSideTaught = 260 // px of the pictures that the anchors are given for
)

// mask tells whether a face wears a mask.
type mask struct {
	batched

	anchors []face.Box // in parts of the square, in the order of the model's rows
}

// mask loads the mask detector; nil if the set has none. The file fixes the
// batch, the height and the width of its input.
func (l *loader) mask() (*mask, error) {
	m, err := l.optional(models.Mask, ModelSpec{
		Input: "data_1", Outputs: []string{"cls_branch_concat_1/concat"},
		FreeDims: []int{0, 1, 2}, FreeShapes: []string{"const_fold_opt__188", "const_fold_opt__216"},
	})
	if m == nil || err != nil {
		return nil, err
	}
	anchors := maskAnchors(maskSide)
	return &mask{batched: l.batched([]int64{maskSide, maskSide, 3}, []int64{int64(len(anchors)), 2}, m), anchors: anchors}, nil
}

// maskAnchors returns the boxes that the model speaks of, for an input of a side
// in px: four for each cell of five grids.
func maskAnchors(side int) []face.Box {
	k := float64(maskSideTaught) / float64(side) // sizes are told for that input
	sizes := [...][2]float64{{0.04, 0.056}, {0.08, 0.11}, {0.16, 0.22}, {0.32, 0.45}, {0.64, 0.72}}
	var all []face.Box
	for level, n := range maskGrids(side) {
		small, large := k*sizes[level][0], k*sizes[level][1]
		for cell := range n * n {
			c := face.Point{X: (float64(cell%n) + 0.5) / float64(n), Y: (float64(cell/n) + 0.5) / float64(n)}
			all = append(all, boxAround(c, small, 1), boxAround(c, large, 1),
				boxAround(c, small, 0.62), boxAround(c, small, 0.42))
		}
	}
	return all
}

// maskGrids returns the cells a side of the model's grids: the first has cells of
// 8 px, three are half as fine as the one before, and the last loses its rim.
func maskGrids(side int) [5]int {
	var n [5]int
	n[0] = (side + 7) / 8
	for i := 1; i < 4; i++ {
		n[i] = (n[i-1] + 1) / 2
	}
	n[4] = n[3] - 2
	return n
}

// boxAround returns a box by its middle, the root of its area, and its width over
// its height.
func boxAround(c face.Point, size, ratio float64) face.Box {
	w, h := size*math.Sqrt(ratio), size/math.Sqrt(ratio)
	return face.Box{X: c.X - w/2, Y: c.Y - h/2, W: w, H: h}
}

// measure returns how surely faces wear a mask, −10000…10000: how much likelier the
// best anchor that lies on the face finds a face with a mask than another finds one
// without. squares map the unit square around each face, of maskMargin, to the image.
func (k *mask) measure(ctx context.Context, m *pixel.Image, squares []pixel.Similarity, all []subject) ([]float64, error) {
	norm := pixel.Norm{Scale: [3]float32{1. / 255, 1. / 255, 1. / 255}}
	confidences := make([]float64, len(squares))
	err := k.run(ctx, len(squares), func(n int, in *pixel.Tensor) {
		sight := k.bufs.Square(m, squares[n], maskSide)
		defer sight.Release()
		in.FillPixels(sight, &norm)
	}, func(n int, out []float32) (err error) {
		confidences[n], err = k.confidence(out, all[n].d.box)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("mask: %w", err)
	}
	return confidences, nil
}

// confidence reads pairs of probabilities, with and without a mask, of a face
// whose box lies in the middle of the square.
func (k *mask) confidence(pairs []float32, box face.Box) (float64, error) {
	side := maskMargin * max(box.W, box.H)
	w, h := box.W/side, box.H/side
	middle := face.Box{X: 0.5 - w/2, Y: 0.5 - h/2, W: w, H: h}
	var with, without float32
	for i, a := range k.anchors {
		if overlap(a, middle) >= maskOverlap {
			with, without = max(with, pairs[2*i]), max(without, pairs[2*i+1])
		}
	}
	return signed(float64(with) - float64(without))
}

// signed puts −1…1 on the scale of attributes; what is no number is an Internal
// error, as a model may give anything.
func signed(v float64) (float64, error) {
	if math.IsNaN(v) {
		return 0, face.Errorf(face.Internal, "a model gave no number")
	}
	return 10000 * min(max(v, -1), 1), nil
}
