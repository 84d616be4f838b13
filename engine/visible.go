package engine

import (
	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// The middle of a face in the aligned square, in px: from the brows to below the
// mouth, and from temple to temple.
const (
	middleLeft, middleRight = 16, 96
	middleTop, middleBottom = 32, 108

	visibleSamples = 16 // a side
)

// visible returns the part of a face's middle that lies inside a picture of a
// size, 0…1. Detectors place landmarks of a face that the edge cuts as if the
// rest were there, and shorten its box; this tells how much there really is.
func visible(toSquare pixel.Similarity, width, height int) float64 {
	toPicture := toSquare.Inverse()
	inside := 0
	for y := range visibleSamples {
		for x := range visibleSamples {
			p := toPicture.Apply(face.Point{
				X: middleLeft + (middleRight-middleLeft)*(float64(x)+0.5)/visibleSamples,
				Y: middleTop + (middleBottom-middleTop)*(float64(y)+0.5)/visibleSamples,
			})
			if p.X >= 0 && p.Y >= 0 && p.X < float64(width) && p.Y < float64(height) {
				inside++
			}
		}
	}
	return float64(inside) / (visibleSamples * visibleSamples)
}

// size returns the size of a face, in px of the picture: that of its landmarks,
// times the part of it that is in the picture. Without that, a passer-by cut in
// half by the edge would often be the largest face of a portrait.
func (i *inspection) size(d *detection) float64 {
	w, h := i.src.Size()
	return d.landmarks.Size() * visible(align(d.landmarks), w, h)
}
