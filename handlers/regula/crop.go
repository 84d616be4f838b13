package regula

import (
	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// outputImageParams is what is asked of the pictures in an answer.
type outputImageParams struct {
	BackgroundColor []httpx.Int `json:"backgroundColor" swaggertype:"array,integer" example:"128,128,128"` // accepted, without effect: nobody is cut out of a background here
	Crop            *crop       `json:"crop"`
} // @name OutputImageParams

// crop asks for a portrait of each face.
type crop struct {
	Type               *httpx.Int  `json:"type" swaggertype:"integer" enums:"0,1,2,3,4" default:"0" example:"0"`     // width to height: 0 is 3:4, 1 4:5, 2 2:3, 3 1:1, 4 7:9
	PadColor           []httpx.Int `json:"padColor" swaggertype:"array,integer" example:"128,128,128"`               // of what is outside of the picture; black when absent
	Size               []httpx.Int `json:"size" swaggertype:"array,integer" example:"300,400"`                       // px, width and height; a size that is not of the type is ignored
	ReturnOriginalRect *httpx.Bool `json:"returnOriginalRect" swaggertype:"boolean" default:"false" example:"false"` // tell originalRect
} // @name Crop

// aspects are the types of crops, by number.
func aspects() [5]face.Aspect {
	return [...]face.Aspect{face.Aspect3x4, face.Aspect4x5, face.Aspect2x3, face.Aspect1x1, face.Aspect7x9}
}

// portrait returns what the crop asks the engine for; nil for no crop. The field is
// the JSON path of the parameters.
func (p *outputImageParams) portrait(field string) (*face.Portrait, error) {
	if p == nil || p.Crop == nil {
		return nil, nil
	}
	field += ".crop"
	var out face.Portrait
	known := aspects()
	kind := int(httpx.OrDefault(p.Crop.Type, 0))
	if kind < 0 || kind >= len(known) {
		return nil, face.FieldErrorf(field+".type", "%s.type must be 0 to %d, not %d", field, len(known)-1, kind)
	}
	out.Aspect = known[kind]
	pad, err := colour(field+".padColor", p.Crop.PadColor)
	if err != nil {
		return nil, err
	}
	if pad != nil {
		out.Pad = *pad
	}
	return &out, p.Crop.resize(field+".size", &out)
}

// resize sets the size of a portrait, if there is one and it is of the aspect.
func (c *crop) resize(field string, p *face.Portrait) error {
	if len(c.Size) == 0 {
		return nil
	}
	if len(c.Size) != 2 {
		return face.FieldErrorf(field, "%s must be two numbers, width and height, not %d", field, len(c.Size))
	}
	w, h := int(c.Size[0]), int(c.Size[1])
	if !p.Aspect.Fits(w, h) {
		return nil
	}
	if max(w, h) > face.MaxPortrait {
		return face.FieldErrorf(field, "%s must be at most %d pixels a side, not %d x %d", field, face.MaxPortrait, w, h)
	}
	p.Width, p.Height = w, h
	return nil
}

// originalRect reports whether the place of the crop in the picture is to be told.
func (p *outputImageParams) originalRect() bool {
	return p != nil && p.Crop != nil && bool(httpx.OrDefault(p.Crop.ReturnOriginalRect, false))
}

// colour reads red, green and blue; nil where there is none.
func colour(field string, rgb []httpx.Int) (*[3]uint8, error) {
	if len(rgb) == 0 {
		return nil, nil
	}
	var out [3]uint8
	if len(rgb) != len(out) {
		return nil, face.FieldErrorf(field, "%s must be three numbers, red, green and blue, not %d", field, len(rgb))
	}
	for i, v := range rgb {
		if v < 0 || v > 255 {
			return nil, face.FieldErrorf(field, "%s must be numbers of 0 to 255, not %d", field, v)
		}
		out[i] = uint8(v)
	}
	return &out, nil
}

// portraits are the pictures of one face in an answer.
type portraits struct {
	Crop         []byte  `json:"crop,omitempty" swaggertype:"string" format:"base64"`      // JPEG; left out unless asked for
	Thumbnail    []byte  `json:"thumbnail,omitempty" swaggertype:"string" format:"base64"` // likewise
	OriginalRect *[4]int `json:"originalRect,omitempty"`                                   // px: left, top, width, height of the crop in the picture, before it was turned upright
}

// wanted says which portraits an answer shows.
type wanted struct{ crop, thumbnail, originalRect bool }

// portraits returns those of a face.
func (w wanted) portraits(f *face.Inspected) portraits {
	var out portraits
	if f.Portrait == nil {
		return out
	}
	if w.crop {
		out.Crop = f.Portrait.Data
	}
	if w.thumbnail {
		out.Thumbnail = f.Portrait.Data
	}
	if w.originalRect {
		rect := roiOf(bounds(f.PortraitQuad))
		out.OriginalRect = &rect
	}
	return out
}

// bounds returns the least box around an outline.
func bounds(q face.Quad) face.Box {
	left, top := q.LeftTop.X, q.LeftTop.Y
	right, bottom := left, top
	for _, p := range []face.Point{q.RightTop, q.LeftBottom, q.RightBottom} {
		left, right = min(left, p.X), max(right, p.X)
		top, bottom = min(top, p.Y), max(bottom, p.Y)
	}
	return face.Box{X: left, Y: top, W: right - left, H: bottom - top}
}

// wanted returns which portraits an answer shows, and what the engine is asked for:
// nil for none. Thumbnails are the crop, or without one a portrait of the usual kind.
func (p *outputImageParams) wanted(field string, thumbnails bool) (wanted, *face.Portrait, error) {
	portrait, err := p.portrait(field)
	w := wanted{crop: portrait != nil, thumbnail: thumbnails, originalRect: p.originalRect()}
	if portrait == nil && thumbnails {
		portrait = &face.Portrait{}
	}
	return w, portrait, err
}
