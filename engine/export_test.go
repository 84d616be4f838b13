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

// Looks returns the landmarks of the best face of an image that is a multiple of 32
// px a side, and of the same mirrored: found at once, and one by one in pictures that
// were mirrored first. Those of a look without a face are zero.
func (e *Engine) Looks(m *pixel.Image) (atOnce, oneByOne [2]face.Landmarks, err error) {
	d := e.nets.detector
	norm := d.norm()
	in := e.bufs.Tensor(2, 3, int64(m.Height), int64(m.Width))
	in.At(0).Fill(m, &norm)
	in.At(1).FillMirrored(m, &norm)
	found, err := d.run(in, d.scale().cut)
	if err != nil {
		return atOnce, oneByOne, err
	}
	copied := &pixel.Image{Width: m.Width, Height: m.Height, Pix: m.Pix}
	for n, look := range []*pixel.Image{m, e.bufs.Upright(copied, 2)} {
		one, err := d.find(look, d.scale().cut)
		if err != nil {
			return atOnce, oneByOne, err
		}
		if len(found[n]) > 0 && len(one) > 0 {
			atOnce[n], oneByOne[n] = found[n][0].landmarks, one[0].landmarks
		}
	}
	return atOnce, oneByOne, nil
}

// SetFacesPerRun makes every model see so many faces in a run at most.
func (e *Engine) SetFacesPerRun(n int) {
	e.nets.detector.most, e.nets.extractor.most = n, n
	e.nets.age.most, e.nets.gender.most = n, n
	if m := e.nets.mask; m != nil {
		m.most = n
	}
	if m := e.nets.outliner; m != nil {
		m.most = n
	}
	if m := e.nets.eyes; m != nil {
		m.most = n
	}
	if m := e.nets.poser; m != nil {
		m.most = n
	}
	for _, m := range e.nets.liveness.all() {
		m.most = n
	}
}

// Gathered returns the extractor of the engine with its runs gathered, and as it is.
func (e *Engine) Gathered() (gathered, alone Model) {
	m := e.nets.extractor.models[0]
	return &gathering{Model: m, bufs: e.bufs}, m
}
