package smartface

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// What a watchlist gets where the client says nothing: the contract recommends
// the threshold, and its answers have no null for the colour.
const (
	defaultThreshold    = 40
	defaultPreviewColor = "#4adf62"
)

// watchlistAPI holds the operations on watchlists.
type watchlistAPI struct {
	gallery watchlistKeeper
	timeout httpx.Timeout
}

// list answers GET /api/v1/Watchlists.
//
//	@Summary		Retrieve the watchlists as a paged collection
//	@Description	Pages are ordered by time of creation, the newest first unless Ascending. nextPage is null on the last page.
//	@ID				getWatchlists
//	@Tags			Watchlist
//	@Produce		json
//	@Param			Ascending		query		bool			false	"Oldest first"					default(false)
//	@Param			PageNumber		query		int				false	"Page to answer, from 1"		minimum(1)	default(1)		format(int32)
//	@Param			PageSize		query		int				false	"Items of a page; above 1000 is answered as 1000"	minimum(1)	default(100)	format(int32)
//	@Param			ShowTotalCount	query		bool			false	"Count the whole listing"		default(false)
//	@Success		200				{object}	watchlistPage	"Returns the found watchlists."
//	@Failure		400				{object}	httpx.Problem	"The sent request was not valid."
//	@Router			/api/v1/Watchlists [get]
func (a *watchlistAPI) list(c *gin.Context) {
	p, err := newPaging(c)
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	page, err := a.gallery.Watchlists(ctx, p.query)
	if err != nil {
		WriteError(c, err)
		return
	}
	writeJSON(c, http.StatusOK, watchlistPage{pageHead: p.head(page.More, page.Total), Items: httpx.SliceOf(page.Items, newWatchlist)})
}

// create answers POST /api/v1/Watchlists.
//
//	@Summary		Create a new watchlist
//	@Description	The id is made. previewColor is a hexadecimal colour, as in #012abc or #01a.
//	@ID				postWatchlists
//	@Tags			Watchlist
//	@Accept			json,application/json-patch+json,text/json
//	@Produce		json
//	@Param			request	body		watchlistCreate	true	"Names, threshold and colour of the watchlist"
//	@Success		201		{object}	watchlist		"Watchlist was created successfully."
//	@Failure		400		{object}	httpx.Problem	"The sent request was not valid."
//	@Failure		409		{object}	httpx.Problem	"There was a conflict while creating the new watchlist."
//	@Router			/api/v1/Watchlists [post]
func (a *watchlistAPI) create(c *gin.Context) {
	var req watchlistCreate
	if err := httpx.BindJSON(c, &req); err != nil {
		WriteError(c, err)
		return
	}
	w, err := req.watchlist()
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	if w, err = a.gallery.CreateWatchlist(ctx, w); err != nil {
		WriteError(c, err)
		return
	}
	c.Header("Location", Prefix+"/Watchlists/"+url.PathEscape(w.ID))
	writeJSON(c, http.StatusCreated, newWatchlist(w))
}

// upsert answers PUT /api/v1/Watchlists.
//
//	@Summary		Upsert the watchlist
//	@Description	A watchlist with this id is updated; without one, it is created with this id. What is left out gets its default.
//	@ID				putWatchlists
//	@Tags			Watchlist
//	@Accept			json,application/json-patch+json,text/json
//	@Produce		json
//	@Param			request	body		watchlistUpsert	true	"Id, names, threshold and colour of the watchlist"
//	@Success		200		{object}	watchlist		"Watchlist was updated successfully."
//	@Failure		400		{object}	httpx.Problem	"The sent request was not valid."
//	@Router			/api/v1/Watchlists [put]
func (a *watchlistAPI) upsert(c *gin.Context) {
	var req watchlistUpsert
	if err := httpx.BindJSON(c, &req); err != nil {
		WriteError(c, err)
		return
	}
	w, err := req.watchlist()
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	if w, err = a.gallery.UpsertWatchlist(ctx, w); err != nil {
		WriteError(c, err)
		return
	}
	writeJSON(c, http.StatusOK, newWatchlist(w))
}

// get answers GET /api/v1/Watchlists/{id}.
//
//	@Summary	Retrieve the watchlist by its id
//	@ID			getWatchlistsById
//	@Tags		Watchlist
//	@Produce	json
//	@Param		id	path		string			true	"Id of the watchlist"	example(employees)
//	@Success	200	{object}	watchlist		"Returns the found watchlist."
//	@Failure	404	{object}	httpx.Problem	"The watchlist with given id was not found."
//	@Router		/api/v1/Watchlists/{id} [get]
func (a *watchlistAPI) get(c *gin.Context) {
	id, err := httpx.PathParam(c, "id")
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	w, err := a.gallery.Watchlist(ctx, id)
	if err != nil {
		WriteError(c, err)
		return
	}
	writeJSON(c, http.StatusOK, newWatchlist(w))
}

// remove answers DELETE /api/v1/Watchlists/{id}.
//
//	@Summary		Delete a watchlist by its id
//	@Description	Its members are not deleted: they stay enrolled, and on their other watchlists.
//	@ID				deleteWatchlistsById
//	@Tags			Watchlist
//	@Produce		json
//	@Param			id	path	string	true	"Id of the watchlist"	example(employees)
//	@Success		204	"The watchlist with given id was deleted successfully."
//	@Failure		404	{object}	httpx.Problem	"The watchlist with given id was not found."
//	@Router			/api/v1/Watchlists/{id} [delete]
func (a *watchlistAPI) remove(c *gin.Context) {
	id, err := httpx.PathParam(c, "id")
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	if err := a.gallery.DeleteWatchlist(ctx, id); err != nil {
		WriteError(c, err)
		return
	}
	httpx.NoContent(c)
}

func newWatchlist(w face.Watchlist) watchlist {
	return watchlist{
		ID: w.ID, DisplayName: w.DisplayName, FullName: w.FullName,
		Threshold: w.Threshold, PreviewColor: w.PreviewColor,
		CreatedAt: httpx.TimeText(w.CreatedAt), UpdatedAt: timeOrNull(w.UpdatedAt),
	}
}

func (r *watchlistCreate) watchlist() (face.Watchlist, error) {
	w := face.Watchlist{
		Threshold:    int(httpx.OrDefault(r.Threshold, defaultThreshold)),
		PreviewColor: httpx.OrDefault(r.PreviewColor, defaultPreviewColor),
	}
	var err error
	if w.DisplayName, err = required("displayName", r.DisplayName); err != nil {
		return w, err
	}
	w.FullName, err = required("fullName", r.FullName)
	return w, err
}

func (r *watchlistUpsert) watchlist() (face.Watchlist, error) {
	id, err := requiredID("id", r.ID)
	if err != nil {
		return face.Watchlist{}, err
	}
	names := watchlistCreate{DisplayName: r.DisplayName, FullName: r.FullName, Threshold: r.Threshold, PreviewColor: r.PreviewColor}
	w, err := names.watchlist()
	w.ID = id
	return w, err
}
