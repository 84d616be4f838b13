package engine

import (
	"math"
	"slices"

	"github.com/facekeep/facekeep/engine/pixel"
)

// unevenness returns by how much the darker cheek is darker than the other, 0…1. The
// middle of the face is looked at as photometry does; the cheeks are at its sides,
// below the eyes.
func unevenness(g *pixel.Grey) float64 {
	var cheeks [2][]float32
	for y := g.Height * cheekTop / 16; y < g.Height*cheekBottom/16; y++ {
		row := g.Row(y)
		for x := g.Width / 8; x < g.Width*3/8; x++ {
			cheeks[0] = append(cheeks[0], row[x])
			cheeks[1] = append(cheeks[1], row[g.Width-1-x])
		}
	}
	a, b := median(cheeks[0]), median(cheeks[1])
	return 1 - min(a, b)/max(a, b, 1)
}

// Where the cheeks are, in sixteenths of the height of the middle of a face.
const cheekTop, cheekBottom = 5, 10

// noise returns the standard deviation of a picture's noise, in steps of luma: what
// differs from pixel to pixel where the picture is plainest. scale is the picture's
// own px for each of these: a face that is magnified shows nothing of its noise, nil.
func noise(g *pixel.Grey, scale float64) *float64 {
	if scale < 1 {
		return nil
	}
	var all []float32
	for y := 1; y < g.Height-1; y++ {
		above, row, below := g.Row(y-1), g.Row(y), g.Row(y+1)
		for x := 1; x < g.Width-1; x++ {
			// The difference of two Laplacians: slopes and edges along an axis do not count.
			d := above[x-1] + above[x+1] + below[x-1] + below[x+1] - 2*(above[x]+row[x-1]+row[x+1]+below[x]) + 4*row[x]
			all = append(all, float32(math.Abs(float64(d))))
		}
	}
	slices.Sort(all)
	const (
		gain   = 6      // of the filter, for white noise
		normal = 0.6745 // median of the size of a normal variable, in standard deviations
	)
	sigma := float64(all[len(all)/2]) / (gain * normal)
	return &sigma
}
