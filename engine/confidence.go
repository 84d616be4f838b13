package engine

// confidenceCut is the confidence that stands for a detector's own useful cut. It
// is the default of the wire contract (450 of 10000): a client that sends that
// default asks for what the detector's makers would ask for.
const confidenceCut = 0.045

// confidenceScale maps the score of a detector to Finding.Confidence and back:
// linear from (0, 0) through (cut, confidenceCut) to (1, 1). It rises strictly, so
// that a threshold on one is a threshold on the other.
type confidenceScale struct{ cut float64 }

func (s confidenceScale) confidence(score float64) float64 {
	score = min(max(score, 0), 1)
	if score <= s.cut {
		return score / s.cut * confidenceCut
	}
	return confidenceCut + (score-s.cut)/(1-s.cut)*(1-confidenceCut)
}

// score is the inverse of confidence. A confidence of 0 stands for the default.
func (s confidenceScale) score(confidence float64) float64 {
	switch {
	case confidence <= 0:
		return s.cut
	case confidence <= confidenceCut:
		return confidence / confidenceCut * s.cut
	}
	return s.cut + (min(confidence, 1)-confidenceCut)/(1-confidenceCut)*(1-s.cut)
}
