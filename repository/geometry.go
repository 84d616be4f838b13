package repository

import "github.com/facekeep/facekeep/face"

// geometry is where a face lies in its picture, as the database holds it: JSON
// that does not change with the names of Go fields. All in pixels.
type geometry struct {
	Box       [4]float64    `json:"box"`       // x, y, width, height
	Landmarks [5][2]float64 `json:"landmarks"` // eyes, nose, mouth corners; left before right
	Crop      [4][2]float64 `json:"crop"`      // left top, right top, left bottom, right bottom
}

func newGeometry(f face.Finding) geometry {
	g := geometry{Box: [4]float64{f.Box.X, f.Box.Y, f.Box.W, f.Box.H}}
	for i, p := range f.Landmarks.Points() {
		g.Landmarks[i] = [2]float64{p.X, p.Y}
	}
	for i, p := range [4]face.Point{f.Crop.LeftTop, f.Crop.RightTop, f.Crop.LeftBottom, f.Crop.RightBottom} {
		g.Crop[i] = [2]float64{p.X, p.Y}
	}
	return g
}

// restore writes the geometry into a finding.
func (g geometry) restore(f *face.Finding) {
	point := func(p [2]float64) face.Point { return face.Point{X: p[0], Y: p[1]} }
	f.Box = face.Box{X: g.Box[0], Y: g.Box[1], W: g.Box[2], H: g.Box[3]}
	f.Landmarks = face.Landmarks{
		LeftEye: point(g.Landmarks[0]), RightEye: point(g.Landmarks[1]), Nose: point(g.Landmarks[2]),
		LeftMouth: point(g.Landmarks[3]), RightMouth: point(g.Landmarks[4]),
	}
	f.Crop = face.Quad{
		LeftTop: point(g.Crop[0]), RightTop: point(g.Crop[1]),
		LeftBottom: point(g.Crop[2]), RightBottom: point(g.Crop[3]),
	}
}
