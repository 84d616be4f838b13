package smartface

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// spoofCheckAPI holds SpoofCheck.
type spoofCheckAPI struct {
	gallery   livenessChecker
	recorder  recorder
	timeout   httpx.Timeout
	resources resources
}

// spoofCheck answers POST /api/v1/Faces/SpoofCheck.
//
//	@Summary		Check whether the largest face of a picture is that of a living person
//	@Description	A check is performed if the face meets its conditions, and passed if its score is above the threshold. With several checks, all of them count.
//	@Description	Conditions are NAME: [lower; upper], joined by &&, with inf and -inf for no bound. A text of conditions replaces the default ones. The names are FACE_CONFIDENCE, FACE_SIZE, FACE_RELATIVE_AREA, FACE_RELATIVE_AREA_IN_IMAGE, YAW_ANGLE, PITCH_ANGLE, SHARPNESS_RAW, BRIGHTNESS, CONTRAST and UNIQUE_INTENSITY_LEVELS.
//	@ID				postFacesSpoofCheck
//	@Tags			Face
//	@Accept			json,application/json-patch+json,text/json
//	@Produce		json
//	@Param			request	body		spoofCheckRequest	true	"The picture and the checks"
//	@Success		200		{object}	spoofCheckResponse	"Returns the liveness result."
//	@Header			200		{string}	X-Facekeep-Transaction-Id	"Id under which the check is recorded"
//	@Failure		400		{object}	httpx.Problem		"The sent request was not valid."
//	@Failure		408		{object}	httpx.Problem		"Request has timed out."
//	@Router			/api/v1/Faces/SpoofCheck [post]
func (a *spoofCheckAPI) spoofCheck(c *gin.Context) {
	var req spoofCheckRequest
	if err := httpx.BindJSON(c, &req); err != nil {
		WriteError(c, err)
		return
	}
	check, q, err := req.query(a.resources)
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	found, err := a.gallery.CheckLiveness(ctx, q)
	if err != nil {
		WriteError(c, err)
		return
	}
	check.record(ctx, c, a.recorder, found)
	writeJSON(c, http.StatusOK, newSpoofCheckResponse(check.result(found.Liveness)))
}

func (r *spoofCheckRequest) query(res resources) (spoofCheck, gallery.LivenessQuery, error) {
	var q gallery.LivenessQuery
	kinds, err := res.livenessOfOne("spoofDetectorResourceIds", r.SpoofDetectorResourceIDs)
	if err != nil {
		return spoofCheck{}, q, err
	}
	check, err := newSpoofCheck(kinds, (*spoofConditions)(r.SpoofCheckConfig))
	if err != nil {
		return check, q, err
	}
	in := inspection{}
	in.setProbeConfig(r.FaceDetectorConfig)
	if q.Inspect, err = in.bounds(); err != nil {
		return check, q, err
	}
	if q.Inspect.Detector, err = res.detector("faceDetectorResourceId", r.FaceDetectorResourceID); err != nil {
		return check, q, err
	}
	q.Inspect.Liveness = check.checks
	q.Image, err = r.Image.bytes("image")
	return check, q, err
}

// newSpoofCheckResponse is the verdict in SpoofCheck's own words.
func newSpoofCheckResponse(r spoofResult) spoofCheckResponse {
	return spoofCheckResponse{
		Performed: r.Performed, Passed: r.Passed,
		Distant: (*faceLivenessCheck)(r.Distant), Nearby: (*faceLivenessCheck)(r.Nearby),
	}
}
