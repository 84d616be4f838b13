package smartface

import (
	"math"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// maxResultCount bounds the field of that name. It is refused beyond, and not
// cut to the bound, because an answer does not say that it was cut.
const maxResultCount = 1000

// searchAPI holds Search.
type searchAPI struct {
	gallery   identifier
	recorder  recorder
	timeout   httpx.Timeout
	resources resources
}

// search answers POST /api/v1/Watchlists/Search.
//
//	@Summary		Search watchlists for the faces of a picture
//	@Description	The answer has one element per face of the picture, the largest first, also for those that match nobody. matchResults are the members whose score is above the threshold, nearest first, at most maxResultCount of them per face.
//	@Description	A score s says that two different persons are as near as this once in 10^(s/10) comparisons: 40 is one false match in 10,000.
//	@ID				postWatchlistsSearch
//	@Tags			Watchlist
//	@Accept			json,application/json-patch+json,text/json
//	@Produce		json
//	@Param			request				body		searchRequest	true	"The picture and the watchlists to search"
//	@Param			X-Facekeep-Exact	header		bool			false	"true: compare with every template, whatever it costs, also where the index is approximate"
//	@Success		200		{array}		searchResult	"Returns the match results."
//	@Header			200		{string}	X-Facekeep-Transaction-Id	"Ids under which the liveness checks are recorded, in the order of the faces, if any were asked for"
//	@Failure		400		{object}	httpx.Problem	"The sent request was not valid."
//	@Failure		404		{object}	httpx.Problem	"Watchlists with specified ids were not found."
//	@Failure		408		{object}	httpx.Problem	"Request has timed out."
//	@Router			/api/v1/Watchlists/Search [post]
func (a *searchAPI) search(c *gin.Context) {
	var req searchRequest
	if err := httpx.BindJSON(c, &req); err != nil {
		WriteError(c, err)
		return
	}
	check, q, err := req.query(a.resources)
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	if q.Exact, err = httpx.Exact(c); err != nil {
		WriteError(c, err)
		return
	}
	found, err := a.gallery.Identify(ctx, q)
	if err != nil {
		WriteError(c, err)
		return
	}
	check.record(ctx, c, a.recorder, httpx.SliceOf(found, func(f gallery.Identified) face.Inspected { return f.Inspected })...)
	writeJSON(c, http.StatusOK, req.results(found, &check))
}

func (r *searchRequest) query(res resources) (check spoofCheck, q gallery.IdentifyQuery, err error) {
	q.WatchlistIDs = r.WatchlistIDs
	threshold, err := integer("threshold", r.Threshold, defaultThreshold, 0, 100)
	if err != nil {
		return check, q, err
	}
	q.MinScore = scoreAbove(threshold)
	if q.MaxCandidates, err = integer("maxResultCount", r.MaxResultCount, 1, 1, maxResultCount); err != nil {
		return check, q, err
	}
	if check, err = r.spoofCheck(res); err != nil {
		return check, q, err
	}
	in := inspection{detectorID: r.FaceDetectorResourceID, extractorID: r.TemplateGeneratorResourceID}
	in.setConfig(r.FaceDetectorConfig)
	if q.Inspect, err = in.options(res); err != nil {
		return check, q, err
	}
	r.features().narrow(&q.Inspect)
	q.Inspect.Liveness = check.checks
	q.Image, err = r.Image.bytes("image")
	return check, q, err
}

func (r *searchRequest) spoofCheck(res resources) (spoofCheck, error) {
	kinds, err := res.livenessOfEach("spoofDetectorResourceIds", r.SpoofDetectorResourceIDs)
	if err != nil {
		return spoofCheck{}, err
	}
	return newSpoofCheck(kinds, r.SpoofCheckConfig)
}

// scoreAbove returns the least score that is written as an integer above the
// threshold: a match is "higher than the matching threshold", on the wire.
func scoreAbove(threshold int) face.Score { return face.Score(threshold) + 0.5 }

// scoreText writes a score as the contract does, as an integer.
func scoreText(s face.Score) int { return int(math.Round(float64(s))) }

func (i *imageData) bytes(field string) ([]byte, error) {
	if i == nil {
		return nil, face.FieldErrorf(field, "%s is required", field)
	}
	return i.Data.Bytes(field + ".data")
}

func (r *searchRequest) features() features {
	return newFeatures(r.FaceFeaturesConfig, r.FaceMaskConfidenceRequest)
}

func (r *searchRequest) results(found []gallery.Identified, check *spoofCheck) []searchResult {
	features := r.features()
	out := make([]searchResult, 0, len(found))
	for i, f := range found {
		out = append(out, searchResult{
			MatchResults:     httpx.SliceOf(f.Candidates, newMatch),
			SpoofCheckResult: check.result(f.Liveness),
			faceAttributes:   features.attributes(f.Finding, i+1),
		})
	}
	return out
}

func newMatch(c face.Candidate) matchResult {
	return matchResult{
		Score: scoreText(c.Score), WatchlistMemberID: &c.Member.ID,
		DisplayName: c.Member.DisplayName, FullName: c.Member.FullName,
		WatchlistDisplayName: c.Watchlist.DisplayName, WatchlistFullName: c.Watchlist.FullName,
		WatchlistID: &c.Watchlist.ID, PreviewColor: c.Watchlist.PreviewColor,
		Labels: newLabels(c.Member.Labels),
	}
}
