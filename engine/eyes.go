package engine

import (
	"fmt"
	"math"

	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

const (
	eyeSide   = 24  // px of the square that the model takes
	eyeMargin = 1.6 // its side over the distance of the eye's corners
)

// eyes tells whether an eye is open.
type eyes struct {
	model Model
	bufs  *pixel.Buffers
}

// eyes loads the model of the state of an eye; nil if the set has none.
func (l *loader) eyes() (*eyes, error) {
	m, err := l.optional(models.EyeState, ModelSpec{Input: "input", Outputs: []string{"output"}})
	if m == nil || err != nil {
		return nil, err
	}
	return &eyes{model: m, bufs: l.bufs}, nil
}

// openness returns how surely an eye is open, −10000…10000. The image and the
// outline are of one scale, and turn is the map from an upright face to it.
func (e *eyes) openness(m *pixel.Image, o *outline, c contour, turn pixel.Similarity) (float64, error) {
	toImage, ok := eyeSquare(o, c, turn)
	if !ok { // the outline has no eye there: as unsure as can be
		return 0, nil
	}
	sight := e.bufs.Warp(m, toImage.After(pixel.Scaling(1./eyeSide)), eyeSide, eyeSide)
	defer sight.Release()
	in := e.bufs.Tensor(1, 1, eyeSide, eyeSide)
	defer in.Release()
	in.FillGrey(sight, 1./255)
	out := e.bufs.Tensor(1, 2) // closed, open
	defer out.Release()
	if err := e.model.Run(in, []*pixel.Tensor{out}); err != nil {
		return 0, fmt.Errorf("eyes: %w", err)
	}
	// The difference of two softmax probabilities.
	return signed(math.Tanh(float64(out.Data[1]-out.Data[0]) / 2))
}

// eyeSquare returns the map from the unit square to the square around an eye,
// turned like the face; false if the eye has no width.
func eyeSquare(o *outline, c contour, turn pixel.Similarity) (pixel.Similarity, bool) {
	k := eyeMargin * o.width(c) / turn.Scale()
	s := pixel.Similarity{A: k * turn.A, B: k * turn.B}
	at, to := s.Apply(face.Point{X: 0.5, Y: 0.5}), o.middle(c)
	s.TX, s.TY = to.X-at.X, to.Y-at.Y
	return s, s.Finite()
}
