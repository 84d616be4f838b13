package facesearch

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// personAPI holds the operations on people.
type personAPI struct {
	gallery personKeeper
	show    shower
	timeout httpx.Timeout
}

// get answers GET /persons/{person_id}.
//
//	@Summary		Get a person with faces and collections
//	@Description	Not in the original.
//	@ID				getPerson
//	@Tags			Persons
//	@Produce		json
//	@Security		ApiKey
//	@Param			person_id	path		string		true	"Id of the person"	example(barack)
//	@Success		200			{object}	person		"The person."
//	@Failure		401,403,404	{object}	errorBody	"There is no key, or none that is valid for this; or there is no such person"
//	@Router			/persons/{person_id} [get]
func (a *personAPI) get(c *gin.Context) {
	id, err := httpx.PathParam(c, "person_id")
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	m, err := a.gallery.Member(ctx, id)
	a.answer(ctx, c, m, err)
}

// update answers PATCH /persons/{person_id}.
//
//	@Summary		Change the name and metadata of a person
//	@Description	Not in the original. What is left out stays as it is, and so does metadata of keys that are not named; a key with null is deleted.
//	@ID				updatePerson
//	@Tags			Persons
//	@Accept			json
//	@Produce		json
//	@Security		ApiKey
//	@Param			person_id		path		string			true	"Id of the person"	example(barack)
//	@Param			request			body		personUpdate	true	"What to change"
//	@Success		200				{object}	person			"The person as changed."
//	@Failure		401,403,404,422	{object}	errorBody		"There is no key, or none that is valid for this; there is no such person; or the body is wrong"
//	@Router			/persons/{person_id} [patch]
func (a *personAPI) update(c *gin.Context) {
	id, err := httpx.PathParam(c, "person_id")
	if err != nil {
		WriteError(c, err)
		return
	}
	var req personUpdate
	if err := httpx.BindJSON(c, &req); err != nil {
		WriteError(c, err)
		return
	}
	if req.PersonName != nil && *req.PersonName == "" {
		WriteError(c, face.FieldErrorf("person_name", "person_name must not be empty"))
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	m, err := a.gallery.ChangeMember(ctx, id, gallery.MemberChange{Change: req.apply})
	a.answer(ctx, c, m, personWords.translate(err))
}

func (r *personUpdate) apply(m *face.Member) {
	if r.PersonName != nil {
		m.Rename(*r.PersonName)
	}
	if len(r.Metadata) > 0 {
		mergeMetadata(m, r.Metadata)
	}
}

// remove answers DELETE /persons/{person_id}.
//
//	@Summary		Delete a person for good
//	@Description	Not in the original. There is one gallery: the person goes from every collection, and out of the other dialects, and faces and pictures go too.
//	@ID				deletePerson
//	@Tags			Persons
//	@Produce		json
//	@Security		ApiKey
//	@Param			person_id	path	string	true	"Id of the person"	example(barack)
//	@Success		204			"The person was deleted."
//	@Failure		401,403,404	{object}	errorBody	"There is no key, or none that is valid for this; or there is no such person"
//	@Router			/persons/{person_id} [delete]
func (a *personAPI) remove(c *gin.Context) {
	id, err := httpx.PathParam(c, "person_id")
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

// answer shows a member with collections and faces, or the error in its place.
func (a *personAPI) answer(ctx context.Context, c *gin.Context, m face.Member, err error) {
	var shown person
	if err == nil {
		shown, err = a.person(ctx, m)
	}
	if err != nil {
		WriteError(c, err)
		return
	}
	writeJSON(c, http.StatusOK, shown)
}

// person shows at most maxPageSize collections and as many faces.
func (a *personAPI) person(ctx context.Context, m face.Member) (person, error) {
	all := face.PageQuery{Number: 1, Size: maxPageSize, Ascending: true}
	lists, err := a.gallery.MemberWatchlists(ctx, m.ID, all)
	if err != nil {
		return person{}, err
	}
	faces, err := a.gallery.MemberFaces(ctx, m.ID, all)
	if err != nil {
		return person{}, err
	}
	shown, err := a.show.faces(ctx, faces.Items)
	return person{personHead: newPersonHead(m), Collections: httpx.SliceOf(lists.Items, newCollection), Faces: shown}, err
}

func newPersonHead(m face.Member) personHead {
	return personHead{PersonID: m.ID, PersonName: m.Name(), Metadata: metadataOf(m), CreatedAt: httpx.TimeText(m.CreatedAt)}
}
