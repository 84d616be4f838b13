package smartface

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// registerAPI holds Register and the listing of what it made.
type registerAPI struct {
	gallery   enroller
	timeout   httpx.Timeout
	resources resources
}

// register answers POST /api/v1/WatchlistMembers/Register.
//
//	@Summary		Register a watchlist member
//	@Description	Makes a member with faces from pictures, on one or more watchlists, all of it or nothing. Exactly one face must count in each picture; with maxFaces 1 only the largest does.
//	@Description	An id that is absent, null or empty is made. watchlistIds must exist: PUT the watchlist first.
//	@ID				postWatchlistMembersRegister
//	@Tags			WatchlistMember
//	@Accept			json,application/json-patch+json,text/json
//	@Produce		json
//	@Param			request	body		register				true	"The member, its pictures and its watchlists"
//	@Success		201		{object}	memberWithRelatedData	"Watchlist member was registered successfully."
//	@Failure		400		{object}	httpx.Problem			"The sent request was not valid."
//	@Failure		408		{object}	httpx.Problem			"Request has timed out."
//	@Failure		409		{object}	httpx.Problem			"There was a conflict during the registration of the watchlist member."
//	@Failure		429		{object}	httpx.Problem			"Too many requests."
//	@Router			/api/v1/WatchlistMembers/Register [post]
func (a *registerAPI) register(c *gin.Context) {
	var req register
	if err := httpx.BindJSON(c, &req); err != nil {
		writeRegisterError(c, err)
		return
	}
	r, err := req.enrolment(a.resources)
	if err != nil {
		writeRegisterError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	made, err := a.gallery.Enrol(ctx, r)
	if err != nil {
		writeRegisterError(c, err)
		return
	}
	c.Header("Location", memberLocation(made.Member))
	writeJSON(c, http.StatusCreated, memberWithRelatedData{
		Watchlists: httpx.SliceOf(made.Watchlists, newWatchlist),
		Faces:      httpx.SliceOf(made.Faces, newFace),
		member:     newMember(made.Member),
	})
}

// faces answers GET /api/v1/WatchlistMembers/{id}/Faces.
//
//	@Summary		Retrieve the faces of a watchlist member as a paged collection
//	@Description	Pages are ordered by time of creation, the newest first unless Ascending. An unknown member has an empty page.
//	@ID				getWatchlistMembersByIdFaces
//	@Tags			WatchlistMember
//	@Produce		json
//	@Param			id				path		string			true	"Id of the watchlist member"	example(barack)
//	@Param			Ascending		query		bool			false	"Oldest first"					default(false)
//	@Param			PageNumber		query		int				false	"Page to answer, from 1"		minimum(1)	default(1)		format(int32)
//	@Param			PageSize		query		int				false	"Items of a page; above 1000 is answered as 1000"	minimum(1)	default(100)	format(int32)
//	@Param			ShowTotalCount	query		bool			false	"Count the whole listing"		default(false)
//	@Success		200				{object}	facePage		"Returns the found faces."
//	@Failure		400				{object}	httpx.Problem	"The sent request was not valid."
//	@Router			/api/v1/WatchlistMembers/{id}/Faces [get]
func (a *registerAPI) faces(c *gin.Context) {
	id, err := httpx.PathParam(c, "id")
	if err != nil {
		WriteError(c, err)
		return
	}
	p, err := newPaging(c)
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	page, err := a.gallery.MemberFaces(ctx, id, p.query)
	if err != nil {
		WriteError(c, err)
		return
	}
	writeJSON(c, http.StatusOK, facePage{pageHead: p.head(page.More, page.Total), Items: httpx.SliceOf(page.Items, newFace)})
}

func (r *register) enrolment(res resources) (gallery.EnrolRequest, error) {
	out := gallery.EnrolRequest{
		Member: face.Member{
			ID: httpx.OrDefault(r.ID, ""), DisplayName: r.DisplayName, FullName: r.FullName,
			Note: r.Note, Labels: labelsOf(r.Labels),
		},
		WatchlistIDs: r.WatchlistIDs,
	}
	if len(r.WatchlistIDs) == 0 {
		return out, face.FieldErrorf("watchlistIds", "watchlistIds must hold the id of at least one watchlist")
	}
	in := inspection{detectorID: r.FaceDetectorResourceID, extractorID: r.TemplateGeneratorResourceID}
	in.setConfig(r.FaceDetectorConfig)
	var err error
	if out.Inspect, err = in.storing(res); err != nil {
		return out, err
	}
	out.Pictures, err = r.pictures()
	return out, err
}

func (r *register) pictures() ([]gallery.EnrolImage, error) {
	if len(r.Images) == 0 {
		return nil, face.FieldErrorf("images", "images must hold at least one picture")
	}
	out := make([]gallery.EnrolImage, len(r.Images))
	for i := range r.Images {
		var err error
		if out[i], err = r.Images[i].picture(fmt.Sprintf("images[%d]", i)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (i *registrationImage) picture(field string) (out gallery.EnrolImage, err error) {
	if out.Data, err = i.Data.Bytes(field + ".data"); err != nil {
		return out, err
	}
	out.FaceID, err = presetID(field+".faceId", i.FaceID)
	return out, err
}

// presetID reads an id that the client may choose. The UUID of zeros is what
// some clients send for none.
func presetID(field string, text *string) (uuid.UUID, error) {
	if text == nil {
		return uuid.Nil, nil
	}
	id, err := uuid.Parse(*text)
	if err != nil {
		return uuid.Nil, face.FieldErrorf(field, "%s must be a UUID or null", field)
	}
	return id, nil
}
