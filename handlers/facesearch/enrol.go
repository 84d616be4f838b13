package facesearch

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// enrolAPI holds the operations between collections and people.
type enrolAPI struct {
	gallery enroller
	show    shower
	timeout httpx.Timeout
}

// enrol answers POST /collections/{collection_name}/persons.
//
//	@Summary		Enrol a person into a collection
//	@Description	Not in the original. Each picture must hold exactly one face. All of it happens, or nothing. A person_id that is taken, in whatever collection, is ERR_CONFLICT.
//	@ID				enrolPerson
//	@Tags			Persons
//	@Accept			json
//	@Produce		json
//	@Security		ApiKey
//	@Param			collection_name			path		string			true	"Id or name of the collection"	example(MyCollection)
//	@Param			request					body		personRequest	true	"The person and pictures of the face"
//	@Success		201						{object}	person			"The person was enrolled."
//	@Failure		400,401,403,404,409,422	{object}	errorBody		"A picture shows no face; there is no key, or none that is valid for this; there is no such collection; the id is taken; or the body or a picture is wrong"
//	@Router			/collections/{collection_name}/persons [post]
func (a *enrolAPI) enrol(c *gin.Context) {
	name, err := httpx.PathParam(c, "collection_name")
	if err != nil {
		WriteError(c, err)
		return
	}
	var req personRequest
	if err := httpx.BindJSON(c, &req); err != nil {
		WriteError(c, err)
		return
	}
	r, err := req.enrolment()
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	shown, err := a.enrolInto(ctx, name, r)
	if err != nil {
		WriteError(c, err)
		return
	}
	c.Header("Location", "/persons/"+url.PathEscape(shown.PersonID))
	writeJSON(c, http.StatusCreated, shown)
}

func (a *enrolAPI) enrolInto(ctx context.Context, collection string, r gallery.EnrolRequest) (person, error) {
	w, err := collectionOf(ctx, a.gallery, collection)
	if err != nil {
		return person{}, err
	}
	r.WatchlistIDs = []string{w.ID}
	e, err := a.gallery.Enrol(ctx, r)
	if err != nil {
		return person{}, aboutEnrolment(err)
	}
	faces, err := a.show.faces(ctx, e.Faces)
	return person{personHead: newPersonHead(e.Member), Collections: httpx.SliceOf(e.Watchlists, newCollection), Faces: faces}, err
}

// aboutEnrolment tells errors about a picture from those about the rest of a request.
func aboutEnrolment(err error) error {
	if e, ok := errors.AsType[*face.Error](err); ok && strings.HasPrefix(e.Field, "image") {
		return aboutPicture(err)
	}
	return personWords.translate(err)
}

func (r *personRequest) enrolment() (gallery.EnrolRequest, error) {
	name, err := required("person_name", r.PersonName)
	if err != nil {
		return gallery.EnrolRequest{}, err
	}
	out := gallery.EnrolRequest{
		Member:  face.Member{ID: httpx.OrDefault(r.PersonID, ""), FullName: &name, DisplayName: &name},
		Inspect: face.InspectOptions{MinFaceSize: minFaceSize},
	}
	out.Member.SetMetadata(metadata(r.Metadata))
	if len(r.Faces) == 0 {
		return out, face.FieldErrorf("faces_base_64", "faces_base_64 must hold at least one picture")
	}
	for _, f := range r.Faces {
		data, err := pictureOf("faces_base_64", f)
		if err != nil {
			return out, err
		}
		out.Pictures = append(out.Pictures, gallery.EnrolImage{Data: data})
	}
	return out, nil
}

// list answers GET /collections/{collection_name}/persons.
//
//	@Summary		List the people of a collection
//	@Description	Not in the original. The newest come first.
//	@ID				listPersons
//	@Tags			Persons
//	@Produce		json
//	@Security		ApiKey
//	@Param			collection_name	path		string		true	"Id or name of the collection"						example(MyCollection)
//	@Param			page			query		int			false	"Page to answer, from 1"							minimum(1)	default(1)
//	@Param			page_size		query		int			false	"Items of a page; above 1000 is answered as 1000"	minimum(1)	default(100)
//	@Success		200				{object}	personPage	"A page of people."
//	@Failure		401,403,404,422	{object}	errorBody	"There is no key, or none that is valid for this; there is no such collection; or the query is wrong"
//	@Router			/collections/{collection_name}/persons [get]
func (a *enrolAPI) list(c *gin.Context) {
	name, err := httpx.PathParam(c, "collection_name")
	if err != nil {
		WriteError(c, err)
		return
	}
	q, err := pageQuery(c)
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	w, err := collectionOf(ctx, a.gallery, name)
	if err != nil {
		WriteError(c, err)
		return
	}
	page, err := a.gallery.WatchlistMembers(ctx, w.ID, q)
	if err != nil {
		WriteError(c, err)
		return
	}
	writeJSON(c, http.StatusOK, personPage{Persons: httpx.SliceOf(page.Items, newPersonHead), pageFoot: pageFoot{Page: q.Number, HasMore: page.More}})
}
