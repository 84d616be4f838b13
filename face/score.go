package face

import "math"

// Score says how rare it is that two different persons are as near as this:
// −10·log10(FMR), clipped to 0…100. 20 is one false match in a hundred, 30 one
// in a thousand, 40 one in ten thousand. Above the range that was measured it
// is extrapolated; the Calibration says from where on.
type Score float64

// The anchor of the similarity scale: 40 is the default threshold on the score
// scale, and 0.75 that of the dialects that speak similarity.
const (
	anchorScore      = 40
	anchorSimilarity = 0.75
)

// Similarity returns the score on the scale 0…1 that some dialects speak:
// piecewise linear through (0, 0), (40, 0.75) and (100, 1).
func (s Score) Similarity() float64 {
	x := min(max(float64(s), 0), 100)
	if x <= anchorScore {
		return x * anchorSimilarity / anchorScore
	}
	return anchorSimilarity + (x-anchorScore)*(1-anchorSimilarity)/(100-anchorScore)
}

// ScoreOfSimilarity is the inverse of Score.Similarity.
func ScoreOfSimilarity(sim float64) Score {
	x := min(max(sim, 0), 1)
	if x <= anchorSimilarity {
		return Score(x * anchorScore / anchorSimilarity)
	}
	return Score(anchorScore + (x-anchorSimilarity)*(100-anchorScore)/(1-anchorSimilarity))
}

// FMR returns the false match rate that the score stands for.
func (s Score) FMR() float64 { return math.Pow(10, -float64(s)/10) }
