package engine

import (
	"math"
	"slices"
	"time"

	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// colourful reports whether anything is asked for that the colours of a face tell.
func colourful(o *face.InspectOptions) bool { return o.Lighting || o.SkinTone }

// colours measures glare and the tone of the skin, as far as the options ask for it.
func (i *inspection) colours(d *detection, into *face.Attributes) {
	if !colourful(i.opts) {
		return
	}
	defer i.since(stageAttributes, time.Now())
	toPicture, w, h := middle(d)
	m := i.bufs.Warp(i.img.Image, i.img.FromPicture.After(toPicture), w, h)
	defer m.Release()
	if i.opts.Lighting {
		into.Glare = new(glare(m))
	}
	if i.opts.SkinTone && !i.src.Grey() {
		into.SkinTone = new(skinTone(m))
	}
}

// burnt is from where on a value of red, green and blue alike is burnt out.
const burnt = 250

// glare returns the part of an image that is burnt out, 0…1.
func glare(m *pixel.Image) float64 {
	n := 0
	for at := 0; at < len(m.Pix); at += 3 {
		if min(m.Pix[at], m.Pix[at+1], m.Pix[at+2]) >= burnt {
			n++
		}
	}
	return float64(3*n) / float64(len(m.Pix))
}

// The colours of skin, as ISO/IEC 29794-5 has them: CIELAB a* and b*.
const (
	leastA, mostA = 5, 25
	leastB, mostB = 5, 35
)

// skinTone returns how far the colour of the cheeks is from those of skin, in CIELAB
// units. The middle of the face is looked at as photometry does; the cheeks are at
// its sides, below the eyes.
func skinTone(m *pixel.Image) float64 {
	var as, bs []float64
	for y := m.Height * cheekTop / 16; y < m.Height*cheekBottom/16; y++ {
		for x := range m.Width {
			if side := min(x, m.Width-1-x); side < m.Width/8 || side > m.Width*3/8 {
				continue
			}
			at := 3 * (y*m.Width + x)
			_, a, b := lab(m.Pix[at], m.Pix[at+1], m.Pix[at+2])
			as, bs = append(as, a), append(bs, b)
		}
	}
	a, b := median(as), median(bs)
	return math.Hypot(max(leastA-a, a-mostA, 0), max(leastB-b, b-mostB, 0))
}

// median returns the middle of values, which it sorts.
func median[T float32 | float64](v []T) float64 {
	slices.Sort(v)
	return float64(v[len(v)/2])
}

// lab returns the CIELAB coordinates of an sRGB colour (D65).
func lab(r, g, b uint8) (l, a, bb float64) {
	lr, lg, lb := linear(r), linear(g), linear(b)
	x := labCurve((0.4124*lr + 0.3576*lg + 0.1805*lb) / 0.9505)
	y := labCurve(0.2126*lr + 0.7152*lg + 0.0722*lb)
	z := labCurve((0.0193*lr + 0.1192*lg + 0.9505*lb) / 1.089)
	return 116*y - 16, 500 * (x - y), 200 * (y - z)
}

// linear returns the light of an sRGB value, 0…1.
func linear(v uint8) float64 {
	s := float64(v) / 255
	if s <= 0.04045 {
		return s / 12.92
	}
	return math.Pow((s+0.055)/1.055, 2.4)
}

func labCurve(t float64) float64 {
	const knee = 6. / 29
	if t > knee*knee*knee {
		return math.Cbrt(t)
	}
	return t/(3*knee*knee) + 4./29
}
