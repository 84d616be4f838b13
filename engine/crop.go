package engine

import (
	"fmt"
	"math"

	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// The crop that an enrolment stores.
const (
	cropMargin  = 1.8 // its side over the longer side of the face's box
	cropMaxSide = 512 // px
	cropQuality = 92  // of the JPEG
)

// upright returns the map from the unit square to a square in the picture that
// has the middle of the face's box in its own, and the roll of the face. The roll
// is that of the alignment, which is the eye line for a frontal face and stays
// sane for a profile, whose eyes nearly coincide.
func upright(d *detection, margin float64) pixel.Similarity {
	a := align(d.landmarks)
	side := margin * max(d.box.W, d.box.H)
	unit := a.Scale()
	s := pixel.Similarity{A: side * a.A / unit, B: -side * a.B / unit}
	middle, c := s.Apply(face.Point{X: 0.5, Y: 0.5}), d.box.Center()
	s.TX, s.TY = c.X-middle.X, c.Y-middle.Y
	return s
}

// quad returns the corners of a square.
func quad(square pixel.Similarity) face.Quad {
	return face.Quad{
		LeftTop:    square.Apply(face.Point{}),
		RightTop:   square.Apply(face.Point{X: 1}),
		LeftBottom: square.Apply(face.Point{Y: 1}), RightBottom: square.Apply(face.Point{X: 1, Y: 1}),
	}
}

// cropSide returns the side in px of the stored crop of a square: as it is, but
// not over the limit.
func cropSide(square pixel.Similarity) int {
	return max(1, int(math.Round(min(square.Scale(), cropMaxSide))))
}

// cut returns the stored crop as a JPEG. fromPicture maps places of the picture to
// places of the image. What is outside of the picture is black.
func (e *Engine) cut(m *pixel.Image, fromPicture, square pixel.Similarity) (*face.Image, error) {
	side := cropSide(square)
	crop := e.bufs.Square(m, fromPicture.After(square), side)
	defer crop.Release()
	data, err := e.codec.Encode(crop, cropQuality)
	if err != nil {
		return nil, fmt.Errorf("cut: %w", err)
	}
	return &face.Image{MediaType: "image/jpeg", Width: side, Height: side, Data: data}, nil
}
