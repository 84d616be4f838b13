package facesearch

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// What SmartFace users see of a collection that is made here: their own defaults.
const (
	watchlistThreshold    = 40
	watchlistPreviewColor = "#4adf62"
)

// collectionAPI holds the operations on collections.
type collectionAPI struct {
	gallery collectionKeeper
	timeout httpx.Timeout
}

// list answers GET /collections.
//
//	@Summary		List the collections
//	@Description	Not in the original. The newest come first.
//	@ID				listCollections
//	@Tags			Collections
//	@Produce		json
//	@Security		ApiKey
//	@Param			page		query		int				false	"Page to answer, from 1"								minimum(1)	default(1)
//	@Param			page_size	query		int				false	"Items of a page; above 1000 is answered as 1000"	minimum(1)	default(100)
//	@Success		200			{object}	collectionPage	"A page of collections."
//	@Failure		401,403,422	{object}	errorBody		"There is no key, or none that is valid for this; or the query is wrong"
//	@Router			/collections [get]
func (a *collectionAPI) list(c *gin.Context) {
	q, err := pageQuery(c)
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
	writeJSON(c, http.StatusOK, collectionPage{Collections: httpx.SliceOf(page.Items, newCollection), pageFoot: pageFoot{Page: q.Number, HasMore: page.More}})
}

// create answers POST /collections.
//
//	@Summary		Make a collection
//	@Description	Not in the original. The name becomes the id, under which SmartFace sees the watchlist. A name that finds a collection already is ERR_CONFLICT.
//	@ID				createCollection
//	@Tags			Collections
//	@Accept			json
//	@Produce		json
//	@Security		ApiKey
//	@Param			request			body		collectionRequest	true	"The name"
//	@Success		201				{object}	collection			"The collection was made."
//	@Failure		401,403,409,422	{object}	errorBody			"There is no key, or none that is valid for this; the name is taken; or the body is wrong"
//	@Router			/collections [post]
func (a *collectionAPI) create(c *gin.Context) {
	var req collectionRequest
	if err := httpx.BindJSON(c, &req); err != nil {
		WriteError(c, err)
		return
	}
	name, err := required("collection_name", req.CollectionName)
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	// As an id the name would hide the collection that it finds so far.
	if _, err = a.gallery.WatchlistByName(ctx, name); face.KindOf(err) != face.NotFound {
		if err == nil {
			err = face.Errorf(face.Conflict, "There is a collection of this name already.")
		}
		WriteError(c, err)
		return
	}
	w, err := a.gallery.CreateWatchlist(ctx, newWatchlist(name))
	if err != nil {
		WriteError(c, collectionWords.translate(err))
		return
	}
	c.Header("Location", "/collections/"+url.PathEscape(w.ID))
	writeJSON(c, http.StatusCreated, newCollection(w))
}

// remove answers DELETE /collections/{collection_name}.
//
//	@Summary		Delete a collection
//	@Description	Not in the original. Its people are not deleted: they stay enrolled, and in their other collections.
//	@ID				deleteCollection
//	@Tags			Collections
//	@Produce		json
//	@Security		ApiKey
//	@Param			collection_name	path	string	true	"Id or name of the collection"	example(MyCollection)
//	@Success		204				"The collection was deleted."
//	@Failure		401,403,404		{object}	errorBody	"There is no key, or none that is valid for this; or there is no such collection"
//	@Router			/collections/{collection_name} [delete]
func (a *collectionAPI) remove(c *gin.Context) {
	name, err := httpx.PathParam(c, "collection_name")
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	w, err := collectionOf(ctx, a.gallery, name)
	if err == nil {
		err = a.gallery.DeleteWatchlist(ctx, w.ID)
	}
	if err != nil {
		WriteError(c, err)
		return
	}
	httpx.NoContent(c)
}

func newWatchlist(name string) face.Watchlist {
	return face.Watchlist{
		ID: name, DisplayName: name, FullName: name,
		Threshold: watchlistThreshold, PreviewColor: watchlistPreviewColor,
	}
}

// newCollection shows a collection. One without a name is called by its id.
func newCollection(w face.Watchlist) collection {
	shown := collection{CollectionID: w.ID, CollectionName: w.Name(), CreatedAt: httpx.TimeText(w.CreatedAt)}
	if shown.CollectionName == "" {
		shown.CollectionName = w.ID
	}
	return shown
}
