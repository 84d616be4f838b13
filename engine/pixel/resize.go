package pixel

import "math"

// Resize returns the image in another size. Shrinking by two or more averages
// whole blocks of pixels first, so that nothing of the source is skipped and no
// pattern appears that is not there; the rest is bilinear. If the size is the
// same, the result is src itself.
func (b *Buffers) Resize(src *Image, width, height int) *Image {
	if src.Width == width && src.Height == height {
		return src
	}
	kx, ky := max(src.Width/width, 1), max(src.Height/height, 1)
	if kx == 1 && ky == 1 {
		return b.bilinear(src, float64(src.Width), float64(src.Height), width, height)
	}
	small := b.reduce(src, kx, ky)
	defer small.Release()
	// The last block of a row or column may be cut: the picture then ends
	// within it.
	return b.bilinear(small, float64(src.Width)/float64(kx), float64(src.Height)/float64(ky), width, height)
}

// Shrink returns a copy shrunk by a whole number k ≥ 1, each pixel the average of
// a block of k×k. A block that the edge cuts averages what there is of it.
func (b *Buffers) Shrink(src *Image, k int) *Image { return b.reduce(src, k, k) }

func (b *Buffers) reduce(src *Image, kx, ky int) *Image {
	w, h := (src.Width+kx-1)/kx, (src.Height+ky-1)/ky
	dst := b.Image(w, h)
	sums := make([]uint32, 3*w)
	for y := range h {
		clear(sums)
		top := y * ky
		bottom := min(top+ky, src.Height)
		for sy := top; sy < bottom; sy++ {
			addBlocks(sums, src.row(sy), kx)
		}
		divideBlocks(dst.row(y), sums, src.Width, kx, bottom-top)
	}
	return dst
}

// addBlocks adds each pixel of a row to the sum of the block it is in.
func addBlocks(sums []uint32, row []byte, k int) {
	for i := 0; i < len(sums); i += 3 {
		block := row[i*k : min((i+3)*k, len(row))]
		var r, g, b uint32
		for ; len(block) >= 3; block = block[3:] {
			r += uint32(block[0])
			g += uint32(block[1])
			b += uint32(block[2])
		}
		sums[i] += r
		sums[i+1] += g
		sums[i+2] += b
	}
}

func divideBlocks(dst []byte, sums []uint32, width, k, rows int) {
	for i := range dst {
		n := uint32(min(k, width-i/3*k) * rows)
		dst[i] = byte((sums[i] + n/2) / n)
	}
}

// tap is where one pixel of the result comes from along one axis: a mix of two
// neighbours, with weights that add up to 1<<weightBits.
type tap struct {
	i0, i1 int32
	w0, w1 uint32
}

const weightBits = 11

// taps maps n pixels of the result onto a source of which length (≤ size) counts.
func taps(n, size int, length float64) []tap {
	ts := make([]tap, n)
	step := length / float64(n)
	for i := range ts {
		at := (float64(i)+0.5)*step - 0.5
		at = min(max(at, 0), float64(size-1))
		whole := math.Floor(at)
		w1 := uint32(math.Round((at - whole) * (1 << weightBits)))
		ts[i] = tap{
			i0: int32(whole), i1: int32(min(int(whole)+1, size-1)),
			w0: 1<<weightBits - w1, w1: w1,
		}
	}
	return ts
}

func (b *Buffers) bilinear(src *Image, lenX, lenY float64, width, height int) *Image {
	dst := b.Image(width, height)
	xs, ys := taps(width, src.Width, lenX), taps(height, src.Height, lenY)
	// Two source rows are stretched at a time; going down, they are used again.
	rows := [2][]uint32{make([]uint32, 3*width), make([]uint32, 3*width)}
	have := [2]int32{-1, -1}
	for y, t := range ys {
		if have[1] == t.i0 {
			rows[0], rows[1], have[0], have[1] = rows[1], rows[0], have[1], have[0]
		}
		if have[0] != t.i0 {
			stretch(rows[0], src.row(int(t.i0)), xs)
			have[0] = t.i0
		}
		if t.w1 != 0 && have[1] != t.i1 {
			stretch(rows[1], src.row(int(t.i1)), xs)
			have[1] = t.i1
		}
		mixRows(dst.row(y), rows[0], rows[1], t)
	}
	return dst
}

// stretch resamples one row; the result carries weightBits of fraction.
func stretch(dst []uint32, src []byte, xs []tap) {
	for x, t := range xs {
		a := src[3*t.i0 : 3*t.i0+3 : 3*t.i0+3]
		b := src[3*t.i1 : 3*t.i1+3 : 3*t.i1+3]
		out := dst[3*x : 3*x+3 : 3*x+3]
		out[0] = uint32(a[0])*t.w0 + uint32(b[0])*t.w1
		out[1] = uint32(a[1])*t.w0 + uint32(b[1])*t.w1
		out[2] = uint32(a[2])*t.w0 + uint32(b[2])*t.w1
	}
}

// mixRows blends two stretched rows into bytes.
func mixRows(dst []byte, a, b []uint32, t tap) {
	const half = 1 << (2*weightBits - 1)
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = byte((a[i]*t.w0 + b[i]*t.w1 + half) >> (2 * weightBits))
	}
}
