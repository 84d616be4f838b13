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
	return b.Warp(src, ofSide(toSrc, side), side, side)
}

// ofSide returns the map of a square of side px, for one of the unit square.
func ofSide(toSrc Similarity, side int) Similarity { return toSrc.After(Scaling(1 / float64(side))) }

// Sketch is Warp for eyes that do not mind some roughness: with one sample for a pixel, or
// four where the source is finer, so that each pixel of the source still shows, if some
// more than others.
func (b *Buffers) Sketch(src *Image, toSrc Similarity, width, height int) *Image {
	src, toSrc = b.halved(src, toSrc, 2*sketchScale)
	side := 1
	if toSrc.Scale() > sketchScale {
		side = 2
	}
	return b.warp(src, toSrc, width, height, side, [3]uint8{})
}

// SketchSquare is Square as Sketch is Warp.
func (b *Buffers) SketchSquare(src *Image, toSrc Similarity, side int) *Image {
	return b.Sketch(src, ofSide(toSrc, side), side, side)
}

// WarpOver is Warp, but for the colour outside src: red, green and blue.
func (b *Buffers) WarpOver(src *Image, toSrc Similarity, width, height int, outside [3]uint8) *Image {
	src, toSrc = b.halved(src, toSrc, mostScale)
	return b.warp(src, toSrc, width, height, samples(toSrc.Scale()), outside)
}

// halved halves a source until it is at most so many times as fine as the result.
func (b *Buffers) halved(src *Image, toSrc Similarity, most float64) (*Image, Similarity) {
	for toSrc.Scale() > most && src.LongSide() > 1 {
		src, toSrc = b.half(src), Scaling(0.5).After(toSrc)
	}
	return src, toSrc
}

// warp cuts a picture out of src, each pixel from side × side samples.
func (b *Buffers) warp(src *Image, toSrc Similarity, width, height, side int, outside [3]uint8) *Image {
	dst := b.Image(width, height)
	job := C.warp_job{
		src_width: C.int32_t(src.Width), src_height: C.int32_t(src.Height), dst_width: C.int32_t(width), dst_height: C.int32_t(height),
		a: C.double(toSrc.A), b: C.double(toSrc.B), tx: C.double(toSrc.TX), ty: C.double(toSrc.TY), side: C.int32_t(side),
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
	sharpScale  = 1.0 // up to here a bilinear sample alone skips nothing
	sketchScale = 1.8 // up to here one shows all there is, if unevenly
	mostScale   = 4.0 // up to here a grid of 16 does not
)
