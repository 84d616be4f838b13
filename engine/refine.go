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

// refine replaces the landmarks of a face by better ones, if two looks at it find
// any.
func (i *inspection) refine(ctx context.Context, d *detection) error {
	if err := i.decode(ctx, min(1, align(d.landmarks).Scale())); err != nil {
		return err
	}
	defer i.since(stageRefine, time.Now())
	const margin = (lookSide - alignedSide) / 2
	toLook := pixel.Similarity{A: 1, TX: margin, TY: margin}.After(align(d.landmarks))
	sight := i.bufs.Warp(i.img.Image, i.img.FromPicture.After(toLook.Inverse()), lookSide, lookSide)
	defer sight.Release()
	known := d.mappedUpright(toLook)
	straight, err := i.nets.detector.look(sight, known)
	if err != nil {
		return fmt.Errorf("refine: %w", err)
	}
	mirror := i.bufs.Mirrored(sight)
	defer mirror.Release()
	mirrored, err := i.nets.detector.look(mirror, known.mirrored(lookSide))
	if err != nil {
		return fmt.Errorf("refine: %w", err)
	}
	mean := meanLandmarks(straight.landmarks, mirrored.mirrored(lookSide).landmarks)
	d.landmarks = mapLandmarks(mean, toLook.Inverse().Apply)
	return nil
}

// look finds a known face in an image; if it is not found, known is the answer.
func (d *detector) look(m *pixel.Image, known detection) (detection, error) {
	found, err := d.find(m, lookScore*d.scale().cut)
	if err != nil {
		return known, err
	}
	best, most := known, lookOverlap
	for _, f := range found {
		if o := overlap(f.box, known.box); o > most {
			best, most = f, o
		}
	}
	return best, nil
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
