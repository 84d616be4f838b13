package regula

import (
	"math"

	"github.com/facekeep/facekeep/face"
)

// landmarksOf are the five points of a face in whole pixels: left eye, right eye,
// nose, left and right end of the lips.
func landmarksOf(l face.Landmarks) [][2]int {
	out := make([][2]int, 0, 5)
	for _, p := range l.Points() {
		out = append(out, [2]int{pixel(p.X), pixel(p.Y)})
	}
	return out
}

// roiOf is the box of a face in whole pixels: left, top, width, height.
func roiOf(b face.Box) [4]int { return [4]int{pixel(b.X), pixel(b.Y), pixel(b.W), pixel(b.H)} }

func pixel(x float64) int { return int(math.Round(x)) }
