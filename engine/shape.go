package engine

import "github.com/facekeep/facekeep/face"

// Places of an outline.
const (
	jawLeft, chin, jawRight    = 0, 8, 16
	lipsLeft, lipsRight        = 60, 64 // corners between the lips
	upperLip, lowerLip, lipGap = 61, 67, 3
)

// shape measures what the outline tells of the mouth and the head, as far as the
// options ask for it.
func (i *inspection) shape(o *outline, into *face.Attributes) {
	if i.opts.Mouth {
		into.MouthOpen = o.gap()
	}
	if i.opts.Head {
		k := i.img.FromPicture.Scale()
		into.HeadWidth = new(o[jawLeft].Distance(o[jawRight]) / k)
		into.HeadHeight = new(o.height() / k)
	}
}

// gap returns the mean gap between the lips over the width of the mouth; nil if it
// has no width.
func (o *outline) gap() *float64 {
	width := o[lipsLeft].Distance(o[lipsRight])
	if !(width > 0) {
		return nil
	}
	var sum float64
	for n := range lipGap {
		sum += o[upperLip+n].Distance(o[lowerLip-n])
	}
	gap := sum / lipGap / width
	return &gap
}

// height returns the distance from crown to chin. The eyes of an adult are half way
// between them; the crown itself is under hair.
func (o *outline) height() float64 {
	eyes := o.middle(leftEye()).Mid(o.middle(rightEye()))
	return 2 * eyes.Distance(o[chin])
}
