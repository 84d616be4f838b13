package engine

import (
	"context"
	"fmt"
	"math"

	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// spoofSide is the side in px of the square that all liveness models take.
const spoofSide = 128

// spoofModel tells a living face from a picture of one. Its first class is "live", the
// others are kinds of attack.
type spoofModel struct {
	spoofFamily
	batched
}

// spoofFamily says what the models of a family see.
type spoofFamily struct {
	norm  pixel.Norm
	batch []string // the shape that fixes it, if one does
	// window returns what a model sees of a picture of a size, for the box of a face.
	// It is scaled to the square, each side for itself; outside the picture is black.
	window func(box face.Box, width, height int) face.Box
}

// spoofFamilyOf knows the models by their families in the manifest.
func spoofFamilyOf(m models.Model) (spoofFamily, error) {
	switch m.Family {
	case "antispoofing":
		const k = 1. / 255
		return spoofFamily{norm: pixel.Norm{Scale: [3]float32{k, k, k}}, batch: []string{"onnx::Reshape_782"}, window: squareWindow}, nil
	case "fr_liveness":
		return spoofFamily{norm: pixel.Norm{Scale: [3]float32{1, 1, 1}, BGR: true}, window: insideWindow}, nil
	}
	return spoofFamily{}, fmt.Errorf("the liveness model %s (family %s) is not one that the engine can run", m.File, m.Family)
}

// squareWindow is a square around the middle of the box.
func squareWindow(box face.Box, _, _ int) face.Box {
	const margin = 1.5 // its side over the longer side of the box
	c, side := box.Center(), margin*max(box.W, box.H)
	return face.Box{X: c.X - side/2, Y: c.Y - side/2, W: side, H: side}
}

// insideWindow has the proportions of the box and is as large as the picture allows,
// up to a limit. Where it would leave the picture, it is moved.
func insideWindow(box face.Box, width, height int) face.Box {
	const margin = 2.7 // its sides over those of the box
	w, h := float64(width), float64(height)
	k := min(margin, w/box.W, h/box.H)
	c, win := box.Center(), face.Box{W: k * box.W, H: k * box.H}
	win.X = min(max(c.X-win.W/2, 0), w-win.W)
	win.Y = min(max(c.Y-win.H/2, 0), h-win.H)
	return win
}

// spoofModel loads the model of a role, which has so many classes in its family; nil
// if the set has none.
func (l *loader) spoofModel(role models.Role, classes map[string]int64) (*spoofModel, error) {
	n, count := &spoofModel{}, int64(0)
	m, ok, err := l.load(role, func(m models.Model) (ModelSpec, error) {
		var err error
		n.spoofFamily, err = spoofFamilyOf(m)
		count = classes[m.Family]
		return ModelSpec{Input: "input", Outputs: []string{"output"}, FreeDims: []int{0}, FreeShapes: n.batch}, err
	})
	if err != nil || !ok {
		return nil, err
	}
	n.batched = l.batched([]int64{3, spoofSide, spoofSide}, []int64{count}, m)
	return n, nil
}

// logOdds returns ln(p/(1−p)) for the probability p that the model gives to faces being
// live, by what it sees of each.
func (n *spoofModel) logOdds(ctx context.Context, m *pixel.Image, fromPicture pixel.Similarity, windows []face.Box) ([]float64, error) {
	all := make([]float64, len(windows))
	err := n.run(ctx, len(windows), func(i int, in *pixel.Tensor) {
		square := n.cut(m, fromPicture, windows[i])
		defer square.Release()
		in.Fill(square, &n.norm)
	}, func(i int, out []float32) error {
		all[i] = float64(out[0]) - logSumExp(out[1:])
		if math.IsNaN(all[i]) {
			return face.Errorf(face.Internal, "the liveness model gave no probabilities")
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("check liveness: %w", err)
	}
	return all, nil
}

// cut returns the window of a picture as a square image.
func (n *spoofModel) cut(m *pixel.Image, fromPicture pixel.Similarity, window face.Box) *pixel.Image {
	longer := max(window.W, window.H)
	width := max(1, int(math.Round(spoofSide*window.W/longer)))
	height := max(1, int(math.Round(spoofSide*window.H/longer)))
	toPicture := pixel.Similarity{A: longer / spoofSide, TX: window.X, TY: window.Y}
	part := n.bufs.Warp(m, fromPicture.After(toPicture), width, height)
	square := n.bufs.Resize(part, spoofSide, spoofSide)
	if square != part {
		part.Release()
	}
	return square
}

// logSumExp returns ln Σ exp(x) without overflow.
func logSumExp(xs []float32) float64 {
	most := math.Inf(-1)
	for _, x := range xs {
		most = max(most, float64(x))
	}
	var sum float64
	for _, x := range xs {
		sum += math.Exp(float64(x) - most)
	}
	return most + math.Log(sum)
}
