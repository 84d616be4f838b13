package engine

import (
	"context"
	"fmt"
	"slices"

	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// reader knows one family of detectors: how a picture goes in, and what comes out.
type reader interface {
	spec() ModelSpec
	norm() pixel.Norm
	scale() confidenceScale
	// outputs lends the tensors that a run on a batch of inputs of this size fills.
	outputs(bufs *pixel.Buffers, inputs int64, width, height int) []*pixel.Tensor
	// decode reads what they hold of one input: faces with at least a score, in px
	// of the input.
	decode(out [][]float32, width, height int, minScore float64) []detection
}

// detectorGrid is what the sides of an input are multiples of, in px.
const detectorGrid = 32

// detector finds faces in an image.
type detector struct {
	reader

	model Model
	bufs  *pixel.Buffers
	most  int // faces that it looks at again in one run, at most
}

// detector loads the detector of the set; name is what labels call it.
func (l *loader) detector() (d *detector, name string, err error) {
	d = &detector{bufs: l.bufs}
	m, ok, err := l.load(models.Detector, func(m models.Model) (ModelSpec, error) {
		var err error
		if d.reader, name, err = detectorFamily(m); err != nil {
			return ModelSpec{}, err
		}
		return d.spec(), nil
	})
	if err == nil && !ok {
		err = fmt.Errorf("the %s pack has no detector", l.set.Pack())
	}
	d.model, d.most = m, facesPerRun(l.rt.Provider())
	return d, name, err
}

func detectorFamily(m models.Model) (reader, string, error) {
	switch m.File {
	case "yunet_n_dynamic.onnx":
		return yunet{}, "yunet-n", nil
	case "yunet_s_dynamic.onnx":
		return yunet{}, "yunet-s", nil
	case "centerface.onnx":
		return centerface{}, "centerface", nil
	}
	return nil, "", fmt.Errorf("the detector %s (family %s) is not one that the engine can read", m.File, m.Family)
}

// find returns the faces of an image, in px of it, with at least a score, the best
// first.
func (d *detector) find(m *pixel.Image, minScore float64) ([]detection, error) {
	w, h := roundUp(m.Width, detectorGrid), roundUp(m.Height, detectorGrid)
	in := d.bufs.Tensor(1, 3, int64(h), int64(w))
	defer in.Release()
	norm := d.norm()
	in.Fill(m, &norm)
	found, err := d.run(in, minScore)
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// run returns the faces of each input of a batch, as find does. The sides of the
// inputs are multiples of detectorGrid.
func (d *detector) run(in *pixel.Tensor, minScore float64) ([][]detection, error) {
	w, h := int(in.Shape[3]), int(in.Shape[2])
	out := d.outputs(d.bufs, in.Shape[0], w, h)
	defer func() {
		for _, t := range out {
			t.Release()
		}
	}()
	if err := d.model.Run(in, out); err != nil {
		return nil, fmt.Errorf("detect: %w", err)
	}
	all := make([][]detection, in.Shape[0])
	rows := make([][]float32, len(out))
	for n := range all {
		for i, t := range out {
			rows[i] = t.Row(n)
		}
		found := d.decode(rows, w, h, minScore)
		found = slices.DeleteFunc(found, func(f detection) bool { return !f.finite() })
		all[n] = suppress(found)
	}
	return all, nil
}

func roundUp(n, multiple int) int { return (n + multiple - 1) / multiple * multiple }

// findAt returns the faces of an image that is first brought to a long side, in
// px of the image itself. With a margin, that many black px are put around it:
// detectors do not see a face that has nothing around it.
func (d *detector) findAt(ctx context.Context, m *pixel.Image, longSide, margin int, minScore float64) ([]detection, error) {
	k := float64(longSide) / float64(m.LongSide())
	w, h := max(1, int(float64(m.Width)*k+0.5)), max(1, int(float64(m.Height)*k+0.5))
	small := d.bufs.Resize(m, w, h)
	if small != m {
		defer small.Release()
	}
	if margin > 0 {
		to := pixel.Similarity{A: 1, TX: -float64(margin), TY: -float64(margin)}
		small = d.bufs.Warp(small, to, w+2*margin, h+2*margin)
		defer small.Release()
	}
	found, err := d.findTiled(ctx, small, minScore)
	if err != nil {
		return nil, err
	}
	kx, ky := float64(m.Width)/float64(w), float64(m.Height)/float64(h)
	for i, f := range found {
		found[i] = f.mapped(func(p face.Point) face.Point {
			return face.Point{X: (p.X - float64(margin)) * kx, Y: (p.Y - float64(margin)) * ky}
		})
	}
	return found, nil
}
