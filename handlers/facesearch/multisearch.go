package facesearch

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// multiSearchAPI holds the search for all faces of a picture.
type multiSearchAPI struct {
	gallery identifier
	find    finder
	show    shower
	timeout httpx.Timeout
}

// search answers POST /multi-face-search.
//
//	@Summary		N:N search of multiple faces in an image within a collection
//	@Description	At most one person for each face, and each person at most once: faces and people are paired so that the sum of the similarities is the largest. The people come by decreasing similarity, the faces without a person in order of their size.
//	@ID				multiFaceSearch
//	@Tags			Face Search
//	@Accept			json
//	@Produce		json
//	@Security		ApiKey
//	@Param			request	body		multiFaceSearchRequest	true	"The picture and the collection"
//	@Success		200		{object}	multiFaceSearchResult	"Search result; empty when no enrolled person reaches min_similarity_score."
//	@Failure		400		{object}	errorBody				"A face could not be detected in the image(s)"
//	@Failure		401		{object}	errorBody				"Please use an API Key to access this endpoint"
//	@Failure		403		{object}	errorBody				"API Key is invalid. Please provide a valid API Key"
//	@Failure		404		{object}	errorBody				"The collection with the specified name does not exist"
//	@Failure		422		{object}	errorBody				"The images could not be decoded from base64; or the body lacks a required field"
//	@Router			/multi-face-search [post]
func (a *multiSearchAPI) search(c *gin.Context) {
	var req multiFaceSearchRequest
	if err := httpx.BindJSON(c, &req); err != nil {
		WriteError(c, err)
		return
	}
	q, err := req.query()
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	faces, err := a.identify(ctx, q)
	if err != nil {
		WriteError(c, err)
		return
	}
	result, err := a.result(ctx, q, faces)
	if err != nil {
		WriteError(c, err)
		return
	}
	writeJSON(c, http.StatusOK, result)
}

func (r *multiFaceSearchRequest) query() (faceQuery, error) {
	q, err := newFaceQuery(r.CollectionName, r.MinSimilarityScore)
	if err != nil {
		return q, err
	}
	q.Inspect.Crops = true // what is shown of a face without a person
	q.Image, err = pictureOf("multi_face_img_base_64", r.Picture)
	return q, err
}

// identify returns the faces of the picture, the largest first, each with one person
// or none.
func (a *multiSearchAPI) identify(ctx context.Context, q faceQuery) ([]gallery.IdentifiedMembers, error) {
	w, err := a.find.collection(ctx, q.collection, q.Image)
	if err != nil {
		return nil, err
	}
	q.WatchlistIDs = []string{w.ID}
	faces, err := a.gallery.IdentifyDistinct(ctx, q.MembersQuery)
	return faces, aboutPicture(err)
}

func (a *multiSearchAPI) result(ctx context.Context, q faceQuery, faces []gallery.IdentifiedMembers) (multiFaceSearchResult, error) {
	var people []gallery.MemberCandidate
	var strangers []face.Image
	for _, f := range faces {
		if person := q.reaching(f.Candidates); len(person) > 0 {
			people = append(people, person[0])
		} else if f.CropImage != nil {
			strangers = append(strangers, *f.CropImage)
		}
	}
	slices.SortStableFunc(people, func(a, b gallery.MemberCandidate) int { return cmp.Compare(b.Score, a.Score) })
	var out multiFaceSearchResult
	var err error
	if out.Persons, err = a.show.results(ctx, people); err != nil {
		return out, err
	}
	out.Unrecognized, err = a.show.crops(ctx, strangers)
	return out, err
}
