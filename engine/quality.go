package engine

import "math"

// Quality foretells how well a face can be recognised: the lower, the sooner it is
// not recognised as the person it shows. What foretells it best is the length of
// the extractor's vector before it is brought to 1: the network answers loudly to a
// face like those it has learned from, and softly to one that is blurred, turned,
// covered or badly lit (docs/decisions/quality.md).

const (
	mostQuality         = 10000
	mostTemplateQuality = 255

	// usualQuality is that of the median picture of LFW. It stands for a face whose
	// vector is not known, times the confidence that it is a face.
	usualQuality = 6500
)

// qualityScale maps the length of an extractor's vector to quality: a logistic
// curve through the median of LFW at 6500 and its worst hundredth at 2000.
type qualityScale struct{ middle, width float64 }

// quality returns the quality, 0…1, of a face whose vector has a length.
func (s qualityScale) quality(length float64) float64 {
	return 1 / (1 + math.Exp((s.middle-length)/s.width))
}

// parts returns a part, 0…1, of most in whole numbers.
func parts(part float64, most int) int { return int(part*float64(most) + 0.5) }
