package engine

import (
	"fmt"
	"math"
	"time"

	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// The place of the eyes in a portrait is that of the token image of ISO/IEC 19794-5,
// which is 3 by 4: a quarter of the width apart, 0.45 of the height from the top. A
// portrait that is less high shows the head as small as it must, to leave room
// around it: from crown to chin a head is some 3.6 times the distance of the eyes.
const (
	eyesFromTop    = 0.45  // of the height
	leastWidth     = 4.0   // in distances of the eyes
	leastHeight    = 5.0   // likewise
	alignedEyes    = 35.24 // px, their distance in the aligned square
	alignedEyeLine = 51.6  // px, from its top
)

// portrait returns the map from the portrait's rectangle to the picture, and the size
// of the rectangle. Its unit is the distance of the eyes of a frontal face of this
// size: that of a profile would be no measure of anything. Across, the middle is that
// of the face's box, which of a frontal face is that of the eyes; those of a turned
// head are before it.
func portrait(d *detection, aspect face.Aspect) (toPicture pixel.Similarity, width, height float64) {
	w, h := aspect.Sides()
	width = max(leastWidth, leastHeight*float64(w)/float64(h))
	height = width * float64(h) / float64(w)
	aligned := align(d.landmarks)
	middle := aligned.Apply(d.box.Center()).X
	toSquare := pixel.Similarity{A: alignedEyes, TX: middle - alignedEyes*width/2, TY: alignedEyeLine - alignedEyes*height*eyesFromTop}
	return aligned.Inverse().After(toSquare), width, height
}

// portraitSize returns the size of a face's portrait in px.
func (i *inspection) portraitSize(d *detection) (width, height int) {
	p := i.opts.Portrait
	if p.Width > 0 {
		return p.Width, p.Height
	}
	toPicture, w, h := portrait(d, p.Aspect)
	k := min(toPicture.Scale(), face.MaxPortrait/max(w, h))
	return max(1, int(math.Round(k*w))), max(1, int(math.Round(k*h)))
}

// portraitScale returns the scale of the picture that shows a face's portrait as
// finely as it is cut.
func (i *inspection) portraitScale(d *detection) float64 {
	if i.opts.Portrait == nil {
		return 0
	}
	toPicture, w, _ := portrait(d, i.opts.Portrait.Aspect)
	width, _ := i.portraitSize(d)
	return float64(width) / (w * toPicture.Scale())
}

// portrait cuts the portrait of a face if the options ask for it.
func (i *inspection) portrait(d *detection, into *face.Inspected) error {
	if i.opts.Portrait == nil {
		return nil
	}
	defer i.since(stageCrop, time.Now())
	toPicture, w, h := portrait(d, i.opts.Portrait.Aspect)
	width, height := i.portraitSize(d)
	cut := i.bufs.WarpOver(i.img.Image, i.img.FromPicture.After(toPicture).After(pixel.Scaling(w/float64(width))), width, height, i.opts.Portrait.Pad)
	defer cut.Release()
	data, err := i.codec.Encode(cut, cropQuality)
	if err != nil {
		return fmt.Errorf("cut the portrait: %w", err)
	}
	into.Portrait = &face.Image{MediaType: "image/jpeg", Width: width, Height: height, Data: data}
	into.PortraitQuad = face.Quad{
		LeftTop:    toPicture.Apply(face.Point{}),
		RightTop:   toPicture.Apply(face.Point{X: w}),
		LeftBottom: toPicture.Apply(face.Point{Y: h}), RightBottom: toPicture.Apply(face.Point{X: w, Y: h}),
	}
	into.PortraitPad = i.outside(toPicture, w, h)
	return nil
}

// outside returns the part of a rectangle that is not in the picture, 0…1.
func (i *inspection) outside(toPicture pixel.Similarity, w, h float64) float64 {
	const samples = 64 // a side
	out := 0
	for n := range samples * samples {
		x, y := float64(n%samples)+0.5, float64(n/samples)+0.5
		if !i.inPicture(toPicture.Apply(face.Point{X: x * w / samples, Y: y * h / samples})) {
			out++
		}
	}
	return float64(out) / (samples * samples)
}

// inPicture reports whether a place is in the picture.
func (i *inspection) inPicture(p face.Point) bool {
	w, h := i.src.Size()
	return p.X >= 0 && p.Y >= 0 && p.X < float64(w) && p.Y < float64(h)
}

// checkPortrait returns an error if a portrait is asked for that cannot be cut.
func checkPortrait(p *face.Portrait) error {
	if p == nil {
		return nil
	}
	if w, _ := p.Aspect.Sides(); w == 0 {
		return face.Errorf(face.Invalid, "a portrait of an unknown aspect")
	}
	if p.Width == 0 && p.Height == 0 {
		return nil
	}
	if !p.Aspect.Fits(p.Width, p.Height) || max(p.Width, p.Height) > face.MaxPortrait {
		return face.Errorf(face.Invalid, "a portrait of %d x %d pixels is not of the aspect asked for, or over %d a side", p.Width, p.Height, face.MaxPortrait)
	}
	return nil
}
