package engine

import (
	"github.com/facekeep/facekeep/engine/picture"
	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// Photometry measures a face whose place in an image is known: the copies that
// tests make of a picture are often too bad for a detector.
func Photometry(m *pixel.Image, l face.Landmarks) face.Attributes {
	metrics, err := newMetrics(nil)
	if err != nil {
		panic(err)
	}
	i := &inspection{
		Engine: &Engine{bufs: new(pixel.Buffers), metrics: metrics},
		opts:   &face.InspectOptions{Sharpness: true, Brightness: true, Contrast: true, Levels: true},
		img:    &picture.Scaled{Image: m, FromPicture: pixel.Scaling(1)},
	}
	var a face.Attributes
	i.photometry(&detection{landmarks: l}, &a)
	return a
}
