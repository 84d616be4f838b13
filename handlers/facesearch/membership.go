package facesearch

import (
	"context"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/handlers/httpx"
)

// membershipAPI holds the operations that put a person into a collection and take one
// out of it.
type membershipAPI struct {
	gallery linker
	timeout httpx.Timeout
}

// put answers PUT /collections/{collection_name}/persons/{person_id}.
//
//	@Summary		Put a person who is enrolled into one more collection
//	@Description	Not in the original. Nothing changes for somebody who is in it already.
//	@ID				putPersonIntoCollection
//	@Tags			Persons
//	@Produce		json
//	@Security		ApiKey
//	@Param			collection_name	path	string	true	"Id or name of the collection"	example(MyCollection)
//	@Param			person_id		path	string	true	"Id of the person"				example(barack)
//	@Success		204				"The person is in the collection."
//	@Failure		401,403,404		{object}	errorBody	"There is no key, or none that is valid for this; or there is no such collection or person"
//	@Router			/collections/{collection_name}/persons/{person_id} [put]
func (a *membershipAPI) put(c *gin.Context) {
	a.change(c, func(ctx context.Context, collection string, person []string) error {
		return a.gallery.Relink(ctx, collection, person, nil)
	})
}

// takeOut answers DELETE /collections/{collection_name}/persons/{person_id}.
//
//	@Summary		Take a person out of one collection
//	@Description	Not in the original. The person stays enrolled, and in all other collections: DELETE /persons/{person_id} deletes for good. Nothing changes for somebody who is not in the collection.
//	@ID				takePersonOutOfCollection
//	@Tags			Persons
//	@Produce		json
//	@Security		ApiKey
//	@Param			collection_name	path	string	true	"Id or name of the collection"	example(MyCollection)
//	@Param			person_id		path	string	true	"Id of the person"				example(barack)
//	@Success		204				"The person is not in the collection."
//	@Failure		401,403,404		{object}	errorBody	"There is no key, or none that is valid for this; or there is no such collection or person"
//	@Router			/collections/{collection_name}/persons/{person_id} [delete]
func (a *membershipAPI) takeOut(c *gin.Context) {
	a.change(c, func(ctx context.Context, collection string, person []string) error {
		return a.gallery.Relink(ctx, collection, nil, person)
	})
}

func (a *membershipAPI) change(c *gin.Context, do func(ctx context.Context, collection string, person []string) error) {
	name, err := httpx.PathParam(c, "collection_name")
	if err != nil {
		WriteError(c, err)
		return
	}
	id, err := httpx.PathParam(c, "person_id")
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	w, err := collectionOf(ctx, a.gallery, name)
	if err == nil {
		err = do(ctx, w.ID, []string{id})
	}
	if err != nil {
		WriteError(c, err)
		return
	}
	httpx.NoContent(c)
}
