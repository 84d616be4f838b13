package picture

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"strings"

	"golang.org/x/image/webp"

	"github.com/facekeep/facekeep/engine/pixel"
)

// stdDecode decodes with the standard library (and its WebP cousin), at full size.
func stdDecode(bufs *pixel.Buffers, data []byte, h *header) (*pixel.Image, error) {
	m, err := decodeFormat(data, h.format)
	if err != nil {
		return nil, decodeError(h.format, err)
	}
	if b := m.Bounds(); b.Dx() != h.width || b.Dy() != h.height {
		return nil, errDamaged(h.format, errors.New("the header and the pixels differ in size"))
	}
	return toRGB(bufs, m, h.format), nil
}

func decodeFormat(data []byte, f Format) (image.Image, error) {
	r := bytes.NewReader(data)
	switch f {
	case JPEG:
		return jpeg.Decode(r)
	case PNG:
		return png.Decode(r)
	case WebP:
		return webp.Decode(r)
	}
	return nil, errors.New("unknown format")
}

// decodeError tells a file cut short from one that is wrong.
func decodeError(f Format, err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || strings.Contains(err.Error(), "short chunk data") {
		return errTruncated(f)
	}
	return errDamaged(f, err)
}

// toRGB converts what the decoders return. The kinds of most pictures are done
// by hand: one interface call for every pixel would cost more than decoding.
func toRGB(bufs *pixel.Buffers, src image.Image, f Format) *pixel.Image {
	b := src.Bounds()
	dst := bufs.Image(b.Dx(), b.Dy())
	switch m := src.(type) {
	case *image.NRGBA:
		eachRow(dst, m.Pix, m.Stride, 4, overWhite)
	case *image.RGBA: // of PNG without transparency
		eachRow(dst, m.Pix, m.Stride, 4, func(rgb, p []byte) { copy(rgb, p[:3]) })
	case *image.Gray:
		eachRow(dst, m.Pix, m.Stride, 1, func(rgb, p []byte) { rgb[0], rgb[1], rgb[2] = p[0], p[0], p[0] })
	case *image.CMYK:
		eachRow(dst, m.Pix, m.Stride, 4, func(rgb, p []byte) { inkToRGB(rgb, p, false) })
	case *image.YCbCr:
		toRGB := color.YCbCrToRGB
		if f == WebP {
			toRGB = videoToRGB
		}
		fromYCbCr(dst, m, toRGB)
	case *image.NYCbCrA:
		fromYCbCr(dst, &m.YCbCr, videoToRGB) // of WebP alone
		whiten(dst, m)
	default:
		fromAny(dst, src)
	}
	return dst
}

// eachRow converts pixels of size bytes one by one.
func eachRow(dst *pixel.Image, src []byte, stride, size int, convert func(rgb, p []byte)) {
	for y := range dst.Height {
		row := src[y*stride:]
		out := dst.Pix[3*y*dst.Width:]
		for x := range dst.Width {
			convert(out[3*x:3*x+3], row[size*x:size*x+size])
		}
	}
}

// overWhite mixes a pixel that is not premultiplied with white.
func overWhite(rgb, p []byte) {
	a := uint32(p[3])
	for c := range 3 {
		rgb[c] = byte((uint32(p[c])*a + 255*(255-a) + 127) / 255)
	}
}

func fromYCbCr(dst *pixel.Image, m *image.YCbCr, toRGB func(y, cb, cr uint8) (r, g, b uint8)) {
	at := 0
	for y := m.Rect.Min.Y; y < m.Rect.Max.Y; y++ {
		for x := m.Rect.Min.X; x < m.Rect.Max.X; x++ {
			i, c := m.YOffset(x, y), m.COffset(x, y)
			dst.Pix[at], dst.Pix[at+1], dst.Pix[at+2] = toRGB(m.Y[i], m.Cb[c], m.Cr[c])
			at += 3
		}
	}
}

// videoToRGB converts a pixel of a lossy WebP, whose luma lies in 16…235 and chroma
// in 16…240 (ITU-R BT.601). The decoder hands it out as if it were the full range
// of a JPEG.
func videoToRGB(y, cb, cr uint8) (r, g, b uint8) {
	const bits = 16
	luma := (int32(y)-16)*76309 + 1<<(bits-1) // 255/219, and half for rounding
	u, v := int32(cb)-128, int32(cr)-128
	return clampByte((luma + 104597*v) >> bits), // 1.596
		clampByte((luma - 25675*u - 53279*v) >> bits), // 0.392, 0.813
		clampByte((luma + 132201*u) >> bits) // 2.017
}

func clampByte(v int32) uint8 { return uint8(min(max(v, 0), 255)) }

// whiten mixes an image with white where m is transparent.
func whiten(dst *pixel.Image, m *image.NYCbCrA) {
	at := 0
	for y := m.Rect.Min.Y; y < m.Rect.Max.Y; y++ {
		for x := m.Rect.Min.X; x < m.Rect.Max.X; x++ {
			p := [4]byte{dst.Pix[at], dst.Pix[at+1], dst.Pix[at+2], m.A[m.AOffset(x, y)]}
			overWhite(dst.Pix[at:at+3], p[:])
			at += 3
		}
	}
}

// fromAny converts by the slow and general way.
func fromAny(dst *pixel.Image, src image.Image) {
	at, b := 0, src.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, a := src.At(x, y).RGBA() // premultiplied, 16 bits
			white := 0xffff - a
			dst.Pix[at], dst.Pix[at+1], dst.Pix[at+2] = byte((r+white)>>8), byte((g+white)>>8), byte((bl+white)>>8)
			at += 3
		}
	}
}
