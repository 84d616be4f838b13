package regula

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// inspector is what Detect needs of the gallery.
type inspector interface {
	Inspect(ctx context.Context, image []byte, opts face.InspectOptions) (face.Inspection, error)
}

// detectAPI holds Detect.
type detectAPI struct {
	gallery inspector
	timeout httpx.Timeout
}

// detect answers POST /api/detect.
//
//	@Summary		Find the faces of a picture, and assess them
//	@Description	All faces are told of, the largest first, or with onlyCentralFace the most central one. Quality, attributes and crops are told where they are asked for. A scenario that is known stands for a set of parameters, and all others of the request are ignored.
//	@Description	A picture in which nothing is found, or that cannot be read, is a code in an answer of status 200.
//	@ID				detect
//	@Tags			matching
//	@Accept			json
//	@Produce		json
//	@Param			X-RequestID	header		string			false	"Label of the request, echoed and logged"
//	@Param			request		body		detectRequest	true	"The picture, and what to tell of it"
//	@Success		200			{object}	detectResponse	"What was found, or the code of what went wrong with the picture."
//	@Failure		400			{object}	operationLog	"Bad request. Check your input data."
//	@Failure		403			{object}	operationLog	"The key does not allow this. Nothing here needs a licence."
//	@Router			/api/detect [post]
func (a *detectAPI) detect(c *gin.Context) {
	start := time.Now()
	var req detectRequest
	if err := httpx.BindJSON(c, &req); err != nil {
		WriteError(c, err)
		return
	}
	p, err := req.plan()
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	found, err := a.inspect(ctx, &req, p.options)
	code, failed := outcome(err, len(found.Faces))
	if failed {
		WriteError(c, err)
		return
	}
	if err != nil {
		httpx.KeepError(c, err)
	}
	writeJSON(c, http.StatusOK, p.answer(code, err, &found, time.Since(start)))
}

// inspect looks at the picture of a request.
func (a *detectAPI) inspect(ctx context.Context, req *detectRequest, o face.InspectOptions) (face.Inspection, error) {
	if req.Image.Empty() {
		return face.Inspection{}, errEmpty
	}
	image, err := req.Image.Bytes("image")
	if err != nil {
		return face.Inspection{}, err
	}
	return a.gallery.Inspect(ctx, image, o)
}

// detectPlan is what a request asks for.
type detectPlan struct {
	scenario   string // as it is echoed; "" for none
	options    face.InspectOptions
	wanted     wanted
	criteria   []criterion // nil: no quality
	attributes []attribute // nil: no attributes
	background *[3]uint8   // that the background is compared with
}

// plan returns what the request asks for, by its scenario or by its parameters.
func (r *detectRequest) plan() (detectPlan, error) {
	params := httpx.OrDefault(r.ProcessParam, processParam{})
	var p detectPlan
	var err error
	if s, ok := scenarios()[httpx.OrDefault(params.Scenario, "")]; ok {
		p = s.plan()
		p.scenario = *params.Scenario
	} else if p, err = params.plan(bool(httpx.OrDefault(r.Thumbnails, false))); err != nil {
		return p, err
	}
	need(p.criteria, &p.options)
	for _, a := range p.attributes {
		if a.need != nil {
			a.need(&p.options)
		}
	}
	return p, checkTag(r.Tag)
}

func (s *scenario) plan() detectPlan {
	p := detectPlan{options: face.InspectOptions{Central: s.central, Portrait: s.portrait}, wanted: s.wanted}
	if s.quality {
		p.criteria = usualCriteria(s.except, s.ranges)
	}
	if s.attributes {
		p.attributes = allAttributes()
	}
	return p
}

func (r *processParam) plan(thumbnails bool) (p detectPlan, err error) {
	p.options.Central = bool(httpx.OrDefault(r.OnlyCentralFace, false))
	if p.wanted, p.options.Portrait, err = r.OutputImageParams.wanted("processParam.outputImageParams", thumbnails); err != nil {
		return p, err
	}
	if q := r.Quality; q != nil {
		if p.criteria, err = q.criteria("processParam.quality"); err != nil {
			return p, err
		}
		if p.background, err = colour("processParam.quality.backgroundMatchColor", q.BackgroundMatchColor); err != nil {
			return p, err
		}
	}
	if r.Attributes != nil {
		p.attributes, err = r.Attributes.wanted("processParam.attributes")
	}
	return p, err
}

// answer writes what was found.
func (p *detectPlan) answer(code resultCode, err error, found *face.Inspection, took time.Duration) detectResponse {
	out := detectResponse{Code: code, Results: detectResult{
		Detections: []detection{}, Scenario: p.scenario,
		Timer: took.Seconds(), ElapsedTime: float64(took.Microseconds()) / 1000,
	}}
	if code != codeOK {
		out.Msg = messageOf(code, err)
	}
	for i := range found.Faces {
		out.Results.Detections = append(out.Results.Detections, p.detection(found, &found.Faces[i]))
	}
	return out
}

func (p *detectPlan) detection(found *face.Inspection, f *face.Inspected) detection {
	s := &assessed{picture: found, face: f, background: p.background}
	d := detection{Landmarks: landmarksOf(f.Landmarks), ROI: roiOf(f.Box), portraits: p.wanted.portraits(f)}
	if p.criteria != nil {
		d.Quality = s.assess(p.criteria)
	}
	if p.attributes != nil {
		d.Attributes = s.tell(p.attributes)
	}
	return d
}
