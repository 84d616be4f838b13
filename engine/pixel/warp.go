package pixel

import (
	"math"

	"github.com/facekeep/facekeep/face"
)

// Warp returns a picture of the given size cut out of src: the pixel at p of the
// result shows what src has at toSrc(p). Outside src it is black. Where the
// source is finer than the result, each pixel averages a grid of samples, so
// that no detail is picked by chance.
func (b *Buffers) Warp(src *Image, toSrc Similarity, width, height int) *Image {
	return b.WarpOver(src, toSrc, width, height, [3]uint8{})
}

// WarpOver is Warp, but for the colour outside src: red, green and blue.
func (b *Buffers) WarpOver(src *Image, toSrc Similarity, width, height int, outside [3]uint8) *Image {
	dst := b.Image(width, height)
	n := samples(toSrc.Scale())
	offsets := make([]face.Point, 0, n*n)
	for sy := range n {
		for sx := range n {
			offsets = append(offsets, face.Point{X: (float64(sx) + 0.5) / float64(n), Y: (float64(sy) + 0.5) / float64(n)})
		}
	}
	for y := range height {
		warpRow(dst.row(y), src, toSrc, y, offsets, &outside)
	}
	return dst
}

// samples returns how many samples a side one pixel of the result takes when it
// covers scale pixels of the source a side.
func samples(scale float64) int {
	switch {
	case !(scale > sharpScale):
		return 1
	case scale > maxSamples:
		return maxSamples
	}
	return max(2, int(math.Ceil(scale)))
}

const (
	sharpScale = 1.0 // up to here a bilinear sample alone skips nothing
	maxSamples = 4   // a coarser result wants its source reduced first
)

func warpRow(dst []byte, src *Image, toSrc Similarity, y int, offsets []face.Point, outside *[3]uint8) {
	round := uint32(len(offsets)) << (2*fractionBits - 1)
	scale := uint32(len(offsets)) << (2 * fractionBits)
	for x := 0; 3*x < len(dst); x++ {
		var sum [3]uint32
		for _, o := range offsets {
			p := toSrc.Apply(face.Point{X: float64(x) + o.X, Y: float64(y) + o.Y})
			src.sample(&sum, p.X-0.5, p.Y-0.5, outside)
		}
		out := dst[3*x : 3*x+3 : 3*x+3]
		out[0] = byte((sum[0] + round) / scale)
		out[1] = byte((sum[1] + round) / scale)
		out[2] = byte((sum[2] + round) / scale)
	}
}

// fractionBits is how fine the place of a sample is between two pixels. The sums
// of maxSamples² samples, each a byte times twice that fraction, fit 32 bits.
const fractionBits = 8

// sample adds to sum the bilinear mix of the four pixels around (x, y), counted
// from the middle of the first pixel. Pixels outside the image have the colour
// outside.
func (m *Image) sample(sum *[3]uint32, x, y float64, outside *[3]uint8) {
	const one, mask = 1 << fractionBits, 1<<fractionBits - 1
	if !(x >= 0 && y >= 0 && x < float64(m.Width-1) && y < float64(m.Height-1)) {
		m.sampleEdge(sum, x, y, outside)
		return
	}
	fixedX, fixedY := int(x*one), int(y*one)
	fx, fy := uint32(fixedX&mask), uint32(fixedY&mask)
	at := 3 * (fixedY>>fractionBits*m.Width + fixedX>>fractionBits)
	a := m.Pix[at : at+6 : at+6]
	at += 3 * m.Width
	b := m.Pix[at : at+6 : at+6]
	wa0, wa1, wb0, wb1 := (one-fx)*(one-fy), fx*(one-fy), (one-fx)*fy, fx*fy
	sum[0] += uint32(a[0])*wa0 + uint32(a[3])*wa1 + uint32(b[0])*wb0 + uint32(b[3])*wb1
	sum[1] += uint32(a[1])*wa0 + uint32(a[4])*wa1 + uint32(b[1])*wb0 + uint32(b[4])*wb1
	sum[2] += uint32(a[2])*wa0 + uint32(a[5])*wa1 + uint32(b[2])*wb0 + uint32(b[5])*wb1
}

// sampleEdge is sample where some of the four pixels, or all, are outside.
func (m *Image) sampleEdge(sum *[3]uint32, x, y float64, outside *[3]uint8) {
	const one = 1 << fractionBits
	if !(x > -1 && y > -1 && x < float64(m.Width) && y < float64(m.Height)) {
		m.add(sum, -1, -1, one*one, outside)
		return
	}
	x0, y0 := math.Floor(x), math.Floor(y)
	fx, fy := uint32((x-x0)*one), uint32((y-y0)*one)
	ix, iy := int(x0), int(y0)
	m.add(sum, ix, iy, (one-fx)*(one-fy), outside)
	m.add(sum, ix+1, iy, fx*(one-fy), outside)
	m.add(sum, ix, iy+1, (one-fx)*fy, outside)
	m.add(sum, ix+1, iy+1, fx*fy, outside)
}

func (m *Image) add(sum *[3]uint32, x, y int, weight uint32, outside *[3]uint8) {
	rgb := outside[:]
	if x >= 0 && y >= 0 && x < m.Width && y < m.Height {
		at := 3 * (y*m.Width + x)
		rgb = m.Pix[at : at+3]
	}
	for c, v := range rgb {
		sum[c] += weight * uint32(v)
	}
}
