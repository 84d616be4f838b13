package engine

import (
	"cmp"
	"math"
	"slices"

	"github.com/facekeep/facekeep/face"
)

// detection is a face that a detector has found, in pixels of whatever image the
// context says.
type detection struct {
	box       face.Box
	landmarks face.Landmarks
	score     float64 // the detector's own, 0…1
}

// finite reports whether all of it are numbers and the box is not empty: a model
// can give anything for a hostile picture.
func (d *detection) finite() bool {
	sum := d.box.X + d.box.Y + d.box.W + d.box.H + d.score
	for _, p := range d.landmarks.Points() {
		sum += p.X + p.Y
	}
	return !math.IsNaN(sum) && !math.IsInf(sum, 0) && d.box.W > 0 && d.box.H > 0
}

// mapped returns the detection with every place put through a map that may
// scale x and y apart, but does not turn.
func (d detection) mapped(place func(face.Point) face.Point) detection {
	a := place(face.Point{X: d.box.X, Y: d.box.Y})
	b := place(face.Point{X: d.box.X + d.box.W, Y: d.box.Y + d.box.H})
	d.box = face.Box{X: a.X, Y: a.Y, W: b.X - a.X, H: b.Y - a.Y}
	d.landmarks = mapLandmarks(d.landmarks, place)
	return d
}

func mapLandmarks(l face.Landmarks, place func(face.Point) face.Point) face.Landmarks {
	return face.Landmarks{
		LeftEye: place(l.LeftEye), RightEye: place(l.RightEye), Nose: place(l.Nose),
		LeftMouth: place(l.LeftMouth), RightMouth: place(l.RightMouth),
	}
}

// maxCandidates is how many detections of a picture are compared with each other.
// A picture made to upset a detector can give thousands.
const maxCandidates = 2000

// maxOverlap of two faces of a picture, as intersection over union.
const maxOverlap = 0.3

// suppress keeps, of detections that overlap, the one with the best score. The
// result is ordered by score.
func suppress(found []detection) []detection {
	slices.SortStableFunc(found, func(a, b detection) int { return cmp.Compare(b.score, a.score) })
	found = found[:min(len(found), maxCandidates)]
	var kept []detection
	for _, d := range found {
		if !slices.ContainsFunc(kept, func(k detection) bool { return overlap(k.box, d.box) > maxOverlap }) {
			kept = append(kept, d)
		}
	}
	return kept
}

// overlap returns the intersection of two boxes over their union.
func overlap(a, b face.Box) float64 {
	w := min(a.X+a.W, b.X+b.W) - max(a.X, b.X)
	h := min(a.Y+a.H, b.Y+b.H) - max(a.Y, b.Y)
	if w <= 0 || h <= 0 {
		return 0
	}
	both := w * h
	return both / (a.Area() + b.Area() - both)
}
