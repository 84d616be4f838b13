package face

import "math"

// Point is a place in a picture, in pixels of the picture as a person sees it
// (its EXIF orientation applied), origin at the outer corner of the top-left
// pixel, x to the right, y down.
type Point struct{ X, Y float64 }

// Sub returns p − q.
func (p Point) Sub(q Point) Point { return Point{p.X - q.X, p.Y - q.Y} }

// Distance returns the distance between two points in pixels.
func (p Point) Distance(q Point) float64 { return math.Hypot(p.X-q.X, p.Y-q.Y) }

// Mid returns the point half way between two points.
func (p Point) Mid(q Point) Point { return Point{(p.X + q.X) / 2, (p.Y + q.Y) / 2} }

// Box is an axis-parallel rectangle in pixels. It may reach beyond the picture.
type Box struct{ X, Y, W, H float64 }

// Area returns the area in square pixels.
func (b Box) Area() float64 { return b.W * b.H }

// Center returns the middle of the box.
func (b Box) Center() Point { return Point{b.X + b.W/2, b.Y + b.H/2} }

// Landmarks are the five points that a face is aligned by. Left and right are
// as seen in the picture: LeftEye has the smaller x in an upright face.
type Landmarks struct {
	LeftEye, RightEye, Nose, LeftMouth, RightMouth Point
}

// Points returns the five landmarks in the order eyes, nose, mouth corners,
// left before right.
func (l Landmarks) Points() [5]Point {
	return [5]Point{l.LeftEye, l.RightEye, l.Nose, l.LeftMouth, l.RightMouth}
}

// Size returns the face size in pixels: the larger of the eye distance and the
// distance from the middle of the eyes to the middle of the mouth. It hardly
// changes when a head turns or nods, which a box does.
func (l Landmarks) Size() float64 {
	eyes, mouth := l.LeftEye.Mid(l.RightEye), l.LeftMouth.Mid(l.RightMouth)
	return max(l.LeftEye.Distance(l.RightEye), eyes.Distance(mouth))
}

// Quad is the outline of a face crop, which may be rotated.
type Quad struct {
	LeftTop, RightTop, LeftBottom, RightBottom Point
}

// Finding is what the engine says of one face in a picture.
type Finding struct {
	Box             Box
	Landmarks       Landmarks
	Crop            Quad    // outline of the crop that is stored
	Confidence      float64 // of the detector that this is a face, 0…1
	Size            float64 // Landmarks.Size times the part of the face that is in the picture, px
	Area            float64 // box area inside the picture ÷ picture area, 0…1
	Visible         float64 // box area inside the picture ÷ box area, 0…1
	Quality         int     // 0…10000
	TemplateQuality int     // 0…255; 0 without a template
	Attributes      Attributes
}

// Attributes are measurements of a face. Nil means "not measured": not asked for,
// or no model for it is loaded.
type Attributes struct {
	Age               *float64    `json:"age,omitempty"`                // years
	Gender            *float64    `json:"gender,omitempty"`             // −10000 surely male … 10000 surely female
	MaskConfidence    *float64    `json:"mask_confidence,omitempty"`    // −10000 surely none … 10000 surely a mask
	NoseTipConfidence *float64    `json:"nosetip_confidence,omitempty"` // −10000 surely covered … 10000 surely visible
	Yaw               *float64    `json:"yaw,omitempty"`                // degrees, DIN 9300
	Pitch             *float64    `json:"pitch,omitempty"`              // degrees, DIN 9300
	Roll              *float64    `json:"roll,omitempty"`               // degrees, DIN 9300
	Sharpness         *float64    `json:"sharpness,omitempty"`          // −10000 blurry … 10000 sharp
	Brightness        *float64    `json:"brightness,omitempty"`         // −10000 dark … 10000 light
	Contrast          *float64    `json:"contrast,omitempty"`           // −10000 low … 10000 high
	Levels            *float64    `json:"levels,omitempty"`             // unique intensity levels, −10000 few … 10000 many
	LeftEyeOpen       *float64    `json:"left_eye_open,omitempty"`      // −10000 surely closed … 10000 surely open; left in the picture
	RightEyeOpen      *float64    `json:"right_eye_open,omitempty"`     // likewise
	MouthOpen         *float64    `json:"mouth_open,omitempty"`         // gap of the lips over the width of the mouth, 0…
	HeadWidth         *float64    `json:"head_width,omitempty"`         // px, from ear to ear, without them
	HeadHeight        *float64    `json:"head_height,omitempty"`        // px, from crown to chin
	Noise             *float64    `json:"noise,omitempty"`              // standard deviation of luma from pixel to pixel, 0…255
	DynamicRange      *float64    `json:"dynamic_range,omitempty"`      // steps of luma between the darkest and the lightest hundredth, 0…255
	Glare             *float64    `json:"glare,omitempty"`              // part of the face that is burnt out, 0…1
	UnevenLight       *float64    `json:"uneven_light,omitempty"`       // part of the tones that the two halves of a face do not share, 0…1
	SkinTone          *float64    `json:"skin_tone,omitempty"`          // distance from the colours that skin has, CIELAB units, 0…
	Background        *Background `json:"background,omitempty"`         // nil also where the picture shows too little of it
	TintedGlasses     *float64    `json:"tinted_glasses,omitempty"`     // −10000 … 10000
	HeavyFrame        *float64    `json:"heavy_frame,omitempty"`        // −10000 … 10000
	GlassStatus       *float64    `json:"glass_status,omitempty"`       // −10000 … 10000
}

// Background is what is to the sides of a head and above it.
type Background struct {
	Colour  [3]uint8 `json:"colour"`  // red, green and blue: the median
	Uniform float64  `json:"uniform"` // part of it that is of about that colour, 0…1
}
