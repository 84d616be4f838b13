package regula

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// groupKeeper is what the group routes need of the gallery.
type groupKeeper interface {
	WatchlistByUUID(ctx context.Context, id uuid.UUID) (face.Watchlist, error)
	Watchlists(ctx context.Context, q face.PageQuery) (face.Page[face.Watchlist], error)
	CreateWatchlist(ctx context.Context, w face.Watchlist) (face.Watchlist, error)
	ChangeWatchlist(ctx context.Context, id string, change func(*face.Watchlist)) (face.Watchlist, error)
	DeleteWatchlist(ctx context.Context, id string) error
}

// groupAPI holds the operations on groups.
type groupAPI struct {
	gallery groupKeeper
	timeout httpx.Timeout
}

// list answers GET /api/groups.
//
//	@Summary	Get all groups, the newest first
//	@ID			get_all_groups
//	@Tags		group
//	@Produce	json
//	@Param		X-RequestID	header		string			false	"Label of the request, echoed and logged"
//	@Param		page		query		int				false	"Page to answer"							minimum(1)	default(1)
//	@Param		size		query		int				false	"Items of a page; above 1000 counts as 1000"	minimum(1)	default(1000)
//	@Success	200			{object}	groupPage		"The groups."
//	@Failure	400			{object}	operationLog	"Bad request. Check your input data."
//	@Router		/api/groups [get]
func (a *groupAPI) list(c *gin.Context) {
	q, err := newPaging(c)
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	page, err := a.gallery.Watchlists(ctx, q)
	if err != nil {
		WriteError(c, err)
		return
	}
	writeJSON(c, http.StatusOK, groupPage{Items: httpx.SliceOf(page.Items, newGroup), pageHead: newPageHead(q, page.Total)})
}

// create answers POST /api/groups.
//
//	@Summary	Create a group
//	@ID			create_group
//	@Tags		group
//	@Accept		json
//	@Produce	json
//	@Param		X-RequestID	header		string			false	"Label of the request, echoed and logged"
//	@Param		request		body		groupFields		true	"Name and metadata of the group"
//	@Success	201			{object}	group			"The group."
//	@Failure	400			{object}	operationLog	"Bad request. Check your input data."
//	@Router		/api/groups [post]
func (a *groupAPI) create(c *gin.Context) {
	name, metadata, err := bindGroup(c)
	if err != nil {
		WriteError(c, err)
		return
	}
	id, err := newID()
	if err != nil {
		WriteError(c, err)
		return
	}
	w := newWatchlist(id, name)
	w.Metadata = metadata
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	if w, err = a.gallery.CreateWatchlist(ctx, w); err != nil {
		WriteError(c, err)
		return
	}
	writeJSON(c, http.StatusCreated, newGroup(w))
}

// get answers GET /api/groups/{groupId}.
//
//	@Summary	Get a group
//	@ID			get_group
//	@Tags		group
//	@Produce	json
//	@Param		X-RequestID	header		string			false	"Label of the request, echoed and logged"
//	@Param		groupId		path		string			true	"Id of the group"	format(uuid)
//	@Success	200			{object}	group			"The group."
//	@Failure	400			{object}	operationLog	"Bad request. Check your input data."
//	@Failure	404			{object}	operationLog	"Group with the groupId is not found."
//	@Router		/api/groups/{groupId} [get]
func (a *groupAPI) get(c *gin.Context) {
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	w, err := pathGroup(ctx, c, a.gallery)
	if err != nil {
		WriteError(c, err)
		return
	}
	writeJSON(c, http.StatusOK, newGroup(w))
}

// update answers PUT /api/groups/{groupId}.
//
//	@Summary		Update a group
//	@Description	Name and metadata are replaced.
//	@ID				update_group
//	@Tags			group
//	@Accept			json
//	@Produce		json
//	@Param			X-RequestID	header		string			false	"Label of the request, echoed and logged"
//	@Param			groupId		path		string			true	"Id of the group"	format(uuid)
//	@Param			request		body		groupFields		true	"Name and metadata of the group"
//	@Success		204			"The group was updated."
//	@Failure		400			{object}	operationLog	"Bad request. Check your input data."
//	@Failure		404			{object}	operationLog	"Group with the groupId is not found."
//	@Router			/api/groups/{groupId} [put]
func (a *groupAPI) update(c *gin.Context) {
	name, metadata, err := bindGroup(c)
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	w, err := pathGroup(ctx, c, a.gallery)
	if err != nil {
		WriteError(c, err)
		return
	}
	_, err = a.gallery.ChangeWatchlist(ctx, w.ID, func(w *face.Watchlist) {
		w.Rename(name)
		w.Metadata = metadata
	})
	if err != nil {
		WriteError(c, err)
		return
	}
	httpx.NoContent(c)
}

// remove answers DELETE /api/groups/{groupId}.
//
//	@Summary		Delete a group
//	@Description	The persons stay, and so do the other groups that they are in. A person that is in no group is not found by a search.
//	@ID				delete_group
//	@Tags			group
//	@Produce		json
//	@Param			X-RequestID	header		string			false	"Label of the request, echoed and logged"
//	@Param			groupId		path		string			true	"Id of the group"	format(uuid)
//	@Success		204			"The group was deleted."
//	@Failure		404			{object}	operationLog	"Group with the groupId is not found."
//	@Router			/api/groups/{groupId} [delete]
func (a *groupAPI) remove(c *gin.Context) {
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	w, err := pathGroup(ctx, c, a.gallery)
	if face.FieldOf(err) != "" { // the contract has no other answer for what names no group
		err = face.Errorf(face.NotFound, "Group was not found: %s", face.MessageOf(err))
	}
	if err != nil {
		WriteError(c, err)
		return
	}
	if err := a.gallery.DeleteWatchlist(ctx, w.ID); err != nil {
		WriteError(c, err)
		return
	}
	httpx.NoContent(c)
}

// bindGroup reads the body of POST and PUT.
func bindGroup(c *gin.Context) (name string, metadata json.RawMessage, err error) {
	var req groupFields
	if err := httpx.BindJSON(c, &req); err != nil {
		return "", nil, err
	}
	switch {
	case req.Name == nil:
		return "", nil, face.FieldErrorf("name", "name is required")
	case req.Metadata == nil:
		return "", nil, face.FieldErrorf("metadata", "metadata is required")
	}
	if err := checkName(req.Name); err != nil {
		return "", nil, err
	}
	if err := checkTag(req.Tag); err != nil {
		return "", nil, err
	}
	metadata, err = json.Marshal(req.Metadata)
	return *req.Name, metadata, err
}

// pathGroup returns the group that the path names.
func pathGroup(ctx context.Context, c *gin.Context, g interface {
	WatchlistByUUID(ctx context.Context, id uuid.UUID) (face.Watchlist, error)
}) (face.Watchlist, error) {
	id, err := pathID(c, "groupId")
	if err != nil {
		return face.Watchlist{}, err
	}
	return findGroup(ctx, g, id)
}

func newGroup(w face.Watchlist) group {
	g := group{Name: w.Name(), Metadata: w.Metadata, ID: w.UUID().String(), CreatedAt: httpx.TimeText(w.CreatedAt)}
	if g.Metadata == nil {
		g.Metadata = json.RawMessage("{}")
	}
	return g
}
