package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// A face is looked at again before it is extracted: cut out upright at the size
// that alignment wants, as it is and mirrored. The mean of the landmarks of both
// looks is much nearer the truth than one look at a face of any size and roll,
// and the vector depends on little else.
const (
	lookSide    = 160 // px of the square that the detector sees; the aligned square is in its middle
	lookScore   = 0.5 // least score, as part of the detector's cut
	lookOverlap = 0.4 // of the box found with the box known
)

// refine replaces the landmarks of faces by better ones, where two looks at a face
// find any. All looks are one run of the detector.
func (i *inspection) refine(ctx context.Context, faces []detection) error {
	if err := i.decode(ctx, lookScale(faces)); err != nil {
		return err
	}
	defer i.since(stageRefine, time.Now())
	in := i.bufs.Tensor(int64(2*len(faces)), 3, lookSide, lookSide)
	defer in.Release()
	for n := range faces {
		i.fillLooks(in.At(2*n), in.At(2*n+1), &faces[n])
	}
	d := i.nets.detector
	found, err := d.run(in, lookScore*d.scale().cut)
	if err != nil {
		return fmt.Errorf("refine: %w", err)
	}
	for n := range faces {
		faces[n].landmarks = faces[n].seenTwice(found[2*n], found[2*n+1])
	}
	return nil
}

// lookScale returns the scale of the picture at which no look magnifies anything,
// as far as there is more to see.
func lookScale(faces []detection) float64 {
	var scale float64
	for n := range faces {
		scale = max(scale, align(faces[n].landmarks).Scale())
	}
	return min(scale, 1)
}

// toLook returns the map from where a face is to the square of a look at it.
func (d *detection) toLook() pixel.Similarity {
	const margin = (lookSide - alignedSide) / 2
	return pixel.Similarity{A: 1, TX: margin, TY: margin}.After(align(d.landmarks))
}

// fillLooks writes both looks at a face.
func (i *inspection) fillLooks(straight, mirrored *pixel.Tensor, d *detection) {
	sight := i.bufs.Sketch(i.img.Image, i.img.FromPicture.After(d.toLook().Inverse()), lookSide, lookSide)
	defer sight.Release()
	norm := i.nets.detector.norm()
	straight.Fill(sight, &norm)
	mirrored.FillMirrored(sight, &norm)
}

// seenTwice returns the mean of the landmarks that two looks at a face give, by
// what the detector found in them. A look that does not find the face leaves it
// where it was known to be.
func (d *detection) seenTwice(straight, mirrored []detection) face.Landmarks {
	toLook := d.toLook()
	known := d.mappedUpright(toLook)
	knownMirrored := known.mirrored(lookSide)
	a, b := known.nearest(straight), knownMirrored.nearest(mirrored)
	mean := meanLandmarks(a.landmarks, b.mirrored(lookSide).landmarks)
	return mapLandmarks(mean, toLook.Inverse().Apply)
}

// nearest returns which of the faces found is the one that is known; if none is,
// that itself.
func (d *detection) nearest(found []detection) detection {
	best, most := *d, lookOverlap
	for _, f := range found {
		if o := overlap(f.box, d.box); o > most {
			best, most = f, o
		}
	}
	return best
}

// mappedUpright returns the detection in another place, its box of the same
// proportions around where its middle went, for a map that may turn.
func (d *detection) mappedUpright(to pixel.Similarity) detection {
	c, k := to.Apply(d.box.Center()), to.Scale()
	w, h := d.box.W*k, d.box.H*k
	return detection{
		box:       face.Box{X: c.X - w/2, Y: c.Y - h/2, W: w, H: h},
		landmarks: mapLandmarks(d.landmarks, to.Apply), score: d.score,
	}
}

// mirrored returns the detection in the mirrored picture of a width.
func (d *detection) mirrored(width float64) detection {
	l := mapLandmarks(d.landmarks, func(p face.Point) face.Point { return face.Point{X: width - p.X, Y: p.Y} })
	l.LeftEye, l.RightEye = l.RightEye, l.LeftEye
	l.LeftMouth, l.RightMouth = l.RightMouth, l.LeftMouth
	box := d.box
	box.X = width - box.X - box.W
	return detection{box: box, landmarks: l, score: d.score}
}

func meanLandmarks(a, b face.Landmarks) face.Landmarks {
	return face.Landmarks{
		LeftEye: a.LeftEye.Mid(b.LeftEye), RightEye: a.RightEye.Mid(b.RightEye), Nose: a.Nose.Mid(b.Nose),
		LeftMouth: a.LeftMouth.Mid(b.LeftMouth), RightMouth: a.RightMouth.Mid(b.RightMouth),
	}
}
