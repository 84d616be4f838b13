package smartface

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// memberFaceAPI holds the operations that change the faces of a member.
type memberFaceAPI struct {
	gallery   faceKeeper
	timeout   httpx.Timeout
	resources resources
}

// addNew answers POST /api/v1/WatchlistMembers/{id}/AddNewFace.
//
//	@Summary		Add a new face to a watchlist member by a picture
//	@Description	The member is found by this face as well from now on, on every watchlist it is on. Exactly one face must count in the picture; with maxFaces 1 only the largest does.
//	@ID				postWatchlistMembersByIdAddNewFace
//	@Tags			WatchlistMember
//	@Accept			json,application/json-patch+json,text/json
//	@Produce		json
//	@Param			id		path		string			true	"Id of the watchlist member"	example(barack)
//	@Param			request	body		addNewFace		true	"The picture"
//	@Success		201		{object}	faceData		"The created face which was added to the watchlist member."
//	@Failure		400		{object}	httpx.Problem	"The sent request was not valid."
//	@Failure		404		{object}	httpx.Problem	"The watchlist member was not found."
//	@Failure		408		{object}	httpx.Problem	"Request has timed out."
//	@Failure		409		{object}	httpx.Problem	"There was a conflict adding the new face to the watchlist member."
//	@Router			/api/v1/WatchlistMembers/{id}/AddNewFace [post]
func (a *memberFaceAPI) addNew(c *gin.Context) {
	id, err := httpx.PathParam(c, "id")
	if err != nil {
		WriteError(c, err)
		return
	}
	var req addNewFace
	if err := httpx.BindJSON(c, &req); err != nil {
		WriteError(c, err)
		return
	}
	r, err := req.addition(id, a.resources)
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	added, err := a.gallery.AddFace(ctx, r)
	if err != nil {
		WriteError(c, err)
		return
	}
	writeJSON(c, http.StatusCreated, newFace(added))
}

// addFromSystem answers POST /api/v1/WatchlistMembers/{id}/AddFaceFromSystem.
//
//	@Summary		Add a face of the system to a watchlist member
//	@Description	Every face that this server stores belongs to a member, and is deleted with it or by RemoveFace. So the answer is 404 for a face or member that is not there, and 409 for a face that is: it is somebody's already. To give a member another face, use AddNewFace.
//	@ID				postWatchlistMembersByIdAddFaceFromSystem
//	@Tags			WatchlistMember
//	@Accept			json,application/json-patch+json,text/json
//	@Produce		json
//	@Param			id		path	string			true	"Id of the watchlist member"	example(barack)
//	@Param			request	body	faceLink		true	"Id of the face"
//	@Success		204		"The face was successfully added to the watchlist member."
//	@Failure		400		{object}	httpx.Problem	"The sent request was not valid."
//	@Failure		404		{object}	httpx.Problem	"The face or watchlist member was not found."
//	@Failure		409		{object}	httpx.Problem	"There was a conflict adding the specified face to the watchlist member."
//	@Router			/api/v1/WatchlistMembers/{id}/AddFaceFromSystem [post]
func (a *memberFaceAPI) addFromSystem(c *gin.Context) {
	var req faceLink
	if err := httpx.BindJSON(c, &req); err != nil {
		WriteError(c, err)
		return
	}
	a.change(c, req.FaceID, a.gallery.AssignFace)
}

// remove answers POST /api/v1/WatchlistMembers/{id}/RemoveFace.
//
//	@Summary		Remove a face from a watchlist member
//	@Description	The face is deleted with its template and image, and the member is not found by it any more. The member stays, even without a face.
//	@ID				postWatchlistMembersByIdRemoveFace
//	@Tags			WatchlistMember
//	@Accept			json,application/json-patch+json,text/json
//	@Produce		json
//	@Param			id		path	string			true	"Id of the watchlist member"	example(barack)
//	@Param			request	body	faceRemoval		true	"Id of the face"
//	@Success		204		"The face was successfully removed from watchlist member."
//	@Failure		400		{object}	httpx.Problem	"The sent request was not valid."
//	@Failure		404		{object}	httpx.Problem	"The face or watchlist member was not found."
//	@Router			/api/v1/WatchlistMembers/{id}/RemoveFace [post]
func (a *memberFaceAPI) remove(c *gin.Context) {
	var req faceRemoval
	if err := httpx.BindJSON(c, &req); err != nil {
		WriteError(c, err)
		return
	}
	a.change(c, req.FaceID, a.gallery.RemoveFace)
}

// change does something with a face of the member that the path names.
func (a *memberFaceAPI) change(c *gin.Context, face *string, do func(ctx context.Context, memberID string, faceID uuid.UUID) error) {
	memberID, err := httpx.PathParam(c, "id")
	if err != nil {
		WriteError(c, err)
		return
	}
	faceID, err := requiredUUID("faceId", face)
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	if err := do(ctx, memberID, faceID); err != nil {
		WriteError(c, err)
		return
	}
	httpx.NoContent(c)
}

func (r *addNewFace) addition(memberID string, res resources) (gallery.AddFaceRequest, error) {
	out := gallery.AddFaceRequest{MemberID: memberID}
	in := inspection{detectorID: r.FaceDetectorResourceID, extractorID: r.TemplateGeneratorResourceID}
	in.setConfig(r.FaceDetectorConfig)
	var err error
	if out.Inspect, err = in.storing(res); err != nil {
		return out, err
	}
	if r.ImageData == nil {
		return out, face.FieldErrorf("imageData", "imageData is required")
	}
	out.Picture, err = r.ImageData.picture("imageData")
	return out, err
}
