package facesearch_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
)

// query returns what a search asked of the gallery.
func (g *fakeGallery) query(t *testing.T, method string) gallery.MembersQuery {
	t.Helper()
	q, ok := g.got[method].(gallery.MembersQuery)
	if !ok {
		t.Fatalf("%s was not asked, but %v", method, g.calls)
	}
	return q
}

func TestSearch(t *testing.T) {
	t.Parallel()
	g := sample()
	rec := newServer(t, g).do(t, http.MethodPost, "/Face-Search/", searchBody(t, "max_results=5", "min_similarity_score=0.75"), "/face-search")
	want := `[{"person_id":"juraj-custom-id","person_name":"Juraj K.","metadata":` + sampleMetadata +
		`,"face_base_64":"Y3JvcA==","similarity_score":0.875}]`
	if rec.Code != http.StatusOK || rec.Body.String() != want {
		t.Errorf("got %d %s, want 200 %s", rec.Code, rec.Body, want)
	}
	q := g.query(t, "IdentifyMembers")
	if diff := cmp.Diff([]string{"employees"}, q.WatchlistIDs); diff != "" {
		t.Errorf("watchlists: (-want +got)\n%s", diff)
	}
	if q.MaxCandidates != 5 || q.Inspect.MaxFaces != 1 || math.Abs(float64(q.MinScore)-40) > 1e-5 || string(q.Image) != "\xff\xd8\xff\xe0 picture" {
		t.Errorf("got %d candidates, %d faces, score %v, picture %q", q.MaxCandidates, q.Inspect.MaxFaces, q.MinScore, q.Image)
	}
	if g.got["WatchlistByName"] != "Employees" {
		t.Errorf("got the collection %v, want Employees", g.got["WatchlistByName"])
	}
}

func TestSearchFindsNobody(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(g *fakeGallery){
		"nobody":                   func(g *fakeGallery) { g.found = found() },
		"below the least":          func(g *fakeGallery) { g.found = found(candidate(2, 30)) },
		"deleted since":            func(g *fakeGallery) { g.images = nil },
		"whose faces were removed": func(g *fakeGallery) { g.found[0].Candidates[0].Faces = nil },
	} {
		g := sample()
		set(g)
		rec := newServer(t, g).do(t, http.MethodPost, "/face-search", searchBody(t), "/face-search")
		if rec.Code != http.StatusOK || rec.Body.String() != "[]" {
			t.Errorf("%s: got %d %s, want 200 []", name, rec.Code, rec.Body)
		}
	}
}

// Who is shown with a similarity is found with that similarity as the least, and not
// with the next larger number.
func TestMinSimilarityIsInclusive(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	edges := []face.Score{0, 40, 100}
	for i := range 200 {
		score := face.Score(100 * r.Float64())
		if i < len(edges) {
			score = edges[i]
		}
		g := sample()
		g.found = found(candidate(2, score))
		s := newServer(t, g)
		for least, want := range map[float64]int{score.Similarity(): 1, math.Nextafter(score.Similarity(), 2): 0} {
			if least > 1 {
				continue
			}
			rec := s.do(t, http.MethodPost, "/face-search", searchBody(t, "min_similarity_score="+strconv.FormatFloat(least, 'g', -1, 64)), "/face-search")
			var got []struct {
				Similarity float64 `json:"similarity_score"`
			}
			if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if len(got) != want || want == 1 && (got[0].Similarity != least || g.query(t, "IdentifyMembers").MinScore > score) {
				t.Errorf("score %v with at least %v: got %+v, want %d", score, least, got, want)
			}
		}
	}
}

// crop is the thumbnail to be of a face without a person.
func crop(text string) *face.Image { return &face.Image{Data: []byte(text)} }

func TestMultiSearch(t *testing.T) {
	t.Parallel()
	g := sample()
	g.images[uid(3)] = "crop"
	g.found = []gallery.IdentifiedMembers{
		{Inspected: face.Inspected{CropImage: crop("a")}},
		{Inspected: face.Inspected{CropImage: crop("b")}, Candidates: []gallery.MemberCandidate{candidate(2, 70)}},
		{Inspected: face.Inspected{CropImage: crop("c")}, Candidates: []gallery.MemberCandidate{candidate(3, 88)}},
		{Inspected: face.Inspected{CropImage: crop("d")}, Candidates: []gallery.MemberCandidate{candidate(4, 20)}},
	}
	rec := newServer(t, g).do(t, http.MethodPost, "/multi-face-search", multiBody(t), "/multi-face-search")
	want := `{"person_search_results":[` +
		`{"person_id":"p3","person_name":"","metadata":{},"face_base_64":"Y3JvcA==","similarity_score":0.95},` +
		`{"person_id":"p2","person_name":"","metadata":{},"face_base_64":"Y3JvcA==","similarity_score":0.875}],` +
		`"unrecognized_face_thumbnails_base_64":["QQ==","RA=="]}` // A and D: resized
	if rec.Code != http.StatusOK || rec.Body.String() != want {
		t.Errorf("got %d %s, want 200 %s", rec.Code, rec.Body, want)
	}
	if q := g.query(t, "IdentifyDistinct"); !q.Inspect.Crops || q.Inspect.MaxFaces != 0 || len(q.Inspect.Liveness) != 0 {
		t.Errorf("got %+v, want all faces, with crops", q.Inspect)
	}
}

func TestMultiSearchOfNobody(t *testing.T) {
	t.Parallel()
	g := sample()
	g.found, g.images = []gallery.IdentifiedMembers{{Candidates: []gallery.MemberCandidate{candidate(2, 70)}}}, map[uuid.UUID]string{}
	rec := newServer(t, g).do(t, http.MethodPost, "/multi-face-search", multiBody(t), "/multi-face-search")
	if want := `{"person_search_results":[],"unrecognized_face_thumbnails_base_64":[]}`; rec.Body.String() != want {
		t.Errorf("got %s, want %s", rec.Body, want)
	}
}
