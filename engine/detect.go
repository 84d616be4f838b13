package engine

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"github.com/facekeep/facekeep/face"
)

// detect returns the faces of the picture, in px of it, in no order.
func (i *inspection) detect(ctx context.Context) ([]detection, error) {
	w, h := i.src.Size()
	longSide := max(w, h)
	size := inputSize(longSide, i.opts)
	if err := i.decode(ctx, float64(size)/float64(longSide)); err != nil {
		return nil, err
	}
	defer i.since(stageDetect, time.Now())
	first, twice := looksFirst(size, i.opts), looksTwice(size, i.opts)
	var large []detection
	if first || twice {
		var err error
		if large, err = i.findAt(ctx, leastInput, 0); err != nil || first && i.dominated(large) {
			return large, err
		}
	}
	found, err := i.findAt(ctx, size, 0)
	if err == nil && twice {
		found = suppress(append(found, large...))
	}
	for _, s := range fillingInputs() {
		if err != nil || len(found) > 0 {
			break
		}
		found, err = i.findAt(ctx, s, s/2)
	}
	return found, err
}

// A face dominates a picture if it has so many times the size that is seen reliably, in
// the smallest input; a score that most faces in full view reach; and so many times the
// size of any other. A larger one that was missed would be no less strange in it.
const (
	largeSize      = 2 * visibleSize
	largeScore     = 0.8
	dominatingSize = 1.5
)

// dominated reports whether one of the faces found counts, and dominates the picture.
func (i *inspection) dominated(found []detection) bool {
	if len(found) == 0 {
		return false
	}
	found = slices.Clone(found)
	slices.SortFunc(found, i.largerFirst)
	w, h := i.src.Size()
	first := &found[0]
	return i.counts(first, 0) && first.score >= largeScore &&
		i.size(first)*leastInput >= largeSize*float64(max(w, h)) &&
		(len(found) == 1 || i.size(first) >= dominatingSize*i.size(&found[1]))
}

// findAt runs the detector with an input of a long side, and a margin around it.
func (i *inspection) findAt(ctx context.Context, longSide, margin int) ([]detection, error) {
	d := i.nets.detector
	found, err := d.findAt(ctx, i.img.Image, longSide, margin, d.scale().score(i.opts.Confidence))
	if err != nil {
		return nil, err
	}
	toPicture := i.img.FromPicture.Inverse()
	for n, f := range found {
		found[n] = f.mapped(toPicture.Apply)
	}
	return found, nil
}

// sizeSlack is by how much of its size a face may change when it is refined.
const sizeSlack = 0.2

// counting returns the faces that count by the options, the largest first. If
// templates are wanted, the faces are refined on the way.
func (i *inspection) counting(ctx context.Context, found []detection) ([]detection, error) {
	slack := 0.0
	if i.opts.Templates {
		slack = sizeSlack
	}
	found = slices.DeleteFunc(found, func(d detection) bool { return !i.counts(&d, slack) })
	slices.SortStableFunc(found, i.preferred())
	i.found = len(found)
	most := i.mostFaces()
	// Decode once at the scale that all of them want.
	if err := i.decode(ctx, i.neededScale(found[:min(len(found), most)])); err != nil {
		return nil, err
	}
	var counting []detection
	for len(found) > 0 && len(counting) < most {
		next := found[:min(len(found), most-len(counting), i.nets.detector.most)]
		found = found[len(next):]
		if i.opts.Templates {
			if err := i.refine(ctx, next); err != nil {
				return nil, err
			}
		}
		for n := range next {
			if i.counts(&next[n], 0) {
				counting = append(counting, next[n])
			}
		}
	}
	slices.SortStableFunc(counting, i.largerFirst)
	return counting, nil
}

// mostFaces returns how many faces are kept at most.
func (i *inspection) mostFaces() int {
	switch {
	case i.opts.Central:
		return 1
	case i.opts.MaxFaces > 0:
		return min(i.cfg.MaxFaces, i.opts.MaxFaces)
	}
	return i.cfg.MaxFaces
}

// preferred returns the order in which faces are kept, as long as there is room.
func (i *inspection) preferred() func(a, b detection) int {
	if !i.opts.Central {
		return i.largerFirst
	}
	w, h := i.src.Size()
	middle := face.Point{X: float64(w) / 2, Y: float64(h) / 2}
	return func(a, b detection) int {
		return cmp.Or(cmp.Compare(distanceTo(a.box, middle), distanceTo(b.box, middle)), i.largerFirst(a, b))
	}
}

// distanceTo returns how far a box is from a place, in px: 0 if it holds it.
func distanceTo(b face.Box, p face.Point) float64 {
	dx := max(b.X-p.X, p.X-(b.X+b.W), 0)
	dy := max(b.Y-p.Y, p.Y-(b.Y+b.H), 0)
	return math.Hypot(dx, dy)
}

func (i *inspection) largerFirst(a, b detection) int { return cmp.Compare(i.size(&b), i.size(&a)) }

// counts reports whether a face is of a size that is asked for, give or take some
// slack, and can be aligned at all.
func (i *inspection) counts(d *detection, slack float64) bool {
	size := i.size(d)
	return size >= i.opts.MinFaceSize*(1-slack) &&
		(i.opts.MaxFaceSize <= 0 || size <= i.opts.MaxFaceSize*(1+slack)) &&
		align(d.landmarks).Finite()
}
