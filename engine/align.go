package engine

import (
	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// alignedSide is the side in px of the square that extractors look at.
const alignedSide = 112

// alignedLandmarks returns where the five landmarks are put in that square: the
// template of the ArcFace authors.
func alignedLandmarks() []face.Point {
	p := face.Landmarks{
		LeftEye: face.Point{X: 38.2946, Y: 51.6963}, RightEye: face.Point{X: 73.5318, Y: 51.5014},
		Nose:      face.Point{X: 56.0252, Y: 71.7366},
		LeftMouth: face.Point{X: 41.5493, Y: 92.3655}, RightMouth: face.Point{X: 70.7299, Y: 92.2041},
	}.Points()
	return p[:]
}

// align returns the map from places in the picture to places in the aligned
// square.
func align(l face.Landmarks) pixel.Similarity {
	p := l.Points()
	return pixel.FitSimilarity(p[:], alignedLandmarks())
}
