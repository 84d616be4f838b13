package engine

import (
	"time"

	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// parts measures what is told of parts of a face: whether a mask covers it, how
// surely the tip of the nose is seen, and how open the eyes are.
func (i *inspection) parts(d *detection, into *face.Attributes) error {
	if !i.opts.Mask && !i.opts.NoseTip && !i.opts.Eyes && !i.opts.Mouth && !i.opts.Head {
		return nil
	}
	defer i.since(stageAttributes, time.Now())
	covered, err := i.covered(d)
	if err != nil {
		return err
	}
	if i.opts.Mask {
		into.MaskConfidence = covered
	}
	o, err := i.outline(d)
	if err != nil || o == nil {
		return err
	}
	if i.opts.NoseTip && covered != nil {
		// As sure as the less sure of two signs.
		tip := min(-*covered, 10000*noseTipAgreement(mapLandmarks(d.landmarks, i.img.FromPicture.Apply), o))
		into.NoseTipConfidence = &tip
	}
	i.shape(o, into)
	if i.opts.Eyes {
		return i.eyes(d, o, into)
	}
	return nil
}

// covered returns how surely a mask covers the face, −10000…10000; nil if nobody
// asks or no model can tell.
func (i *inspection) covered(d *detection) (*float64, error) {
	if i.nets.mask == nil || !i.opts.Mask && !i.tellsNoseTip() {
		return nil, nil
	}
	confidence, err := i.nets.mask.measure(i.img.Image, i.inImage(d, maskMargin), d.box)
	return &confidence, err
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

// outline returns the outline of the face in px of the image, nil if nobody needs
// it.
func (i *inspection) outline(d *detection) (*outline, error) {
	if !i.tellsOutline() {
		return nil, nil
	}
	return i.nets.outliner.outline(i.img.Image, i.inImage(d, landmarks68Margin))
}

// eyes measures both eyes.
func (i *inspection) eyes(d *detection, o *outline, into *face.Attributes) error {
	if !i.tellsEyes() {
		return nil
	}
	turn := i.inImage(d, 1)
	left, err := i.nets.eyes.openness(i.img.Image, o, leftEye(), turn)
	if err != nil {
		return err
	}
	right, err := i.nets.eyes.openness(i.img.Image, o, rightEye(), turn)
	if err != nil {
		return err
	}
	into.LeftEyeOpen, into.RightEyeOpen = &left, &right
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
