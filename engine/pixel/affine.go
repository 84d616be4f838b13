package pixel

import (
	"math"

	"github.com/facekeep/facekeep/face"
)

// Similarity is a map of the plane that turns, scales and moves, and keeps every
// angle: (x, y) becomes (A·x − B·y + TX, B·x + A·y + TY).
type Similarity struct{ A, B, TX, TY float64 }

// Apply returns where a point goes.
func (s Similarity) Apply(p face.Point) face.Point {
	return face.Point{X: s.A*p.X - s.B*p.Y + s.TX, Y: s.B*p.X + s.A*p.Y + s.TY}
}

// Scale returns by how much lengths grow.
func (s Similarity) Scale() float64 { return math.Hypot(s.A, s.B) }

// Inverse returns the map back. A Similarity of scale 0 has none: the result is
// then not finite, as Finite tells.
func (s Similarity) Inverse() Similarity {
	d := s.A*s.A + s.B*s.B
	a, b := s.A/d, -s.B/d
	return Similarity{A: a, B: b, TX: -(a*s.TX - b*s.TY), TY: -(b*s.TX + a*s.TY)}
}

// After returns the map that applies first t and then s.
func (s Similarity) After(t Similarity) Similarity {
	p := s.Apply(face.Point{X: t.TX, Y: t.TY})
	return Similarity{A: s.A*t.A - s.B*t.B, B: s.B*t.A + s.A*t.B, TX: p.X, TY: p.Y}
}

// Finite reports whether the map is one of numbers, and does not collapse the
// plane into a point.
func (s Similarity) Finite() bool {
	sum := s.A + s.B + s.TX + s.TY
	return !math.IsNaN(sum) && !math.IsInf(sum, 0) && s.Scale() > 0
}

// Scaling returns the map that multiplies every coordinate by k.
func Scaling(k float64) Similarity { return Similarity{A: k} }

// FitSimilarity returns the similarity without reflection that brings the points
// src nearest to dst in the sense of least squares (Umeyama's estimate). If all
// of src is one point, the result is not Finite.
func FitSimilarity(src, dst []face.Point) Similarity {
	ms, md := centroid(src), centroid(dst)
	var dot, cross, square float64
	for i := range src {
		p, q := src[i].Sub(ms), dst[i].Sub(md)
		dot += p.X*q.X + p.Y*q.Y
		cross += p.X*q.Y - p.Y*q.X
		square += p.X*p.X + p.Y*p.Y
	}
	s := Similarity{A: dot / square, B: cross / square}
	c := s.Apply(ms)
	s.TX, s.TY = md.X-c.X, md.Y-c.Y
	return s
}

func centroid(ps []face.Point) face.Point {
	var c face.Point
	for _, p := range ps {
		c.X += p.X / float64(len(ps))
		c.Y += p.Y / float64(len(ps))
	}
	return c
}
