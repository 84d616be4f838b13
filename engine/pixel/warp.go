package pixel

// #include "kernels.h"
import "C"

import "math"

// Warp returns a picture of the given size cut out of src: the pixel at p of the
// result shows what src has at toSrc(p). Outside src it is black. Where the
// source is finer than the result, each pixel averages a grid of samples, of a source
// that was halved first if it is much finer, so that no detail is picked by chance.
func (b *Buffers) Warp(src *Image, toSrc Similarity, width, height int) *Image {
	return b.WarpOver(src, toSrc, width, height, [3]uint8{})
}

// Square returns a square cut out of src, side px a side. toSrc maps the unit square to it.
func (b *Buffers) Square(src *Image, toSrc Similarity, side int) *Image {
	return b.Warp(src, toSrc.After(Scaling(1/float64(side))), side, side)
}

// WarpOver is Warp, but for the colour outside src: red, green and blue.
func (b *Buffers) WarpOver(src *Image, toSrc Similarity, width, height int, outside [3]uint8) *Image {
	for toSrc.Scale() > mostScale && src.LongSide() > 1 {
		src, toSrc = b.half(src), Scaling(0.5).After(toSrc)
	}
	dst := b.Image(width, height)
	job := C.warp_job{
		src_width: C.int32_t(src.Width), src_height: C.int32_t(src.Height), dst_width: C.int32_t(width), dst_height: C.int32_t(height),
		a: C.double(toSrc.A), b: C.double(toSrc.B), tx: C.double(toSrc.TX), ty: C.double(toSrc.TY), side: C.int32_t(samples(toSrc.Scale())),
	}
	for c, v := range outside {
		job.outside[c] = C.uint8_t(v)
	}
	C.pixel_warp(&job, bytesAt(src.Pix), bytesAt(dst.Pix), C.int(wide))
	return dst
}

// half returns the image at half its size. It belongs to the image: several faces are cut
// out of one, and each in several sizes.
func (b *Buffers) half(m *Image) *Image {
	if m.halved == nil {
		m.halved = b.Shrink(m, 2)
	}
	return m.halved
}

// samples returns how many samples a side one pixel of the result takes when it
// covers scale pixels of the source a side.
func samples(scale float64) int {
	if !(scale > sharpScale) {
		return 1
	}
	return max(2, int(math.Ceil(min(scale, mostScale))))
}

const (
	sharpScale = 1.0 // up to here a bilinear sample alone skips nothing
	mostScale  = 4.0 // up to here a grid of 16 does not
)
