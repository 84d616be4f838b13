package smartface

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// linkAPI holds the operations between watchlists and members.
type linkAPI struct {
	gallery linker
	timeout httpx.Timeout
}

// members answers GET /api/v1/Watchlists/{id}/WatchlistMembers.
//
//	@Summary		Retrieve the members of a watchlist as a paged collection
//	@Description	Pages are ordered by time of creation, the newest first unless Ascending. An unknown watchlist has an empty page.
//	@ID				getWatchlistsByIdWatchlistMembers
//	@Tags			Watchlist
//	@Produce		json
//	@Param			id				path		string			true	"Id of the watchlist"			example(employees)
//	@Param			Ascending		query		bool			false	"Oldest first"					default(false)
//	@Param			PageNumber		query		int				false	"Page to answer, from 1"		minimum(1)	default(1)		format(int32)
//	@Param			PageSize		query		int				false	"Items of a page; above 1000 is answered as 1000"	minimum(1)	default(100)	format(int32)
//	@Param			ShowTotalCount	query		bool			false	"Count the whole listing"		default(false)
//	@Success		200				{object}	memberPage		"Returns the found watchlist members."
//	@Failure		400				{object}	httpx.Problem	"The sent request was not valid."
//	@Router			/api/v1/Watchlists/{id}/WatchlistMembers [get]
func (a *linkAPI) members(c *gin.Context) {
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
	page, err := a.gallery.WatchlistMembers(ctx, id, p.query)
	if err != nil {
		WriteError(c, err)
		return
	}
	writeJSON(c, http.StatusOK, memberPage{pageHead: p.head(page.More, page.Total), Items: httpx.SliceOf(page.Items, newMember)})
}

// link answers POST /api/v1/WatchlistMembers/LinkToWatchlist.
//
//	@Summary		Link watchlist members to a watchlist
//	@Description	All of them or, if one is unknown, none. To link twice changes nothing.
//	@ID				postWatchlistMembersLinkToWatchlist
//	@Tags			WatchlistMember
//	@Accept			json,application/json-patch+json,text/json
//	@Produce		json
//	@Param			request	body	membersLink	true	"Ids of the watchlist and of the members"
//	@Success		204		"Watchlist members were successfully linked to the watchlist."
//	@Failure		400		{object}	httpx.Problem	"The sent request was not valid."
//	@Failure		404		{object}	httpx.Problem	"The watchlist or watchlist members were not found."
//	@Router			/api/v1/WatchlistMembers/LinkToWatchlist [post]
func (a *linkAPI) link(c *gin.Context) { a.change(c, a.gallery.Link) }

// unlink answers POST /api/v1/WatchlistMembers/UnlinkFromWatchlist.
//
//	@Summary		Unlink watchlist members from a watchlist
//	@Description	All of them or, if one is unknown, none. To unlink who is not linked changes nothing.
//	@ID				postWatchlistMembersUnlinkFromWatchlist
//	@Tags			WatchlistMember
//	@Accept			json,application/json-patch+json,text/json
//	@Produce		json
//	@Param			request	body	membersLink	true	"Ids of the watchlist and of the members"
//	@Success		204		"Watchlist members were successfully unlinked from the watchlist."
//	@Failure		400		{object}	httpx.Problem	"The sent request was not valid."
//	@Failure		404		{object}	httpx.Problem	"The watchlist or watchlist members were not found."
//	@Router			/api/v1/WatchlistMembers/UnlinkFromWatchlist [post]
func (a *linkAPI) unlink(c *gin.Context) { a.change(c, a.gallery.Unlink) }

func (a *linkAPI) change(c *gin.Context, do func(ctx context.Context, watchlistID string, memberIDs []string) error) {
	var req membersLink
	if err := httpx.BindJSON(c, &req); err != nil {
		WriteError(c, err)
		return
	}
	watchlistID, err := req.check()
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	if err := do(ctx, watchlistID, req.MemberIDs); err != nil {
		WriteError(c, err)
		return
	}
	httpx.NoContent(c)
}

func (r *membersLink) check() (watchlistID string, err error) {
	if len(r.MemberIDs) == 0 {
		return "", face.FieldErrorf("watchlistMembersIds", "watchlistMembersIds must hold at least one id")
	}
	return requiredID("watchlistId", r.WatchlistID)
}
