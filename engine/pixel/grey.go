package pixel

import (
	"math"

	"github.com/facekeep/facekeep/face"
)

// Grey is a picture of luma (Rec. 601, as in JPEG), 0…255, rows without padding. It
// is not rounded: a measurement must not see steps that the source has not.
type Grey struct {
	Width, Height int
	Pix           []float32

	owner *Buffers
}

// Grey returns a picture whose pixels are not cleared.
func (b *Buffers) Grey(width, height int) *Grey {
	return &Grey{Width: width, Height: height, Pix: b.floats.get(width * height), owner: b}
}

// Release gives the pixels back to the Buffers they came from. The picture must
// not be used afterwards. It does nothing on a picture made otherwise, and on nil.
func (g *Grey) Release() {
	if g == nil || g.owner == nil {
		return
	}
	g.owner.floats.put(g.Pix)
	g.Pix, g.owner = nil, nil
}

// Row returns the pixels of row y.
func (g *Grey) Row(y int) []float32 { return g.Pix[y*g.Width : (y+1)*g.Width : (y+1)*g.Width] }

// WarpGrey is Warp for luma, but for what is outside src: it is as the nearest
// pixel of the edge, because black would be contrast that no face has. Where the
// source is much finer than the result, it is halved first: the bilinear samples
// are then less than two pixels apart, and skip nothing.
func (b *Buffers) WarpGrey(src *Image, toSrc Similarity, width, height int) *Grey {
	luma, x0, y0 := b.lumaAround(src, toSrc, width, height)
	toSrc.TX -= float64(x0)
	toSrc.TY -= float64(y0)
	for toSrc.Scale() >= 2 && min(luma.Width, luma.Height) >= 2 {
		half := b.Half(luma)
		luma.Release()
		luma, toSrc = half, Scaling(0.5).After(toSrc)
	}
	defer luma.Release()
	dst := b.Grey(width, height)
	for y := range height {
		luma.readLine(dst.Row(y), toSrc.Apply(face.Point{X: 0.5, Y: float64(y) + 0.5}), toSrc)
	}
	return dst
}

// lumaAround returns the luma of the part of an image that a warp needs, and the
// column and row of the image at which it begins.
func (b *Buffers) lumaAround(src *Image, toSrc Similarity, width, height int) (luma *Grey, x0, y0 int) {
	low, high := face.Point{X: math.Inf(1), Y: math.Inf(1)}, face.Point{X: math.Inf(-1), Y: math.Inf(-1)}
	for _, x := range []float64{0, float64(width)} {
		for _, y := range []float64{0, float64(height)} {
			p := toSrc.Apply(face.Point{X: x, Y: y})
			low.X, low.Y = min(low.X, p.X), min(low.Y, p.Y)
			high.X, high.Y = max(high.X, p.X), max(high.Y, p.Y)
		}
	}
	x0, x1 := span(low.X, high.X, src.Width)
	y0, y1 := span(low.Y, high.Y, src.Height)
	luma = b.Grey(x1-x0, y1-y0)
	for y := range luma.Height {
		fillLuma(luma.Row(y), src.row(y0 + y)[3*x0:])
	}
	return luma, x0, y0
}

// span returns the pixels of 0…size−1 that lie around low…high: at least one.
func span(low, high float64, size int) (from, to int) {
	const around = 3 // so that lines inside the image are inside its part
	from = int(min(max(math.Floor(low)-around, 0), float64(size-1)))
	to = int(max(min(math.Ceil(high)+around, float64(size)), float64(from+1)))
	return from, to
}

func fillLuma(dst []float32, rgb []byte) {
	rgb = rgb[:3*len(dst)]
	for i := range dst {
		p := rgb[3*i : 3*i+3 : 3*i+3]
		dst[i] = 0.299*float32(p[0]) + 0.587*float32(p[1]) + 0.114*float32(p[2])
	}
}

// readLine fills a row with bilinear samples along a line that begins at a place
// and goes in steps of the map's x.
func (g *Grey) readLine(row []float32, first face.Point, step Similarity) {
	x, y := float32(first.X-0.5), float32(first.Y-0.5)
	dx, dy := float32(step.A), float32(step.B)
	n := float32(len(row))
	if !g.inside(x, y) || !g.inside(x+n*dx, y+n*dy) {
		g.readLineAtEdge(row, x, y, dx, dy)
		return
	}
	for i := range row {
		ix, iy := int(x), int(y)
		fx, fy := x-float32(ix), y-float32(iy)
		p := g.Pix[iy*g.Width+ix:]
		q := p[g.Width : g.Width+2]
		top, bottom := p[0]+(p[1]-p[0])*fx, q[0]+(q[1]-q[0])*fx
		row[i] = top + (bottom-top)*fy
		x += dx
		y += dy
	}
}

// inside reports whether the four pixels around a place are there, and those one
// pixel on: sums of steps are not exact.
func (g *Grey) inside(x, y float32) bool {
	return x >= 1 && y >= 1 && x < float32(g.Width-2) && y < float32(g.Height-2)
}

// readLineAtEdge is readLine for a line that is not inside.
func (g *Grey) readLineAtEdge(row []float32, x, y, dx, dy float32) {
	maxX, maxY := float32(g.Width-1), float32(g.Height-1)
	for i := range row {
		cx, cy := min(max(x, 0), maxX), min(max(y, 0), maxY)
		ix, iy := int(cx), int(cy)
		right, below := min(ix+1, g.Width-1), min(iy+1, g.Height-1)
		fx, fy := cx-float32(ix), cy-float32(iy)
		p, q := g.Row(iy), g.Row(below)
		top, bottom := p[ix]+(p[right]-p[ix])*fx, q[ix]+(q[right]-q[ix])*fx
		row[i] = top + (bottom-top)*fy
		x += dx
		y += dy
	}
}

// Half returns the picture in half the size, each pixel the mean of four. A last
// odd row or column is left out.
func (b *Buffers) Half(g *Grey) *Grey {
	dst := b.Grey(g.Width/2, g.Height/2)
	for y := range dst.Height {
		top, bottom, row := g.Row(2*y), g.Row(2*y+1), dst.Row(y)
		for x := range row {
			row[x] = (top[2*x] + top[2*x+1] + bottom[2*x] + bottom[2*x+1]) / 4
		}
	}
	return dst
}
