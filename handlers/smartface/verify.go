package smartface

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// verifyAPI holds Verify.
type verifyAPI struct {
	gallery   verifier
	timeout   httpx.Timeout
	resources resources
}

// verify answers POST /api/v1/Faces/Verify.
//
//	@Summary		Tell how sure it is that two faces belong to one person
//	@Description	Compares the largest face of each picture. The confidence is on the scale of Search's scores, and the verdict is the caller's: 40 is one false match in 10,000.
//	@ID				postFacesVerify
//	@Tags			Face
//	@Accept			json,application/json-patch+json,text/json
//	@Produce		json
//	@Param			request	body		verifyRequest	true	"The two pictures"
//	@Success		200		{object}	verifyResponse	"Returns the verification result."
//	@Failure		400		{object}	httpx.Problem	"The sent request was not valid."
//	@Failure		408		{object}	httpx.Problem	"Request has timed out."
//	@Router			/api/v1/Faces/Verify [post]
func (a *verifyAPI) verify(c *gin.Context) {
	var req verifyRequest
	if err := httpx.BindJSON(c, &req); err != nil {
		WriteError(c, err)
		return
	}
	q, err := req.query(a.resources)
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	v, err := a.gallery.Verify(ctx, q)
	if err != nil {
		WriteError(c, err)
		return
	}
	all := newFeatures(nil, nil)
	writeJSON(c, http.StatusOK, verifyResponse{
		Confidence:           float64(v.Score),
		ProbeFaceDetails:     all.attributes(v.Probe.Finding, 1),
		ReferenceFaceDetails: all.attributes(v.Reference.Finding, 1),
	})
}

func (r *verifyRequest) query(res resources) (gallery.VerifyQuery, error) {
	var q gallery.VerifyQuery
	var err error
	if q.Probe, err = r.ProbeImage.side("probeImage", res); err != nil {
		return q, err
	}
	q.Reference, err = r.ReferenceImage.side("referenceImage", res)
	return q, err
}

func (p *faceProbe) side(field string, res resources) (gallery.VerifySide, error) {
	if p == nil {
		return gallery.VerifySide{}, face.FieldErrorf(field, "%s is required", field)
	}
	in := inspection{field: field + ".", detectorID: p.FaceDetectorResourceID, extractorID: p.TemplateGeneratorResourceID}
	in.setProbeConfig(p.FaceDetectorConfig)
	opts, err := in.options(res)
	if err != nil {
		return gallery.VerifySide{}, err
	}
	opts.MaxFaces = 1
	data, err := p.Image.bytes(field + ".image")
	return gallery.VerifySide{Image: data, Inspect: opts}, err
}
