package facesearch

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers/httpx"
)

const (
	// minFaceSize is the size in px from which a face counts; a smaller one is hardly
	// ever recognised.
	minFaceSize = 20

	defaultMinSimilarity = 0.7
	defaultMaxResults    = 1

	// maxResults bounds the people in one answer: each comes with a picture.
	maxResults = 1000

	// scoreSlack is more than the rounding of a similarity to a score and back. The
	// similarity decides afterwards: who is shown with 0.7 is found with 0.7.
	scoreSlack = 1e-6
)

// searchAPI holds the search for one face.
type searchAPI struct {
	gallery  identifier
	find     finder
	show     shower
	liveness liveness
	timeout  httpx.Timeout
}

// search answers POST /face-search.
//
//	@Summary		1:N search of one face in an image within a collection
//	@Description	The people of the collection whose faces are at least so similar, the most similar first. Of several faces in the picture the largest counts.
//	@Description	With check_liveness, a face that is not taken for a living person's is ERR_LIVENESS_ERROR, and metadata.code says why. Each such check is recorded, and the header X-Facekeep-Transaction-Id tells its id.
//	@ID				faceSearch
//	@Tags			Face Search
//	@Accept			json
//	@Produce		json
//	@Security		ApiKey
//	@Param			request	body		faceSearchRequest		true	"The face and the collection"
//	@Success		200		{array}		personSearchResult		"Search result; empty when no enrolled person reaches min_similarity_score."
//	@Header			200		{string}	X-Facekeep-Transaction-Id	"Id of the liveness check, if one was made"
//	@Failure		400		{object}	errorBody				"A face could not be detected in the image(s)"
//	@Failure		401		{object}	errorBody				"Please use an API Key to access this endpoint"
//	@Failure		403		{object}	errorBody				"API Key is invalid. Please provide a valid API Key"
//	@Failure		404		{object}	errorBody				"The collection with the specified name does not exist"
//	@Failure		422		{object}	errorBody				"Liveness error. The metadata contains the code that provides specifics about the error; The images could not be decoded from base64; or the body lacks a required field"
//	@Router			/face-search [post]
func (a *searchAPI) search(c *gin.Context) {
	var req faceSearchRequest
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
	found, err := a.identify(ctx, c, q)
	if err != nil {
		WriteError(c, err)
		return
	}
	results, err := a.show.results(ctx, q.reaching(found.Candidates))
	if err != nil {
		WriteError(c, err)
		return
	}
	writeJSON(c, http.StatusOK, results)
}

// identify returns the largest face and its candidates. If the face is to be looked
// at for liveness, it is refused unless it passes.
func (a *searchAPI) identify(ctx context.Context, c *gin.Context, q faceQuery) (gallery.IdentifiedMembers, error) {
	w, err := a.find.collection(ctx, q.collection, q.Image)
	if err != nil {
		return gallery.IdentifiedMembers{}, err
	}
	q.WatchlistIDs = []string{w.ID}
	q.Inspect.MaxFaces = 1
	if q.checkLiveness {
		a.liveness.prepare(&q.Inspect)
	}
	faces, err := a.gallery.IdentifyMembers(ctx, q.MembersQuery)
	if err != nil {
		return gallery.IdentifiedMembers{}, aboutPicture(err)
	}
	if q.checkLiveness {
		err = a.liveness.check(ctx, c, faces)
	}
	return faces[0], err
}

// faceQuery is what a search asks.
type faceQuery struct {
	gallery.MembersQuery

	collection    string
	minSimilarity float64
	checkLiveness bool
}

func (r *faceSearchRequest) query() (faceQuery, error) {
	q, err := newFaceQuery(r.CollectionName, r.MinSimilarityScore)
	if err != nil {
		return q, err
	}
	q.checkLiveness = bool(httpx.OrDefault(r.CheckLiveness, false))
	q.MaxCandidates = int(httpx.OrDefault(r.MaxResults, defaultMaxResults))
	if q.MaxCandidates < 1 || q.MaxCandidates > maxResults {
		return q, face.FieldErrorf("max_results", "max_results must be between 1 and %d, and is %d", maxResults, q.MaxCandidates)
	}
	q.Image, err = pictureOf("face_base_64", r.Face)
	return q, err
}

// newFaceQuery checks what both searches have in common.
func newFaceQuery(collection *string, minSimilarity *float64) (q faceQuery, err error) {
	if q.collection, err = required("collection_name", collection); err != nil {
		return q, err
	}
	q.minSimilarity = httpx.OrDefault(minSimilarity, defaultMinSimilarity)
	if !(q.minSimilarity >= 0 && q.minSimilarity <= 1) {
		return q, face.FieldErrorf("min_similarity_score", "min_similarity_score must be between 0 and 1, and is %v", q.minSimilarity)
	}
	q.MinScore = face.ScoreOfSimilarity(q.minSimilarity) - scoreSlack
	q.Inspect.MinFaceSize = minFaceSize
	return q, nil
}

// reaching returns the candidates that are similar enough.
func (q *faceQuery) reaching(all []gallery.MemberCandidate) []gallery.MemberCandidate {
	var out []gallery.MemberCandidate
	for _, c := range all {
		if c.Score.Similarity() >= q.minSimilarity {
			out = append(out, c)
		}
	}
	return out
}
