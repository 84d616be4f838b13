package regula

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// memberFinder finds who the id of a person means.
type memberFinder interface {
	MemberByUUID(ctx context.Context, id uuid.UUID) (face.Member, error)
}

// personKeeper is what the person routes need of the gallery.
type personKeeper interface {
	memberFinder
	groupFinder
	WatchlistsOf(ctx context.Context, memberUIDs []uuid.UUID) (map[uuid.UUID][]face.Watchlist, error)
	AddMember(ctx context.Context, m face.Member, watchlistIDs []string) (face.Member, []face.Watchlist, error)
	ChangeMember(ctx context.Context, id string, c gallery.MemberChange) (face.Member, error)
	DeleteMember(ctx context.Context, id string) error
}

// personAPI holds the operations on persons.
type personAPI struct {
	gallery personKeeper
	timeout httpx.Timeout
}

// create answers POST /api/persons.
//
//	@Summary		Create a person
//	@Description	The person has no images yet, and is found once it has one. Without groups it is put into the group named Default, which is made when it is first needed. After ttl seconds the person is deleted with all that belongs to it.
//	@ID				create_person
//	@Tags			person
//	@Accept			json
//	@Produce		json
//	@Param			X-RequestID	header		string			false	"Label of the request, echoed and logged"
//	@Param			request		body		personFields	true	"Name, metadata and groups of the person"
//	@Success		201			{object}	person			"The person."
//	@Failure		400			{object}	operationLog	"Bad request. Check your input data."
//	@Router			/api/persons [post]
func (a *personAPI) create(c *gin.Context) {
	var req personFields
	if err := httpx.BindJSON(c, &req); err != nil {
		WriteError(c, err)
		return
	}
	m, err := req.member(time.Now())
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	ids, err := groupsOrDefault(ctx, a.gallery, "groups", req.Groups)
	if err != nil {
		WriteError(c, err)
		return
	}
	m, lists, err := a.gallery.AddMember(ctx, m, ids)
	if err != nil {
		WriteError(c, missingIsBad("groups", err))
		return
	}
	writeJSON(c, http.StatusCreated, newPerson(m, lists))
}

// get answers GET /api/persons/{personId}.
//
//	@Summary	Get a person
//	@ID			get_person
//	@Tags		person
//	@Produce	json
//	@Param		X-RequestID	header		string			false	"Label of the request, echoed and logged"
//	@Param		personId	path		string			true	"Id of the person"	format(uuid)
//	@Success	200			{object}	person			"The person."
//	@Failure	400			{object}	operationLog	"Bad request. Check your input data."
//	@Failure	404			{object}	operationLog	"Person with the personId is not found."
//	@Router		/api/persons/{personId} [get]
func (a *personAPI) get(c *gin.Context) {
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	m, err := pathMember(ctx, c, a.gallery)
	if err != nil {
		WriteError(c, err)
		return
	}
	lists, err := a.gallery.WatchlistsOf(ctx, []uuid.UUID{m.UID})
	if err != nil {
		WriteError(c, err)
		return
	}
	writeJSON(c, http.StatusOK, newPerson(m, lists[m.UID]))
}

// update answers PUT /api/persons/{personId}.
//
//	@Summary		Update a person
//	@Description	What is left out, or null, stays as it is. groups replaces the groups that the person is in. The end of a person cannot be changed.
//	@ID				update_person
//	@Tags			person
//	@Accept			json
//	@Produce		json
//	@Param			X-RequestID	header		string			false	"Label of the request, echoed and logged"
//	@Param			personId	path		string			true	"Id of the person"	format(uuid)
//	@Param			request		body		personToUpdate	true	"What to change"
//	@Success		204			"The person was updated."
//	@Failure		400			{object}	operationLog	"Bad request. Check your input data."
//	@Failure		404			{object}	operationLog	"Person with the personId is not found."
//	@Router			/api/persons/{personId} [put]
func (a *personAPI) update(c *gin.Context) {
	var req personToUpdate
	if err := httpx.BindJSON(c, &req); err != nil {
		WriteError(c, err)
		return
	}
	change, err := req.change()
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
	if req.Groups != nil {
		ids, err := groupIDs(ctx, a.gallery, "groups", *req.Groups)
		if err != nil {
			WriteError(c, err)
			return
		}
		change.WatchlistIDs = &ids
	}
	if _, err := a.gallery.ChangeMember(ctx, m.ID, change); err != nil {
		WriteError(c, err)
		return
	}
	httpx.NoContent(c)
}

// remove answers DELETE /api/persons/{personId}.
//
//	@Summary		Delete a person
//	@Description	With all images, and from all groups.
//	@ID				delete_person
//	@Tags			person
//	@Produce		json
//	@Param			X-RequestID	header		string			false	"Label of the request, echoed and logged"
//	@Param			personId	path		string			true	"Id of the person"	format(uuid)
//	@Success		204			"The person was deleted."
//	@Failure		400			{object}	operationLog	"Bad request. Check your input data."
//	@Failure		404			{object}	operationLog	"Person with the personId is not found."
//	@Router			/api/persons/{personId} [delete]
func (a *personAPI) remove(c *gin.Context) {
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	m, err := pathMember(ctx, c, a.gallery)
	if err != nil {
		WriteError(c, err)
		return
	}
	if err := a.gallery.DeleteMember(ctx, m.ID); err != nil {
		WriteError(c, err)
		return
	}
	httpx.NoContent(c)
}

// pathMember returns the person that the path names.
func pathMember(ctx context.Context, c *gin.Context, g memberFinder) (face.Member, error) {
	id, err := pathID(c, "personId")
	if err != nil {
		return face.Member{}, err
	}
	return findMember(ctx, g, id)
}

// findMember returns a person, or a NotFound error in the words of the dialect.
func findMember(ctx context.Context, g memberFinder, id uuid.UUID) (face.Member, error) {
	m, err := g.MemberByUUID(ctx, id)
	if face.KindOf(err) == face.NotFound {
		return m, face.Errorf(face.NotFound, "Person with id %s was not found.", id)
	}
	return m, err
}

func (r *personFields) member(now time.Time) (face.Member, error) {
	if r.Name == nil {
		return face.Member{}, face.FieldErrorf("name", "name is required")
	}
	return newMember(r.Name, r.ExternalID, r.Metadata, r.TTL, r.ExpireAt, now)
}

func newMember(name, externalID *string, metadata object, ttl *float64, expireAt *string, now time.Time) (m face.Member, err error) {
	if err := checkName(name); err != nil {
		return m, err
	}
	if m.ID, err = newID(); err != nil {
		return m, err
	}
	if name != nil {
		m.Rename(*name)
	}
	m.ExternalID = externalID
	m.SetMetadata(metadata)
	m.ExpiresAt, err = expiry(ttl, expireAt, now)
	return m, err
}

// checkName refuses a name that the gallery would refuse, but would blame on a field
// that this dialect does not have.
func checkName(name *string) error {
	text := httpx.OrDefault(name, "")
	if n := utf8.RuneCountInString(text); n > face.MaxNameLength {
		return face.FieldErrorf("name", "name has %d characters, at most %d are allowed", n, face.MaxNameLength)
	}
	if strings.ContainsFunc(text, unicode.IsControl) {
		return face.FieldErrorf("name", "name holds a control character")
	}
	return nil
}

func (r *personToUpdate) change() (gallery.MemberChange, error) {
	return gallery.MemberChange{Change: func(m *face.Member) {
		if r.Name != nil {
			m.Rename(*r.Name)
		}
		if r.ExternalID != nil {
			m.ExternalID = r.ExternalID
		}
		if r.Metadata != nil {
			m.SetMetadata(r.Metadata)
		}
	}}, checkName(r.Name)
}

// newPerson tells of the end of a person by a time alone: the clients of the
// original cannot read a ttl that is a number.
func newPerson(m face.Member, lists []face.Watchlist) person {
	p := person{
		Name: m.Name(), ExternalID: m.ExternalID, Metadata: m.Metadata(), ID: m.UUID().String(),
		Groups:    httpx.SliceOf(lists, func(w face.Watchlist) string { return w.UUID().String() }),
		CreatedAt: httpx.TimeText(m.CreatedAt), UpdatedAt: httpx.TimeText(m.CreatedAt),
	}
	if !m.UpdatedAt.IsZero() {
		p.UpdatedAt = httpx.TimeText(m.UpdatedAt)
	}
	if m.ExpiresAt.IsZero() {
		p.TTL = json.RawMessage("null")
		return p
	}
	end := httpx.TimeText(m.ExpiresAt)
	p.ExpireAt = &end
	return p
}
