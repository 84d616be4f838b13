package facesearch

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// faceAPI holds the operations on the faces of people.
type faceAPI struct {
	gallery faceKeeper
	show    shower
	timeout httpx.Timeout
}

// add answers POST /persons/{person_id}/faces.
//
//	@Summary		Give a person another face
//	@Description	Not in the original. The picture must hold exactly one face. The next search finds the person by it, in every collection that the person is in.
//	@ID				addFace
//	@Tags			Persons
//	@Accept			json
//	@Produce		json
//	@Security		ApiKey
//	@Param			person_id			path		string		true	"Id of the person"	example(barack)
//	@Param			request				body		faceRequest	true	"A picture of the face"
//	@Success		201					{object}	personFace	"The face was enrolled."
//	@Failure		400,401,403,404,422	{object}	errorBody	"The picture shows no face; there is no key, or none that is valid for this; there is no such person; or the body or the picture is wrong"
//	@Router			/persons/{person_id}/faces [post]
func (a *faceAPI) add(c *gin.Context) {
	id, err := httpx.PathParam(c, "person_id")
	if err != nil {
		WriteError(c, err)
		return
	}
	var req faceRequest
	if err := httpx.BindJSON(c, &req); err != nil {
		WriteError(c, err)
		return
	}
	picture, err := pictureOf("face_base_64", req.Face)
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	shown, err := a.enrol(ctx, id, picture)
	if err != nil {
		WriteError(c, err)
		return
	}
	writeJSON(c, http.StatusCreated, shown)
}

func (a *faceAPI) enrol(ctx context.Context, id string, picture []byte) (personFace, error) {
	f, err := a.gallery.AddFace(ctx, gallery.AddFaceRequest{
		MemberID: id, Picture: gallery.EnrolImage{Data: picture}, Inspect: face.InspectOptions{MinFaceSize: minFaceSize},
	})
	if err != nil {
		return personFace{}, aboutEnrolment(err)
	}
	return a.show.face(ctx, f)
}

// remove answers DELETE /persons/{person_id}/faces/{face_id}.
//
//	@Summary		Remove a face of a person
//	@Description	Not in the original. The next search does not find the person by it. A person may be left without a face.
//	@ID				removeFace
//	@Tags			Persons
//	@Produce		json
//	@Security		ApiKey
//	@Param			person_id		path	string	true	"Id of the person"	example(barack)
//	@Param			face_id			path	string	true	"Id of the face"	format(uuid)	example(0198c1f4-9d57-7a83-a0c9-5d8b5f4f6a10)
//	@Success		204				"The face was removed."
//	@Failure		401,403,404,422	{object}	errorBody	"There is no key, or none that is valid for this; there is no such person or face; or the id of the face is no UUID"
//	@Router			/persons/{person_id}/faces/{face_id} [delete]
func (a *faceAPI) remove(c *gin.Context) {
	id, err := httpx.PathParam(c, "person_id")
	if err != nil {
		WriteError(c, err)
		return
	}
	faceID, err := uuid.Parse(c.Param("face_id"))
	if err != nil {
		WriteError(c, face.FieldErrorf("face_id", "face_id must be a UUID"))
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	if err := a.gallery.RemoveFace(ctx, id, faceID); err != nil {
		WriteError(c, err)
		return
	}
	httpx.NoContent(c)
}
