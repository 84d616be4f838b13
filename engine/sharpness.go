package engine

import (
	"math"

	"github.com/facekeep/facekeep/engine/pixel"
)

const (
	detailOctaves = 4    // how many are looked at: each half the size of the one before
	crispDetail   = -0.6 // of a coarser octave: what has more is not blurred there

	// The scale of sharpness: the detail that is 0, and the octaves around it in which
	// the scale is about straight. A distant liveness check wants 2000, which is 0.6
	// octaves more, a near one 4000, which is 1.25; a crisp portrait has 1.6 to 1.9.
	middleDetail = -2.1
	detailWidth  = 2.95
)

// sharpness returns the sharpness of a face's middle, −10000…10000.
//
// It is how fine the detail is in terms of the face, not of pixels. It hardly
// depends on light and contrast, and falls strictly with the width of a blur, from
// a hundredth of the face to a third.
func sharpness(bufs *pixel.Buffers, g *pixel.Grey) float64 {
	sum := detail(bufs, g)
	for range detailOctaves - 1 {
		// A strong blur leaves the finest octave nothing but noise: the coarser ones
		// go on telling.
		g = bufs.Half(g)
		defer g.Release()
		sum += min(detail(bufs, g)-crispDetail, 0)
	}
	return 10000 * math.Tanh((sum-middleDetail)/detailWidth)
}

// detail returns how fine the detail of a picture is: the mean frequency of its
// slopes, in octaves. 0 is a wave of 2π px. A blur of σ px, if that is much, brings
// it to about −log2(σ).
func detail(bufs *pixel.Buffers, g *pixel.Grey) float64 {
	smooth := smoothed(bufs, g)
	defer smooth.Release()
	var slope, bend float64
	for y := 1; y < smooth.Height-1; y++ {
		s, b := energies(smooth.Row(y-1), smooth.Row(y), smooth.Row(y+1))
		slope += float64(s)
		bend += float64(b)
	}
	const least = 1e-9 // a picture of one colour has no detail at all
	return math.Log2(max(bend, least)/max(slope, 1)) / 2
}

// energies returns the sums of the squares of the gradient and of the Laplacian
// along a row.
func energies(above, row, below []float32) (slope, bend float32) {
	above, below = above[:len(row)], below[:len(row)]
	for x := 1; x < len(row)-1; x++ {
		l, r, u, d := row[x-1], row[x+1], above[x], below[x]
		dx, dy, b := r-l, d-u, l+r+u+d-4*row[x]
		slope += dx*dx + dy*dy
		bend += b * b
	}
	return slope / 4, bend // the differences were of two pixels' distance
}

// smoothed returns the picture without its outermost pixels, each the mean of 3×3
// with the weights 1 2 1: a camera's noise is not detail.
func smoothed(bufs *pixel.Buffers, g *pixel.Grey) *pixel.Grey {
	dst := bufs.Grey(g.Width-2, g.Height-2)
	columns := make([]float32, g.Width)
	for y := range dst.Height {
		above, row, below := g.Row(y), g.Row(y+1), g.Row(y+2)
		for x := range columns {
			columns[x] = above[x] + 2*row[x] + below[x]
		}
		out := dst.Row(y)
		for x := range out {
			out[x] = (columns[x] + 2*columns[x+1] + columns[x+2]) / 16
		}
	}
	return dst
}
