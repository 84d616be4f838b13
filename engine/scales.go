package engine

import (
	"math"

	"github.com/facekeep/facekeep/face"
)

// Sizes of the detector's input, as its long side in px.
const (
	leastInput   = 320
	usualInput   = 640 // when no least face size is asked for
	largestInput = 2560
	inputStep    = 64 // few sizes mean few shapes to keep memory for
)

// visibleSize is the least face size (see face.Landmarks.Size) in px of the
// detector's input at which faces are found reliably.
const visibleSize = 10

// inputSize returns the long side of the detector's input for a picture of a long
// side, so that faces of the least size are found.
func inputSize(longSide int, opts *face.InspectOptions) int {
	need := float64(usualInput)
	if opts.MinFaceSize > 0 {
		need = float64(longSide) * visibleSize / opts.MinFaceSize
	}
	if opts.Detector == face.Accurate {
		need = max(2*need, usualInput)
	}
	steps := math.Ceil(min(need, float64(longSide), largestInput) / inputStep)
	return max(int(steps)*inputStep, leastInput)
}

// fillingInputs returns the long sides at which a picture without a face is looked
// at again, with a margin of half of it around it: there may be one that fills it.
func fillingInputs() []int { return []int{160, 80} }
