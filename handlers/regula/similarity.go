package regula

import (
	"math"

	"github.com/facekeep/facekeep/face"
)

// similarityOf writes a score as the contract does: 0…1, 1 the nearest, with six
// decimals.
func similarityOf(s face.Score) float64 { return math.Round(s.Similarity()*1e6) / 1e6 }

// distanceOf runs the other way: 0 the nearest.
func distanceOf(s face.Score) float64 { return math.Round((1-similarityOf(s))*1e6) / 1e6 }
