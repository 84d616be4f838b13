package engine

import (
	"time"

	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// middleScale is by how much photometry magnifies the aligned square, of which it
// looks at the middle: a face of size 81 px (see face.Landmarks.Size) is seen as it
// is, a larger one shrunk. A smaller one is magnified, which makes it no sharper.
const middleScale = 2

// middle returns the map from the picture that photometry looks at to places in the
// picture, and its size in px.
func middle(d *detection) (toPicture pixel.Similarity, width, height int) {
	toSquare := pixel.Similarity{A: 1. / middleScale, TX: middleLeft, TY: middleTop}
	return align(d.landmarks).Inverse().After(toSquare),
		middleScale * (middleRight - middleLeft), middleScale * (middleBottom - middleTop)
}

// photometric reports whether anything is asked for that photometry measures.
func photometric(o *face.InspectOptions) bool {
	return o.Sharpness || o.Brightness || o.Contrast || o.Levels || o.Lighting || o.Noise
}

// photometry measures how sharp a face is, and how exposed, as far as the options
// ask for it.
func (i *inspection) photometry(d *detection, into *face.Attributes) {
	if !photometric(i.opts) {
		return
	}
	defer i.since(stageAttributes, time.Now())
	toPicture, w, h := middle(d)
	luma := i.bufs.WarpGrey(i.img.Image, i.img.FromPicture.After(toPicture), w, h)
	defer luma.Release()
	if i.opts.Sharpness {
		into.Sharpness = new(sharpness(i.bufs, luma))
	}
	if i.opts.Noise {
		into.Noise = noise(luma, toPicture.Scale())
	}
	if i.opts.Brightness || i.opts.Contrast || i.opts.Levels || i.opts.Lighting {
		i.tones(luma, into)
	}
}

// tones measures how a face is exposed, as far as the options ask for it.
func (i *inspection) tones(luma *pixel.Grey, into *face.Attributes) {
	t := newTones(luma)
	if i.opts.Brightness {
		into.Brightness = new(t.brightness())
	}
	if i.opts.Contrast {
		into.Contrast = new(t.contrast())
	}
	if i.opts.Levels {
		into.Levels = new(t.levels())
	}
	if i.opts.Lighting {
		into.DynamicRange = new(t.span())
		into.UnevenLight = new(unevenness(luma))
	}
}
