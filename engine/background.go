package engine

import (
	"math"
	"slices"
	"time"

	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// The background is looked for in a rectangle around the head, to the sides of it and
// above it. Lengths are in distances of the eyes, from the middle of the head and the
// line of the eyes.
const (
	backgroundHalf  = 2.5 // half the width of the rectangle
	backgroundAbove = 2.4
	backgroundBelow = 0.8  // the shoulders begin below
	headHalf        = 1.55 // half the width of the head, hair and all
	headAbove       = 2.1

	backgroundCells = 32  // for each unit of the rectangle's width
	leastBackground = 0.1 // part of it that must be in the picture
	sameColour      = 30  // distance of colours in RGB that are about the same
)

// backgroundMap returns the map from the cells of the rectangle to the picture, and
// how many there are.
func backgroundMap(d *detection) (toPicture pixel.Similarity, width, height int) {
	aligned := align(d.landmarks)
	const cell = alignedEyes / backgroundCells
	toSquare := pixel.Similarity{
		A:  cell,
		TX: aligned.Apply(d.box.Center()).X - backgroundHalf*alignedEyes,
		TY: alignedEyeLine - backgroundAbove*alignedEyes,
	}
	above, below := float64(backgroundAbove), float64(backgroundBelow)
	return aligned.Inverse().After(toSquare), int(2 * backgroundHalf * backgroundCells), int((above + below) * backgroundCells)
}

// backgroundScale returns the scale of the picture at which it is as fine as the
// cells.
func backgroundScale(d *detection) float64 {
	toPicture, _, _ := backgroundMap(d)
	return 1 / toPicture.Scale()
}

// background measures what is behind a head if the options ask for it.
func (i *inspection) background(d *detection, into *face.Attributes) {
	if !i.opts.Background {
		return
	}
	defer i.since(stageAttributes, time.Now())
	toPicture, w, h := backgroundMap(d)
	m := i.bufs.Warp(i.img.Image, i.img.FromPicture.After(toPicture), w, h)
	defer m.Release()
	var behind [][3]uint8
	cells := 0
	for y := range h {
		for x := range w {
			if inHead(x, y) {
				continue
			}
			cells++
			if i.inPicture(toPicture.Apply(face.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5})) {
				behind = append(behind, [3]uint8(m.Pix[3*(y*w+x):]))
			}
		}
	}
	if float64(len(behind)) >= leastBackground*float64(cells) {
		into.Background = newBackground(behind)
	}
}

// inHead reports whether a cell is where a head and its hair are.
func inHead(x, y int) bool {
	across := math.Abs((float64(x)+0.5)/backgroundCells - backgroundHalf)
	down := (float64(y)+0.5)/backgroundCells - backgroundAbove
	return across < headHalf && down > -headAbove
}

// newBackground returns the median of colours, and how many are near it.
func newBackground(colours [][3]uint8) *face.Background {
	var b face.Background
	values := make([]uint8, len(colours))
	for c := range b.Colour {
		for n, v := range colours {
			values[n] = v[c]
		}
		slices.Sort(values)
		b.Colour[c] = values[len(values)/2]
	}
	near := 0
	for _, v := range colours {
		if colourDistance(v, b.Colour) <= sameColour {
			near++
		}
	}
	b.Uniform = float64(near) / float64(len(colours))
	return &b
}

func colourDistance(a, b [3]uint8) float64 {
	var sum float64
	for c := range a {
		d := float64(a[c]) - float64(b[c])
		sum += d * d
	}
	return math.Sqrt(sum)
}
