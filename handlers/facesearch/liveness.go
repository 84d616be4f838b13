package facesearch

import (
	"context"
	"math"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// livenessCode says why a face is not taken for a living person's.
type livenessCode string

// The codes of the contract that this server tells. It never tells FACE_NOT_FOUND (a
// picture without a face is ERR_FACE_NOT_DETECTED, whatever else is asked of it), nor
// LICENSE_ERROR (there is no licence that could be missing).
const (
	tooManyFaces      livenessCode = "TOO_MANY_FACES"
	faceTooSmall      livenessCode = "FACE_TOO_SMALL"
	faceTooClose      livenessCode = "FACE_TOO_CLOSE"
	faceCropped       livenessCode = "FACE_CROPPED"
	faceCloseToBorder livenessCode = "FACE_CLOSE_TO_BORDER"
	faceAngleTooLarge livenessCode = "FACE_ANGLE_TOO_LARGE"
	faceIsOccluded    livenessCode = "FACE_IS_OCCLUDED"
	eyesClosed        livenessCode = "EYES_CLOSED"
	faceNotLive       livenessCode = "FACE_NOT_LIVE"
	unknownError      livenessCode = "UNKNOWN_ERROR"
)

// livenessError refuses a face.
type livenessError struct{ code livenessCode }

func (e livenessError) Error() string { return "liveness: " + string(e.code) }

// livenessRule is one thing that must hold of a face.
type livenessRule struct {
	code        livenessCode
	measure     func(p *portrait) float64 // NaN: it could not be measured
	least, most float64                   // both included
}

// livenessRules are asked in this order, and the first that does not hold names the
// code: first whether the picture is one of a single face, large and whole enough to
// judge it, then whether the face is shown well, and last whether it lives. README.md
// says how many pictures of living people each of them refuses.
var livenessRules = [...]livenessRule{
	// Somebody half as large stands twice as far behind, and is not who is meant.
	{tooManyFaces, (*portrait).runnerUp, 0, 0.5},
	{faceTooSmall, (*portrait).size, 35, math.Inf(1)}, // px
	{faceTooClose, (*portrait).area, 0, 0.5},
	{faceCropped, (*portrait).inside, 0.95, 1},
	{faceCloseToBorder, (*portrait).margin, 0.05, math.Inf(1)},
	{faceAngleTooLarge, (*portrait).yaw, -30, 30},
	{faceAngleTooLarge, (*portrait).pitch, -25, 25},
	{faceAngleTooLarge, (*portrait).roll, -30, 30},
	{faceIsOccluded, (*portrait).mask, math.Inf(-1), 3000},
	{faceIsOccluded, (*portrait).noseTip, -3000, math.Inf(1)},
	{eyesClosed, (*portrait).eyes, -9000, math.Inf(1)},
	{faceNotLive, (*portrait).live, 90, 100},
}

// verdict returns the code of the first rule that does not hold, "" if all hold. What
// could not be measured does not hold either, but any other reason is told before.
func verdict(p *portrait) livenessCode {
	var unmeasured bool
	for _, r := range livenessRules {
		switch v := r.measure(p); {
		case math.IsNaN(v):
			unmeasured = true
		case v < r.least || v > r.most:
			return r.code
		}
	}
	if unmeasured {
		return unknownError
	}
	return ""
}

// liveness checks whether the face of a search is a living person's.
type liveness struct {
	keeper   livenessKeeper
	hasModel bool
}

// prepare asks for all that the rules are about. The nearby check is the one of a
// person who holds a face to a camera on purpose. Two faces tell whether there is more
// than one.
func (l liveness) prepare(o *face.InspectOptions) {
	o.MaxFaces = 2
	o.Pose, o.Mask, o.NoseTip, o.Eyes, o.Age = true, true, true, true, true
	if l.hasModel {
		o.Liveness = []face.LivenessCheck{{Kind: face.Nearby}}
	}
}

// check records a check of the largest face of a picture, tells its id in a header,
// and returns a livenessError unless the face passes.
func (l liveness) check(ctx context.Context, c *gin.Context, faces []gallery.IdentifiedMembers) error {
	p := newPortrait(faces)
	code := verdict(p)
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	if err := l.keeper.KeepLiveness(ctx, p.transaction(id, code)); err != nil {
		return err
	}
	c.Header(httpx.TransactionHeader, id.String())
	if code != "" {
		return livenessError{code}
	}
	return nil
}
