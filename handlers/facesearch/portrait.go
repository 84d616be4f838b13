package facesearch

import (
	"math"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
)

// portrait is the face whose liveness is checked, and the next largest beside it.
type portrait struct {
	face.Inspected

	second *face.Inspected // nil: there is none
}

func newPortrait(faces []gallery.IdentifiedMembers) *portrait {
	p := &portrait{Inspected: faces[0].Inspected}
	if len(faces) > 1 {
		p.second = &faces[1].Inspected
	}
	return p
}

// runnerUp returns the size of the next largest face over that of the largest.
func (p *portrait) runnerUp() float64 {
	if p.second == nil {
		return 0
	}
	return p.second.Size / p.Size
}

// size returns the size of the face as if it were whole, in px.
func (p *portrait) size() float64 { return p.Landmarks.Size() }

// area returns the part of the picture that the face covers, 0…1.
func (p *portrait) area() float64 { return p.Area }

// inside returns the part of the face that is in the picture, 0…1: of its box or, as
// detectors shorten the box of a face that the edge cuts, of what is between brows and
// mouth.
func (p *portrait) inside() float64 {
	return min(p.Visible, p.Size/p.Landmarks.Size())
}

// margin returns the room around the face, in parts of its longer side.
func (p *portrait) margin() float64 { return p.Margin }

func (p *portrait) yaw() float64     { return orNaN(p.Attributes.Yaw) }
func (p *portrait) pitch() float64   { return orNaN(p.Attributes.Pitch) }
func (p *portrait) roll() float64    { return orNaN(p.Attributes.Roll) }
func (p *portrait) mask() float64    { return orNaN(p.Attributes.MaskConfidence) }
func (p *portrait) noseTip() float64 { return orNaN(p.Attributes.NoseTipConfidence) }

// eyes returns how surely the eye is open that is the more surely open: one may be
// behind hair, or wink.
func (p *portrait) eyes() float64 {
	return max(orNaN(p.Attributes.LeftEyeOpen), orNaN(p.Attributes.RightEyeOpen))
}

// live returns the score of the liveness check, 0…100.
func (p *portrait) live() float64 {
	if len(p.Liveness) == 0 || !p.Liveness[0].Performed {
		return math.NaN()
	}
	return p.Liveness[0].Score
}

func orNaN(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}

// transaction is the record of a check. Whether the face lives was asked of a face
// that is shown well, and of no other.
func (p *portrait) transaction(id uuid.UUID, code livenessCode) face.LivenessTransaction {
	t := face.LivenessTransaction{ID: id, Tag: id.String(), Age: p.Attributes.Age}
	if code == "" || code == faceNotLive {
		confirmed := code == ""
		t.Confirmed, t.Score = &confirmed, p.live()
	}
	return t
}
