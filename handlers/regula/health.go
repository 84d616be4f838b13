package regula

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/handlers/httpx"
)

// healthAPI holds the operations that ask whether the service can answer. The
// original ones ask for its licence; here they ask for the parts that answers
// need.
type healthAPI struct {
	version string
	ready   []httpx.Check
}

const (
	stateOK          = "ok"
	stateUnavailable = "unavailable"
)

// readiness answers GET /api/readiness.
//
//	@Summary		Whether the service can answer
//	@Description	200 when every part of the server is there, 400 when one is missing: the original answers 400 without a valid licence, of which there is none here.
//	@ID				readiness
//	@Tags			health
//	@Produce		json
//	@Param			X-RequestID	header		string		false	"Label of the request, echoed and logged"
//	@Success		200			{object}	readiness	"All parts are there."
//	@Failure		400			{object}	readiness	"A part is missing."
//	@Router			/api/readiness [get]
func (a *healthAPI) readiness(c *gin.Context) {
	status, out := a.state(c)
	writeJSON(c, status, out)
}

// readyz answers GET /api/readyz.
//
//	@Summary		Whether the service can answer
//	@Description	As readiness, without a body.
//	@ID				readyz
//	@Tags			health
//	@Param			X-RequestID	header	string	false	"Label of the request, echoed and logged"
//	@Success		200			"All parts are there."
//	@Failure		400			"A part is missing."
//	@Router			/api/readyz [get]
func (a *healthAPI) readyz(c *gin.Context) {
	status, _ := a.state(c)
	c.Status(status)
	c.Writer.WriteHeaderNow()
}

// info answers GET /api/healthz.
//
//	@Summary		What runs here
//	@Description	Nothing here needs a licence: what would tell of one is null.
//	@ID				healthz
//	@Tags			health
//	@Produce		json
//	@Param			X-RequestID	header		string		false	"Label of the request, echoed and logged"
//	@Success		200			{object}	deviceInfo	"The service runs."
//	@Router			/api/healthz [get]
func (a *healthAPI) info(c *gin.Context) {
	httpx.Quiet(c)
	writeJSON(c, http.StatusOK, deviceInfo{App: "Facekeep", Version: &a.version})
}

func (a *healthAPI) state(c *gin.Context) (int, readiness) {
	httpx.Quiet(c)
	status, out := http.StatusOK, readiness{Status: stateOK, Parts: make(map[string]string, len(a.ready))}
	for _, check := range a.ready {
		out.Parts[check.Name] = stateOK
		if _, err := check.Run(c); err != nil {
			httpx.KeepError(c, err)
			status, out.Status, out.Parts[check.Name] = http.StatusBadRequest, stateUnavailable, stateUnavailable
		}
	}
	return status, out
}
