package regula

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// What a search is asked for where the client says nothing, and the most persons
// that it may ask for.
const (
	defaultThreshold = 0.75
	defaultLimit     = 100
	maxLimit         = 1000
)

// identifier is what Search needs of the gallery.
type identifier interface {
	groupFinder
	IdentifyMembers(ctx context.Context, q gallery.MembersQuery) ([]gallery.IdentifiedMembers, error)
	IdentifyOrEnrol(ctx context.Context, q gallery.MembersQuery, m face.Member, watchlistIDs []string) ([]gallery.IdentifiedMembers, *gallery.Enrolment, error)
}

// searchAPI holds Search.
type searchAPI struct {
	gallery  identifier
	pictures fetcher
	timeout  httpx.Timeout
}

// search answers POST /api/search.
//
//	@Summary		Search for the persons in a picture
//	@Description	Persons are ordered by their best similarity, each with the face of the picture that it was found by, and with its images that are at least as similar as the threshold. Without detectAll the most central face of the picture is searched for; with it a person may be found by several.
//	@Description	With createPerson, and nobody found, a person is made by the picture, in the groups that were searched, or else in the group named Default: then the answer is 201 and the person alone.
//	@ID				search
//	@Tags			search
//	@Accept			json
//	@Produce		json
//	@Param			X-RequestID			header		string			false	"Label of the request, echoed and logged"
//	@Param			X-Facekeep-Exact	header		bool			false	"true: compare with every template, whatever it costs, also where the index is approximate"
//	@Param			request				body		searchRequest	true	"The picture, and whom to search"
//	@Success		200					{object}	searchResult	"Who was found."
//	@Success		201					{object}	person			"The person that was made."
//	@Failure		400					{object}	operationLog	"Bad request. Check your input data."
//	@Router			/api/search [post]
func (a *searchAPI) search(c *gin.Context) {
	var req searchRequest
	if err := httpx.BindJSON(c, &req); err != nil {
		WriteError(c, err)
		return
	}
	q, err := req.query()
	if err != nil {
		WriteError(c, err)
		return
	}
	if q.Exact, err = httpx.Exact(c); err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	if q.WatchlistIDs, err = groupIDs(ctx, a.gallery, "groupIds", req.GroupIDs); err != nil {
		WriteError(c, err)
		return
	}
	if req.CreatePerson == nil {
		a.find(ctx, c, &req, q)
		return
	}
	a.findOrCreate(ctx, c, &req, q)
}

// find answers with who is found.
func (a *searchAPI) find(ctx context.Context, c *gin.Context, req *searchRequest, q gallery.MembersQuery) {
	var err error
	if q.Image, err = req.Image.bytes(ctx, "image", a.pictures); err != nil {
		WriteError(c, err)
		return
	}
	found, err := a.gallery.IdentifyMembers(ctx, q)
	if err != nil {
		WriteError(c, searchError(err))
		return
	}
	writeJSON(c, http.StatusOK, newSearchResult(found, q.MaxCandidates))
}

// findOrCreate answers with who is found or, where nobody is, with a new person.
func (a *searchAPI) findOrCreate(ctx context.Context, c *gin.Context, req *searchRequest, q gallery.MembersQuery) {
	m, err := req.CreatePerson.member(ctx, time.Now())
	if err != nil {
		WriteError(c, err)
		return
	}
	if q.Image, err = req.Image.bytes(ctx, "image", a.pictures); err != nil {
		WriteError(c, err)
		return
	}
	lists := q.WatchlistIDs
	if len(lists) == 0 {
		if lists, err = groupsOrDefault(ctx, a.gallery, "groupIds", nil); err != nil {
			WriteError(c, err)
			return
		}
	}
	found, made, err := a.gallery.IdentifyOrEnrol(ctx, q, m, lists)
	switch {
	case err != nil:
		WriteError(c, searchError(err))
	case made == nil:
		writeJSON(c, http.StatusOK, newSearchResult(found, q.MaxCandidates))
	default:
		writeJSON(c, http.StatusCreated, newPerson(made.Member, made.Watchlists))
	}
}

// searchError puts an error of the gallery into words of a search: a group that is
// gone meanwhile is one that never was, and what is about nothing else is about the
// picture.
func searchError(err error) error {
	if err = missingIsBad("groupIds", err); face.FieldOf(err) != "" {
		return err
	}
	return aboutPicture("image", err)
}

// member returns the person to be made. Whoever may only search makes none.
func (p *createPerson) member(ctx context.Context, now time.Time) (face.Member, error) {
	if grant, ok := face.GrantOf(ctx); ok && !grant.Role.Allows(face.RoleEnrol) {
		return face.Member{}, face.Errorf(face.Forbidden, "createPerson needs a key with the role %s, and yours has %s", face.RoleEnrol, grant.Role)
	}
	return newMember(p.Name, nil, p.Metadata, p.TTL, p.ExpireAt, now)
}

func (r *searchRequest) query() (q gallery.MembersQuery, err error) {
	if err := checkTag(r.Tag); err != nil {
		return q, err
	}
	threshold := httpx.OrDefault(r.Threshold, defaultThreshold)
	if threshold < 0 || threshold > 1 {
		return q, face.FieldErrorf("threshold", "threshold must be between 0 and 1, and is %v", threshold)
	}
	q.MinScore = face.ScoreOfSimilarity(threshold)
	if q.MaxCandidates, err = integer("limit", r.Limit, defaultLimit, 1, maxLimit); err != nil {
		return q, err
	}
	if q.Filter, err = r.Filter.filter(); err != nil {
		return q, err
	}
	q.Keep = true
	q.Inspect.Central = !bool(httpx.OrDefault(r.DetectAll, false))
	if q.Inspect.Portrait, err = r.OutputImageParams.portrait("outputImageParams"); err != nil {
		return q, err
	}
	q.Fit, err = r.Image.check("image")
	return q, err
}
