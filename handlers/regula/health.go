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
	ready []httpx.Check
}

// readiness answers GET /api/readiness.
//
//	@Summary		Whether the service can answer
//	@Description	200 when every part of the server is there, 400 when one is missing: the original answers 400 without a valid licence, of which there is none here.
//	@ID				readiness
//	@Tags			health
//	@Produce		json
//	@Param			X-RequestID	header		string			false	"Label of the request, echoed and logged"
//	@Success		200			{object}	readiness		"All parts are there."
//	@Failure		400			{object}	operationLog	"A part is missing."
//	@Router			/api/readiness [get]
func (a *healthAPI) readiness(c *gin.Context) {
	if a.check(c) {
		writeJSON(c, http.StatusOK, readiness{Status: "ok"})
	}
}

// readyz answers GET /api/readyz.
//
//	@Summary		Whether the service can answer
//	@Description	As readiness, without a body where all is well.
//	@ID				readyz
//	@Tags			health
//	@Param			X-RequestID	header	string	false	"Label of the request, echoed and logged"
//	@Success		200			"All parts are there."
//	@Failure		400			{object}	operationLog	"A part is missing."
//	@Router			/api/readyz [get]
func (a *healthAPI) readyz(c *gin.Context) {
	if a.check(c) {
		c.Status(http.StatusOK)
		c.Writer.WriteHeaderNow()
	}
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
	writeJSON(c, http.StatusOK, deviceInfo{App: "Facekeep"})
}

// check reports whether all parts are there, and answers where one is not.
func (a *healthAPI) check(c *gin.Context) bool {
	httpx.Quiet(c)
	for _, part := range a.ready {
		if _, err := part.Run(c); err != nil {
			writeLog(c, http.StatusBadRequest, typeOf(http.StatusServiceUnavailable), part.Name+" is not there", err)
			return false
		}
	}
	return true
}
