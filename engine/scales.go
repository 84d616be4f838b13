package engine

import (
	"math"

	"github.com/facekeep/facekeep/face"
)

// Sizes of the detector's input, as its long side in px.
const (
	leastInput   = 320
	fairInput    = 448 // for pictures that have so many px: finds faces that are half hidden
	usualInput   = 640 // when no least face size is asked for
	largestInput = 2560
	inputStep    = 64 // few sizes mean few shapes to keep memory for
)

// visibleSize is the least face size (see face.Landmarks.Size) in px of the
// detector's input at which faces are found reliably.
const visibleSize = 10

// accurateGain is by how much larger the accurate detector sees faces, magnified
// if need be: the smallest ones that count are then of a size that no face is
// missed at for its size alone.
const accurateGain = 2

// inputSize returns the long side of the detector's input for a picture of a long
// side, so that faces of the least size are found.
func inputSize(longSide int, opts *face.InspectOptions) int {
	need, most := float64(usualInput), float64(longSide)
	if opts.MinFaceSize > 0 {
		need = float64(longSide) * visibleSize / opts.MinFaceSize
	}
	if opts.Detector == face.Accurate {
		need, most = max(accurateGain*need, usualInput), accurateGain*most
	} else {
		need = max(need, fairInput)
	}
	steps := math.Ceil(min(need, most, largestInput) / inputStep)
	return max(int(steps)*inputStep, leastInput)
}

// looksFirst reports whether a picture is looked at in the smallest input first, and in
// one of a size no more if a face dominates it: when the largest face is all that is asked
// for, and of it little but a template. Landmarks are refined for that anyway; what else
// models and clients go by, its box, is less precise.
func looksFirst(size int, opts *face.InspectOptions) bool {
	return size > leastInput && opts.MaxFaces == 1 && !opts.Central && opts.Detector != face.Accurate &&
		opts.Templates && !looksAtParts(opts)
}

// looksAtParts reports whether more is asked for of a face than its template, age and
// gender.
func looksAtParts(o *face.InspectOptions) bool {
	return o.Mask || o.NoseTip || o.Eyes || o.Mouth || o.Head || o.Pose || o.Noise || o.Background ||
		photometric(o) || colourful(o) || o.Crops || o.Portrait != nil || len(o.Liveness) > 0
}

// looksTwice reports whether a picture is also looked at in the smallest input: a
// face that fills a large one is larger than detectors know faces.
func looksTwice(size int, opts *face.InspectOptions) bool {
	return size > usualInput || opts.Detector == face.Accurate && size > leastInput
}

// fillingInputs returns the long sides at which a picture without a face is looked
// at again, with a margin of half of it around it: there may be one that fills it.
func fillingInputs() []int { return []int{160, 80} }
