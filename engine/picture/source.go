package picture

import (
	"context"
	"fmt"

	"github.com/facekeep/facekeep/engine/pixel"
)

// Source is a picture that is worth decoding. It is for one goroutine.
type Source struct {
	codec    *Codec
	data     []byte
	header   header
	memory   int64        // bytes to reserve before decoding
	reserved bool         // until Close
	full     *pixel.Image // as stored; kept where the decoder has no smaller sizes
}

// Scaled is a decoded picture, perhaps smaller than it is stored.
type Scaled struct {
	*pixel.Image
	// FromPicture maps a place in the picture to the place in this image. Its
	// scale is at most 1.
	FromPicture pixel.Similarity
}

// Size returns width and height in px of the picture as a person sees it.
func (s *Source) Size() (width, height int) {
	if s.header.orientation >= 5 {
		return s.header.height, s.header.width
	}
	return s.header.width, s.header.height
}

// Grey reports whether the picture is stored without colour.
func (s *Source) Grey() bool { return s.header.grey }

// Format returns the file format.
func (s *Source) Format() Format { return s.header.format }

// Decode returns the picture, upright, at the smallest size that can be had
// cheaply whose longer side is at least longSide px; if longSide is 0, or more
// than there is, at full size. Transparent pixels are mixed with white. The
// caller releases the image.
//
// It waits until the memory it needs is free. The errors are Invalid if the file
// is truncated or damaged, and those of the context.
func (s *Source) Decode(ctx context.Context, longSide int) (*Scaled, error) {
	if err := s.reserve(ctx); err != nil {
		return nil, err
	}
	m, scale, err := s.decode(longSide)
	if err != nil {
		return nil, err
	}
	m = s.codec.bufs.Upright(m, s.header.orientation)
	return &Scaled{Image: m, FromPicture: s.placement(m, scale)}, nil
}

// reserve waits until the memory of this decode fits beside the others. It is
// asked for once, in full, so that two sources never wait for each other.
func (s *Source) reserve(ctx context.Context) error {
	if s.reserved {
		return nil
	}
	if err := s.codec.memory.Acquire(ctx, s.memory); err != nil {
		return fmt.Errorf("wait for memory to decode: %w", err)
	}
	s.reserved = true
	return nil
}

// Close gives back what the source holds. Images that were decoded from it stay
// valid, but should be released before it.
func (s *Source) Close() {
	s.full.Release()
	s.full = nil
	if s.reserved {
		s.codec.memory.Release(s.memory)
		s.reserved = false
	}
}

// placement returns where the picture lies in an image of it. A scaled image is
// rounded up to whole pixels at its right and lower edge as stored, which turning
// may have made its left and upper edge.
func (s *Source) placement(m *pixel.Image, scale float64) pixel.Similarity {
	w, h := s.Size()
	at := pixel.Scaling(scale)
	if o := s.header.orientation; o == 2 || o == 3 || o == 7 || o == 6 {
		at.TX = float64(m.Width) - scale*float64(w)
	}
	if o := s.header.orientation; o == 3 || o == 4 || o == 7 || o == 8 {
		at.TY = float64(m.Height) - scale*float64(h)
	}
	return at
}

// decode returns the picture as stored and its scale.
func (s *Source) decode(longSide int) (*pixel.Image, float64, error) {
	w, h := s.header.width, s.header.height
	if s.header.format == JPEG && s.codec.turbo != nil {
		n := eighths(max(w, h), longSide)
		m, err := s.turboDecode(n)
		return m, float64(n) / 8, err
	}
	if s.full == nil {
		m, err := stdDecode(s.codec.bufs, s.data, &s.header)
		if err != nil {
			return nil, 0, err
		}
		s.full = m
	}
	k := 1
	if longSide > 0 {
		k = max(1, max(w, h)/longSide)
	}
	return s.codec.bufs.Shrink(s.full, k), 1 / float64(k), nil
}

// eighths returns the smallest n of 1, 2, 3, 4 and 8 for which n/8 of length is at least
// want. libjpeg-turbo scales to the others, too, but has no vector code for it: 5/8 takes
// up to twice the time of 8/8.
func eighths(length, want int) int {
	if want <= 0 {
		return 8
	}
	for _, n := range []int{1, 2, 3, 4} {
		if n*length >= 8*want {
			return n
		}
	}
	return 8
}

// turboDecode returns the picture as stored at eighths/8 of its size.
func (s *Source) turboDecode(eighths int) (*pixel.Image, error) {
	width, height := scaled(s.header.width, eighths), scaled(s.header.height, eighths)
	m := s.codec.bufs.Image(width, height)
	if s.header.components != 4 {
		if err := s.codec.turbo.decode(s.data, &s.header, m.Pix, eighths); err != nil {
			m.Release()
			return nil, err
		}
		return m, nil
	}
	cmyk := make([]byte, 4*width*height)
	if err := s.codec.turbo.decode(s.data, &s.header, cmyk, eighths); err != nil {
		m.Release()
		return nil, err
	}
	for i, o := 0, 0; i < len(cmyk); i, o = i+4, o+3 {
		inkToRGB(m.Pix[o:o+3], cmyk[i:i+4], s.header.adobe)
	}
	return m, nil
}

// inkToRGB mixes four inks. Adobe stores them inverted, 255 for no ink.
func inkToRGB(rgb, cmyk []byte, inverted bool) {
	k := uint32(cmyk[3])
	if !inverted {
		k = 255 - k
	}
	for c := range 3 {
		v := uint32(cmyk[c])
		if !inverted {
			v = 255 - v
		}
		rgb[c] = byte((v*k + 127) / 255)
	}
}
