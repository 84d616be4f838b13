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
	eyeSide   = 24  // px of the square that the model takes
	eyeMargin = 1.6 // its side over the distance of the eye's corners
)

// eyes tells whether an eye is open.
type eyes struct{ batched }

// eyes loads the model of the state of an eye; nil if the set has none.
func (l *loader) eyes() (*eyes, error) {
	m, err := l.optional(models.EyeState, ModelSpec{Input: "input", Outputs: []string{"output"}, FreeDims: []int{0}})
	if m == nil || err != nil {
		return nil, err
	}
	return &eyes{l.batched([]int64{1, eyeSide, eyeSide}, []int64{2}, m)}, nil
}

// openness returns how surely eyes are open, −10000…10000. squares are the maps from the
// unit square to the squares around them; an eye whose square is not finite, because
// the outline has none there, is as unsure as can be.
func (e *eyes) openness(ctx context.Context, m *pixel.Image, squares []pixel.Similarity) ([]float64, error) {
	open := make([]float64, len(squares))
	var seen []int
	for n, s := range squares {
		if s.Finite() {
			seen = append(seen, n)
		}
	}
	err := e.run(ctx, len(seen), func(n int, in *pixel.Tensor) {
		sight := e.bufs.Square(m, squares[seen[n]], eyeSide)
		defer sight.Release()
		in.FillGrey(sight, 1./255)
	}, func(n int, out []float32) (err error) {
		// The difference of two softmax probabilities, closed and open.
		open[seen[n]], err = signed(math.Tanh(float64(out[1]-out[0]) / 2))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("eyes: %w", err)
	}
	return open, nil
}

// eyeSquare returns the map from the unit square to the square around an eye,
// turned like the face; it is not finite if the eye has no width.
func eyeSquare(o *outline, c contour, turn pixel.Similarity) pixel.Similarity {
	k := eyeMargin * o.width(c) / turn.Scale()
	s := pixel.Similarity{A: k * turn.A, B: k * turn.B}
	at, to := s.Apply(face.Point{X: 0.5, Y: 0.5}), o.middle(c)
	s.TX, s.TY = to.X-at.X, to.Y-at.Y
	return s
}
