package engine

import (
	"context"
	"time"

	"github.com/facekeep/facekeep/engine/pixel"
)

// parts measures what is told of parts of faces: whether a mask covers one, how surely
// the tip of the nose is seen, and how open the eyes are.
func (i *inspection) parts(ctx context.Context, all []subject) error {
	if !i.opts.Mask && !i.opts.NoseTip && !i.opts.Eyes && !i.opts.Mouth && !i.opts.Head {
		return nil
	}
	defer i.since(stageAttributes, time.Now())
	covered, err := i.covered(ctx, all)
	if err != nil {
		return err
	}
	for n, s := range all {
		if i.opts.Mask {
			s.f.Attributes.MaskConfidence = nth(covered, n)
		}
	}
	if !i.tellsOutline() {
		return nil
	}
	outlines, err := i.nets.outliner.outlines(ctx, i.img.Image, i.squares(all, landmarks68Margin))
	if err != nil {
		return err
	}
	for n, s := range all {
		if i.tellsNoseTip() {
			s.f.Attributes.NoseTipConfidence = new(i.noseTip(s.d, covered[n], outlines[n]))
		}
		i.shape(outlines[n], &s.f.Attributes)
	}
	return i.eyes(ctx, all, outlines)
}

// covered returns how surely masks cover the faces, −10000…10000; nil if nobody asks or
// no model can tell.
func (i *inspection) covered(ctx context.Context, all []subject) ([]float64, error) {
	if i.nets.mask == nil || !i.opts.Mask && !i.tellsNoseTip() {
		return nil, nil
	}
	return i.nets.mask.measure(ctx, i.img.Image, i.squares(all, maskMargin), all)
}

// noseTip returns how surely the tip of the nose is seen, −10000…10000: as surely as by
// the less sure of two signs.
func (i *inspection) noseTip(d *detection, covered float64, o *outline) float64 {
	return min(-covered, 10000*noseTipAgreement(mapLandmarks(d.landmarks, i.img.FromPicture.Apply), o))
}

// tellsNoseTip reports whether the tip of the nose is asked for and can be told.
func (i *inspection) tellsNoseTip() bool {
	return i.opts.NoseTip && i.nets.mask != nil && i.nets.outliner != nil
}

// tellsEyes reports whether the eyes are asked for and can be told.
func (i *inspection) tellsEyes() bool {
	return i.opts.Eyes && i.nets.eyes != nil && i.nets.outliner != nil
}

// tellsOutline reports whether anything is asked for that the outline is needed
// for, and can be told.
func (i *inspection) tellsOutline() bool {
	shape := i.nets.outliner != nil && (i.opts.Mouth || i.opts.Head)
	return shape || i.tellsNoseTip() || i.tellsEyes()
}

// eyes measures both eyes of each face.
func (i *inspection) eyes(ctx context.Context, all []subject, outlines []*outline) error {
	if !i.tellsEyes() {
		return nil
	}
	squares := make([]pixel.Similarity, 0, 2*len(all))
	for n, turn := range i.squares(all, 1) {
		squares = append(squares, eyeSquare(outlines[n], leftEye(), turn), eyeSquare(outlines[n], rightEye(), turn))
	}
	open, err := i.nets.eyes.openness(ctx, i.img.Image, squares)
	if err != nil {
		return err
	}
	for n, s := range all {
		s.f.Attributes.LeftEyeOpen, s.f.Attributes.RightEyeOpen = &open[2*n], &open[2*n+1]
	}
	return nil
}

// inImage returns the map from the unit square to the square around a face, of a
// margin, in the image as decoded.
func (i *inspection) inImage(d *detection, margin float64) pixel.Similarity {
	return i.img.FromPicture.After(upright(d, margin))
}

// partsScale returns the scale of the picture at which the parts of a face are
// seen as finely as the models take them.
func (i *inspection) partsScale(d *detection) float64 {
	var scale float64
	if i.nets.mask != nil && (i.opts.Mask || i.tellsNoseTip()) {
		scale = maskSide / upright(d, maskMargin).Scale()
	}
	if i.tellsOutline() {
		scale = max(scale, landmarks68Side/upright(d, landmarks68Margin).Scale())
	}
	return scale
}
