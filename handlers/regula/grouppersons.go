package regula

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// linker is what the routes between groups and persons need of the gallery.
type linker interface {
	memberFinder
	WatchlistByUUID(ctx context.Context, id uuid.UUID) (face.Watchlist, error)
	WatchlistMembers(ctx context.Context, watchlistID string, q face.PageQuery) (face.Page[face.Member], error)
	WatchlistsOf(ctx context.Context, memberUIDs []uuid.UUID) (map[uuid.UUID][]face.Watchlist, error)
	MemberWatchlists(ctx context.Context, memberID string, q face.PageQuery) (face.Page[face.Watchlist], error)
	Relink(ctx context.Context, watchlistID string, add, remove []string) error
}

// linkAPI holds the operations between groups and persons.
type linkAPI struct {
	gallery linker
	timeout httpx.Timeout
}

// groups answers GET /api/persons/{personId}/groups.
//
//	@Summary	Get the groups that a person is in, the newest first
//	@ID			get_all_groups_by_person_id
//	@Tags		person
//	@Produce	json
//	@Param		X-RequestID	header		string			false	"Label of the request, echoed and logged"
//	@Param		personId	path		string			true	"Id of the person"							format(uuid)
//	@Param		page		query		int				false	"Page to answer"							minimum(1)	default(1)
//	@Param		size		query		int				false	"Items of a page; above 1000 counts as 1000"	minimum(1)	default(1000)
//	@Success	200			{object}	groupPage		"The groups."
//	@Failure	400			{object}	operationLog	"Bad request. Check your input data."
//	@Failure	404			{object}	operationLog	"Person with the personId is not found."
//	@Router		/api/persons/{personId}/groups [get]
func (a *linkAPI) groups(c *gin.Context) {
	q, err := newPaging(c)
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	m, err := pathMember(ctx, c, a.gallery)
	if err != nil {
		WriteError(c, err)
		return
	}
	page, err := a.gallery.MemberWatchlists(ctx, m.ID, q)
	if err != nil {
		WriteError(c, err)
		return
	}
	writeJSON(c, http.StatusOK, groupPage{Items: httpx.SliceOf(page.Items, newGroup), pageHead: newPageHead(q, page.Total)})
}

// persons answers GET /api/groups/{groupId}/persons.
//
//	@Summary	Get the persons of a group, the newest first
//	@ID			get_all_persons_by_group_id
//	@Tags		group
//	@Produce	json
//	@Param		X-RequestID	header		string			false	"Label of the request, echoed and logged"
//	@Param		groupId		path		string			true	"Id of the group"							format(uuid)
//	@Param		page		query		int				false	"Page to answer"							minimum(1)	default(1)
//	@Param		size		query		int				false	"Items of a page; above 1000 counts as 1000"	minimum(1)	default(1000)
//	@Success	200			{object}	personPage		"The persons."
//	@Failure	400			{object}	operationLog	"Bad request. Check your input data."
//	@Failure	404			{object}	operationLog	"Group with the groupId is not found."
//	@Router		/api/groups/{groupId}/persons [get]
func (a *linkAPI) persons(c *gin.Context) {
	q, err := newPaging(c)
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
	page, err := a.gallery.WatchlistMembers(ctx, w.ID, q)
	if err != nil {
		WriteError(c, err)
		return
	}
	in, err := a.gallery.WatchlistsOf(ctx, httpx.SliceOf(page.Items, func(m face.Member) uuid.UUID { return m.UID }))
	if err != nil {
		WriteError(c, err)
		return
	}
	writeJSON(c, http.StatusOK, personPage{
		Items:    httpx.SliceOf(page.Items, func(m face.Member) person { return newPerson(m, in[m.UID]) }),
		pageHead: newPageHead(q, page.Total),
	})
}

// update answers PUT /api/groups/{groupId}/persons.
//
//	@Summary		Put persons into a group, and take others out of it
//	@Description	All of it or, if a person is unknown, nothing. To add who is in the group, or remove who is not, changes nothing. Who is in both lists is removed.
//	@ID				update_persons_in_group
//	@Tags			group
//	@Accept			json
//	@Produce		json
//	@Param			X-RequestID	header		string			false	"Label of the request, echoed and logged"
//	@Param			groupId		path		string			true	"Id of the group"	format(uuid)
//	@Param			request		body		updateGroup		true	"Ids of persons"
//	@Success		204			"The group was updated."
//	@Failure		400			{object}	operationLog	"Bad request. Check your input data."
//	@Failure		404			{object}	operationLog	"Group with the groupId is not found, or a person."
//	@Router			/api/groups/{groupId}/persons [put]
func (a *linkAPI) update(c *gin.Context) {
	var req updateGroup
	if err := httpx.BindJSON(c, &req); err != nil {
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
	add, err := a.members(ctx, "addItems", req.AddItems)
	if err != nil {
		WriteError(c, err)
		return
	}
	remove, err := a.members(ctx, "removeItems", req.RemoveItems)
	if err != nil {
		WriteError(c, err)
		return
	}
	if err := a.gallery.Relink(ctx, w.ID, add, remove); err != nil {
		WriteError(c, err)
		return
	}
	httpx.NoContent(c)
}

// members returns the ids of members that the UUIDs of persons mean.
func (a *linkAPI) members(ctx context.Context, field string, texts []string) ([]string, error) {
	ids, err := parseIDs(field, texts)
	if err != nil {
		return nil, err
	}
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		m, err := findMember(ctx, a.gallery, id)
		if err != nil {
			return nil, err
		}
		out = append(out, m.ID)
	}
	return out, nil
}
