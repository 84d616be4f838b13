package engine

import "github.com/facekeep/facekeep/face"

// noseTipDoubt is the distance between the nose tips of two models, over the size
// of the face, at which it is as likely as not that neither sees one.
const noseTipDoubt = 0.3

// noseTipAgreement returns how well two models agree where the tip of the nose
// is, −1…1: the detector's landmarks, and the outline, both in px of one image.
// On a nose that is seen they hardly differ; where it is covered each guesses in
// its own way.
func noseTipAgreement(l face.Landmarks, o *outline) float64 {
	d := l.Nose.Distance(o[outlineNoseTip]) / (noseTipDoubt * l.Size())
	if !(d*d < 2) { // so written that NaN, of a face without size, is no agreement
		return -1
	}
	return 1 - d*d
}
