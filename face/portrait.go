package face

// Aspect is the width of a portrait over its height.
type Aspect int

// The aspects of portraits.
const (
	Aspect3x4 Aspect = iota
	Aspect4x5
	Aspect2x3
	Aspect1x1
	Aspect7x9
)

// Sides returns the least whole numbers that are of the aspect; 0 and 0 for one
// that is not known.
func (a Aspect) Sides() (width, height int) {
	switch a {
	case Aspect3x4:
		return 3, 4
	case Aspect4x5:
		return 4, 5
	case Aspect2x3:
		return 2, 3
	case Aspect1x1:
		return 1, 1
	case Aspect7x9:
		return 7, 9
	}
	return 0, 0
}

// Fits reports whether a size in px is of the aspect, give or take the one pixel that
// rounding may cost.
func (a Aspect) Fits(width, height int) bool {
	w, h := a.Sides()
	off := width*h - height*w
	return w > 0 && width > 0 && height > 0 && max(off, -off) <= max(w, h)
}

// MaxPortrait is the largest side of a portrait in px.
const MaxPortrait = 2048

// Portrait asks for a picture of the head and the shoulders of each face, upright,
// with the eyes at a fixed place.
type Portrait struct {
	Aspect        Aspect
	Width, Height int      // px, 1…MaxPortrait, of the aspect; both 0: as large as it is in the picture
	Pad           [3]uint8 // red, green and blue of what is outside of the picture
}
