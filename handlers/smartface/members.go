package smartface

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// memberAPI holds the operations on watchlist members.
type memberAPI struct {
	gallery memberKeeper
	timeout httpx.Timeout
}

// list answers GET /api/v1/WatchlistMembers.
//
//	@Summary		Retrieve the watchlist members as a paged collection
//	@Description	Pages are ordered by time of creation, the newest first unless Ascending. nextPage is null on the last page.
//	@ID				getWatchlistMembers
//	@Tags			WatchlistMember
//	@Produce		json
//	@Param			Ascending		query		bool			false	"Oldest first"					default(false)
//	@Param			PageNumber		query		int				false	"Page to answer, from 1"		minimum(1)	default(1)		format(int32)
//	@Param			PageSize		query		int				false	"Items of a page; above 1000 is answered as 1000"	minimum(1)	default(100)	format(int32)
//	@Param			ShowTotalCount	query		bool			false	"Count the whole listing"		default(false)
//	@Success		200				{object}	memberPage		"Returns the found watchlist members."
//	@Failure		400				{object}	httpx.Problem	"The sent request was not valid."
//	@Router			/api/v1/WatchlistMembers [get]
func (a *memberAPI) list(c *gin.Context) {
	p, err := newPaging(c)
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	page, err := a.gallery.Members(ctx, p.query)
	if err != nil {
		WriteError(c, err)
		return
	}
	writeJSON(c, http.StatusOK, memberPage{pageHead: p.head(page.More, page.Total), Items: httpx.SliceOf(page.Items, newMember)})
}

// create answers POST /api/v1/WatchlistMembers.
//
//	@Summary		Create a new watchlist member
//	@Description	The id is made. The member has no face and is on no watchlist yet: Register does all of it at once.
//	@ID				postWatchlistMembers
//	@Tags			WatchlistMember
//	@Accept			json,application/json-patch+json,text/json
//	@Produce		json
//	@Param			request	body		memberCreate	true	"Names, note and labels of the member"
//	@Success		201		{object}	member			"Watchlist member was created successfully."
//	@Failure		400		{object}	httpx.Problem	"The sent request was not valid."
//	@Failure		409		{object}	httpx.Problem	"There was a conflict while creating the new watchlist member."
//	@Router			/api/v1/WatchlistMembers [post]
func (a *memberAPI) create(c *gin.Context) {
	var req memberCreate
	if err := httpx.BindJSON(c, &req); err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	m, err := a.gallery.CreateMember(ctx, req.member())
	if err != nil {
		WriteError(c, err)
		return
	}
	c.Header("Location", memberLocation(m))
	writeJSON(c, http.StatusCreated, newMember(m))
}

// upsert answers PUT /api/v1/WatchlistMembers.
//
//	@Summary		Upsert the watchlist member
//	@Description	A member with this id is updated; without one, it is created with this id. Names, note and labels become what is sent; what is left out becomes null, labels become empty.
//	@ID				putWatchlistMembers
//	@Tags			WatchlistMember
//	@Accept			json,application/json-patch+json,text/json
//	@Produce		json
//	@Param			request	body		memberUpsert	true	"Id, names, note and labels of the member"
//	@Success		200		{object}	member			"Watchlist member was updated successfully."
//	@Failure		400		{object}	httpx.Problem	"The sent request was not valid."
//	@Router			/api/v1/WatchlistMembers [put]
func (a *memberAPI) upsert(c *gin.Context) {
	var req memberUpsert
	if err := httpx.BindJSON(c, &req); err != nil {
		WriteError(c, err)
		return
	}
	m, err := req.member()
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	if m, err = a.gallery.UpsertMember(ctx, m); err != nil {
		WriteError(c, err)
		return
	}
	writeJSON(c, http.StatusOK, newMember(m))
}

// get answers GET /api/v1/WatchlistMembers/{id}.
//
//	@Summary	Retrieve the watchlist member by its id
//	@ID			getWatchlistMembersById
//	@Tags		WatchlistMember
//	@Produce	json
//	@Param		id	path		string			true	"Id of the watchlist member"	example(barack)
//	@Success	200	{object}	member			"Returns the found watchlist member."
//	@Failure	404	{object}	httpx.Problem	"The watchlist member with given id was not found."
//	@Router		/api/v1/WatchlistMembers/{id} [get]
func (a *memberAPI) get(c *gin.Context) {
	id, err := httpx.PathParam(c, "id")
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	m, err := a.gallery.Member(ctx, id)
	if err != nil {
		WriteError(c, err)
		return
	}
	writeJSON(c, http.StatusOK, newMember(m))
}

// remove answers DELETE /api/v1/WatchlistMembers/{id}.
//
//	@Summary		Delete a watchlist member by its id
//	@Description	The member goes from all watchlists, and its faces, templates and images go with it.
//	@ID				deleteWatchlistMembersById
//	@Tags			WatchlistMember
//	@Produce		json
//	@Param			id	path	string	true	"Id of the watchlist member"	example(barack)
//	@Success		204	"The watchlist member with given id was deleted successfully."
//	@Failure		404	{object}	httpx.Problem	"The watchlist member with given id was not found."
//	@Router			/api/v1/WatchlistMembers/{id} [delete]
func (a *memberAPI) remove(c *gin.Context) {
	id, err := httpx.PathParam(c, "id")
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	if err := a.gallery.DeleteMember(ctx, id); err != nil {
		WriteError(c, err)
		return
	}
	httpx.NoContent(c)
}

func memberLocation(m face.Member) string {
	return Prefix + "/WatchlistMembers/" + url.PathEscape(m.ID)
}

func newMember(m face.Member) member {
	return member{
		ID: m.ID, DisplayName: m.DisplayName, FullName: m.FullName, Note: m.Note,
		Labels:    newLabels(m.Labels),
		CreatedAt: httpx.TimeText(m.CreatedAt), UpdatedAt: timeOrNull(m.UpdatedAt),
	}
}

func (r *memberCreate) member() face.Member {
	return face.Member{DisplayName: r.DisplayName, FullName: r.FullName, Note: r.Note, Labels: labelsOf(r.Labels)}
}

func (r *memberUpsert) member() (face.Member, error) {
	id, err := requiredID("id", r.ID)
	return face.Member{
		ID: id, DisplayName: r.DisplayName, FullName: r.FullName, Note: r.Note, Labels: labelsOf(r.Labels),
	}, err
}
