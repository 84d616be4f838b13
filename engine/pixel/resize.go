package pixel

// #include "kernels.h"
import "C"

import (
	"math"
	"unsafe"
)

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
	if kx == 2 && ky == 2 {
		C.pixel_halve(bytesAt(src.Pix), C.int32_t(src.Width), C.int32_t(src.Height), bytesAt(dst.Pix), C.int(wide))
		return dst
	}
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

const weightBits = 11 // of the weights of a tap

// taps maps n pixels of the result onto a source of which length (≤ size) counts.
func taps(n, size int, length float64) []C.resize_tap {
	ts := make([]C.resize_tap, n)
	step := length / float64(n)
	for i := range ts {
		at := (float64(i)+0.5)*step - 0.5
		at = min(max(at, 0), float64(size-1))
		first := max(min(int(at), size-2), 0)
		w1 := C.uint16_t(math.Round((at - float64(first)) * (1 << weightBits)))
		ts[i] = C.resize_tap{i0: C.int32_t(first), i1: C.int32_t(min(first+1, size-1)), w0: 1<<weightBits - w1, w1: w1}
	}
	return ts
}

func (b *Buffers) bilinear(src *Image, lenX, lenY float64, width, height int) *Image {
	dst := b.Image(width, height)
	xs, ys := taps(width, src.Width, lenX), taps(height, src.Height, lenY)
	rows := make([]C.uint32_t, 2*(3*width+1))
	C.pixel_resize(bytesAt(src.Pix), C.int32_t(src.Width), bytesAt(dst.Pix), C.int32_t(width), C.int32_t(height),
		unsafe.SliceData(xs), unsafe.SliceData(ys), unsafe.SliceData(rows), C.int(wide))
	return dst
}
