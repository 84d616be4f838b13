package engine_test

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// painting is a picture of a face that is painted over, in the coordinates of
// the aligned square of 112 px, so that one shape fits every face.
type painting struct {
	*image.RGBA
	toSquare pixel.Similarity
}

// paint copies a picture, to be painted over where its face is.
func paint(m image.Image, l face.Landmarks) *painting {
	p := &painting{RGBA: image.NewRGBA(m.Bounds())}
	draw.Draw(p, p.Bounds(), m, m.Bounds().Min, draw.Src)
	from := l.Points()
	p.toSquare = pixel.FitSimilarity(from[:], []face.Point{
		{X: 38.29, Y: 51.7}, {X: 73.53, Y: 51.5}, {X: 56.03, Y: 71.74}, {X: 41.55, Y: 92.37}, {X: 70.73, Y: 92.2},
	})
	return p
}

// fill paints a shape: each pixel by what shade gives for its place.
func (p *painting) fill(outline []face.Point, shade func(face.Point) color.RGBA) {
	const grid = 3 // samples a side of a pixel
	b := p.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			inside := 0
			for s := range grid * grid {
				q := face.Point{X: float64(x) + (float64(s%grid)+0.5)/grid, Y: float64(y) + (float64(s/grid)+0.5)/grid}
				if within(p.toSquare.Apply(q), outline) {
					inside++
				}
			}
			if inside > 0 {
				c := shade(p.toSquare.Apply(face.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5}))
				p.SetRGBA(x, y, mix(p.RGBAAt(x, y), c, float64(inside)/(grid*grid)))
			}
		}
	}
}

// within reports whether a point is inside of a polygon.
func within(p face.Point, outline []face.Point) bool {
	in := false
	b := outline[len(outline)-1]
	for _, a := range outline {
		if (a.Y > p.Y) != (b.Y > p.Y) && p.X < (b.X-a.X)*(p.Y-a.Y)/(b.Y-a.Y)+a.X {
			in = !in
		}
		b = a
	}
	return in
}

func mix(a, b color.RGBA, part float64) color.RGBA {
	m := func(x, y uint8) uint8 { return uint8(float64(x)*(1-part) + float64(y)*part + 0.5) }
	return color.RGBA{R: m(a.R, b.R), G: m(a.G, b.G), B: m(a.B, b.B), A: 255}
}

func dimmed(c color.RGBA, k float64) color.RGBA {
	return mix(color.RGBA{}, c, min(max(k, 0), 1))
}

// surgicalMask covers nose, mouth and chin, round and with pleats.
func (p *painting) surgicalMask(c color.RGBA) {
	p.fill([]face.Point{
		{X: 20, Y: 64}, {X: 38, Y: 60}, {X: 50, Y: 56}, {X: 56, Y: 54.5}, {X: 62, Y: 56}, {X: 74, Y: 60}, {X: 92, Y: 64},
		{X: 89, Y: 84}, {X: 80, Y: 103}, {X: 68, Y: 114}, {X: 56, Y: 118}, {X: 44, Y: 114}, {X: 32, Y: 103}, {X: 23, Y: 84},
	}, func(at face.Point) color.RGBA {
		k := 1 - 0.35*(at.X-56)*(at.X-56)/1600 - 0.12*math.Abs(at.Y-85)/35
		if math.Mod(at.Y, 11) < 1.5 {
			k *= 0.9
		}
		return dimmed(c, k)
	})
}

// Where the eyes are in the square.
const leftEyeX, rightEyeX = 38.29, 73.53

func (p *painting) closedLids() {
	p.closedLid(leftEyeX)
	p.closedLid(rightEyeX)
}

// closedLid draws a lid in the colour of the skin below the eye, with lashes along
// an arc that hangs down.
func (p *painting) closedLid(x float64) {
	below := p.toSquare.Inverse().Apply(face.Point{X: x, Y: 63})
	skin := p.RGBAAt(int(below.X), int(below.Y))
	p.fill(ellipse(face.Point{X: x, Y: 51}, 11.5, 6.5), func(at face.Point) color.RGBA {
		return dimmed(skin, 0.85+0.02*(at.Y-51))
	})
	p.fill(ellipse(face.Point{X: x, Y: 53}, 10, 4), func(at face.Point) color.RGBA {
		lash := 54.5 - 0.025*(at.X-x)*(at.X-x)
		return dimmed(skin, 0.9-0.55*max(1-math.Abs(at.Y-lash), 0))
	})
}

func ellipse(c face.Point, rx, ry float64) []face.Point {
	ps := make([]face.Point, 24)
	for i := range ps {
		a := 2 * math.Pi * float64(i) / float64(len(ps))
		ps[i] = face.Point{X: c.X + rx*math.Cos(a), Y: c.Y + ry*math.Sin(a)}
	}
	return ps
}
