package regula

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// matcher is what Match needs of the gallery.
type matcher interface {
	Match(ctx context.Context, q gallery.MatchQuery) (gallery.Matched, error)
}

// matchAPI holds Match.
type matchAPI struct {
	gallery matcher
	timeout httpx.Timeout
}

// match answers POST /api/match.
//
//	@Summary		Compare the faces of pictures, each with each
//	@Description	Of each picture the most central face is compared, with detectAll all faces, also with each other. similarity is 0 to 1, the higher the nearer; score runs the other way.
//	@Description	What is wrong with a picture is the status of its detection. code is 0 if any two faces were compared.
//	@ID				match
//	@Tags			matching
//	@Accept			json
//	@Produce		json
//	@Param			X-RequestID	header		string			false	"Label of the request, echoed and logged"
//	@Param			request		body		matchRequest	true	"The pictures, at most 32"
//	@Success		200			{object}	matchResponse	"What was found and compared, or the code of what went wrong with the pictures."
//	@Failure		400			{object}	operationLog	"Bad request. Check your input data."
//	@Failure		403			{object}	operationLog	"The key does not allow this. Nothing here needs a licence."
//	@Router			/api/match [post]
func (a *matchAPI) match(c *gin.Context) {
	var req matchRequest
	if err := httpx.BindJSON(c, &req); err != nil {
		WriteError(c, err)
		return
	}
	m, err := req.comparison()
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	code, failed, err := m.compare(ctx, a.gallery)
	if failed {
		WriteError(c, err)
		return
	}
	if err != nil {
		httpx.KeepError(c, err)
	}
	writeJSON(c, http.StatusOK, m.answer(code, err))
}
