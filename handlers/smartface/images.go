package smartface

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// maxEdge bounds the sizes that pictures are scaled to, in pixels: a stored
// crop is much smaller, and a picture scaled up tells nothing new.
const maxEdge = 4096

// imageAPI holds Images.
type imageAPI struct {
	gallery imageKeeper
	timeout httpx.Timeout
}

// get answers GET /api/v1/Images/{id}.
//
//	@Summary		Retrieve the image by its id
//	@Description	The crop of an enrolled face, by the imageDataId of the face. minSize scales it so that the smaller edge has that many pixels, maxSize so that the larger one has; with both, minSize comes first and maxSize caps it.
//	@ID				getImagesById
//	@Tags			Image
//	@Produce		jpeg,application/problem+json
//	@Param			id		path		string			true	"Id of the image"							format(uuid)
//	@Param			minSize	query		int				false	"Pixels of the smaller edge"	minimum(1)	maximum(4096)	format(int32)
//	@Param			maxSize	query		int				false	"Pixels of the larger edge"		minimum(1)	maximum(4096)	format(int32)
//	@Success		200		{file}		file			"Returns requested image"
//	@Failure		400		{object}	httpx.Problem	"The sent request was not valid."
//	@Failure		404		{object}	httpx.Problem	"The image with given id was not found."
//	@Router			/api/v1/Images/{id} [get]
func (a *imageAPI) get(c *gin.Context) {
	id, err := imageID(c)
	if err != nil {
		WriteError(c, err)
		return
	}
	size, err := imageSize(c)
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	image, err := a.gallery.Image(ctx, id, size)
	if err != nil {
		WriteError(c, err)
		return
	}
	c.Data(http.StatusOK, image.MediaType, image.Data)
}

func imageID(c *gin.Context) (uuid.UUID, error) {
	text, err := httpx.PathParam(c, "id")
	if err != nil {
		return uuid.Nil, err
	}
	id, err := uuid.Parse(text)
	if err != nil {
		return uuid.Nil, face.FieldErrorf("id", "the id of an image must be a UUID")
	}
	return id, nil
}

func imageSize(c *gin.Context) (gallery.ImageSize, error) {
	var size gallery.ImageSize
	q, err := httpx.ParseQuery(c)
	if err != nil {
		return size, err
	}
	if size.MinEdge, err = q.Int("minSize", 0, 1, maxEdge); err != nil {
		return size, err
	}
	size.MaxEdge, err = q.Int("maxSize", 0, 1, maxEdge)
	return size, err
}
