package smartface_test

import (
	"net/http"
	"strings"
	"testing"
)

const (
	registerPath = "/api/v1/WatchlistMembers/Register"
	searchPath   = "/api/v1/Watchlists/Search"
	verifyPath   = "/api/v1/Faces/Verify"
	linkPath     = "/api/v1/WatchlistMembers/LinkToWatchlist"
	listsPath    = "/api/v1/Watchlists"
	membersPath  = "/api/v1/WatchlistMembers"
	addFacePath  = membersPath + "/x/AddNewFace"
)

// What the dialect refuses by itself, the gallery never hears of. The rest
// (lengths, ranges of stored fields, what exists) is the gallery's to refuse.
func TestRefused(t *testing.T) {
	t.Parallel()
	const image, images, lists = `"image":{"data":"/9j/"}`, `"images":[{"data":"/9j/"}]`, `"watchlistIds":["w"]`
	tests := []struct {
		name, method, path, body string
		status                   int
		detail                   string
	}{
		{"no byte", "POST", listsPath, " ", 400, "the request body is empty, and a JSON object was expected"},
		{"malformed JSON", "POST", listsPath, `{"displayName":`, 400, "the request body is not valid JSON: unexpected end of JSON input at byte 15"},
		{"no displayName", "POST", listsPath, `{"fullName":"A"}`, 400, "displayName is required"},
		{"null fullName", "POST", listsPath, `{"displayName":"A","fullName":null}`, 400, "fullName is required"},
		{"threshold of another type", "POST", listsPath, `{"displayName":"A","fullName":"A","threshold":"40"}`, 400, "threshold must be an integer of 32 bits, not a string"},
		{"upsert without id", "PUT", listsPath, `{"displayName":"A","fullName":"A"}`, 400, "id is required and must not be empty"},
		{"upsert of an empty id", "PUT", membersPath, `{"id":""}`, 400, "id is required and must not be empty"},
		{"labels of another type", "POST", membersPath, `{"labels":[{"key":"a"},{"key":7}]}`, 400, "labels[1].key must be a string, not a number"},

		{"link without watchlist", "POST", linkPath, `{"watchlistMembersIds":["a"]}`, 400, "watchlistId is required and must not be empty"},
		{"link of nobody", "POST", linkPath, `{"watchlistId":"w","watchlistMembersIds":[]}`, 400, "watchlistMembersIds must hold at least one id"},
		{"link by another name", "POST", linkPath, `{"watchlistId":"w","watchlistMemberIds":["a"]}`, 400, "watchlistMembersIds must hold at least one id"},

		{"register into nothing", "POST", registerPath, `{` + images + `}`, 400, "watchlistIds must hold the id of at least one watchlist"},
		{"register into no watchlist", "POST", registerPath, `{` + images + `,"watchlistIds":[]}`, 400, "watchlistIds must hold the id of at least one watchlist"},
		{"register without picture", "POST", registerPath, `{` + lists + `}`, 400, "images must hold at least one picture"},
		{"register with no picture", "POST", registerPath, `{` + lists + `,"images":[]}`, 400, "images must hold at least one picture"},
		{"register with a null picture", "POST", registerPath, `{` + lists + `,"images":[null]}`, 400, "image data is empty: images[0].data must hold a picture as base64"},
		{"register with bad base64", "POST", registerPath, `{` + lists + `,"images":[{"data":"/9j/"},{"data":"_-"}]}`, 400, "images[1].data is not valid base64"},
		{"register with a bad face id", "POST", registerPath, `{` + lists + `,"images":[{"data":"/9j/","faceId":"me"}]}`, 400, "images[0].faceId must be a UUID or null"},

		{"add no face", "POST", addFacePath, `{}`, 400, "imageData is required"},
		{"add a null face", "POST", addFacePath, `{"imageData":null}`, 400, "imageData is required"},
		{"add an empty face", "POST", addFacePath, `{"imageData":{"faceId":null}}`, 400, "image data is empty: imageData.data must hold a picture as base64"},
		{"add a face with bad base64", "POST", addFacePath, `{"imageData":{"data":"*"}}`, 400, "imageData.data is not valid base64"},
		{"add a face with a bad id", "POST", addFacePath, `{"imageData":{"data":"/9j/","faceId":"7"}}`, 400, "imageData.faceId must be a UUID or null"},
		{"add a face by a GPU that is not there", "POST", addFacePath, `{"imageData":{"data":"/9j/"},"faceDetectorResourceId":"gpu"}`, 408, "faceDetectorResourceId: no worker answers to 'gpu', for this server has no GPU"},
		{"add a face by an unknown detector", "POST", addFacePath, `{"imageData":{"data":"/9j/"},"templateGeneratorResourceId":"tpu"}`, 400, "templateGeneratorResourceId must be one of cpu, gpu or any"},
		{"add a face of no size", "POST", addFacePath, `{"imageData":{"data":"/9j/"},"faceDetectorConfig":{"maxFaceSize":0}}`, 400, "faceDetectorConfig.maxFaceSize must be between 1 and 2147483647, and is 0"},
		{"assign nothing", "POST", membersPath + "/x/AddFaceFromSystem", `{}`, 400, "faceId is required"},
		{"assign what is no UUID", "POST", membersPath + "/x/AddFaceFromSystem", `{"faceId":"me"}`, 400, "faceId must be a UUID"},
		{"remove nothing", "POST", membersPath + "/x/RemoveFace", `{"faceId":null}`, 400, "faceId is required"},
		{"remove what is no UUID", "POST", membersPath + "/x/RemoveFace", `{"faceId":""}`, 400, "faceId must be a UUID"},
		{"remove a number", "POST", membersPath + "/x/RemoveFace", `{"faceId":7}`, 400, "faceId must be a string, not a number"},

		{"search without picture", "POST", searchPath, `{}`, 400, "image is required"},
		{"search with an empty picture", "POST", searchPath, `{"image":{}}`, 400, "image data is empty: image.data must hold a picture as base64"},
		{"threshold -1", "POST", searchPath, `{` + image + `,"threshold":-1}`, 400, "threshold must be between 0 and 100, and is -1"},
		{"threshold 101", "POST", searchPath, `{` + image + `,"threshold":101}`, 400, "threshold must be between 0 and 100, and is 101"},
		{"no results", "POST", searchPath, `{` + image + `,"maxResultCount":0}`, 400, "maxResultCount must be between 1 and 1000, and is 0"},
		{"too many results", "POST", searchPath, `{` + image + `,"maxResultCount":1001}`, 400, "maxResultCount must be between 1 and 1000, and is 1001"},
		{"unknown detector", "POST", searchPath, `{` + image + `,"faceDetectorResourceId":"tpu"}`, 400, "faceDetectorResourceId must be one of cpu, gpu, any, accurate_cpu, accurate_gpu or accurate_any"},
		{"detector of no name", "POST", searchPath, `{` + image + `,"faceDetectorResourceId":"accurate_"}`, 400, "faceDetectorResourceId must be one of cpu, gpu, any, accurate_cpu, accurate_gpu or accurate_any"},
		{"unknown extractor", "POST", searchPath, `{` + image + `,"templateGeneratorResourceId":"accurate_cpu"}`, 400, "templateGeneratorResourceId must be one of cpu, gpu or any"},
		{"a GPU that is not there", "POST", searchPath, `{` + image + `,"faceDetectorResourceId":"accurate_gpu"}`, 408, "faceDetectorResourceId: no worker answers to 'accurate_gpu', for this server has no GPU"},
		{"a GPU for templates that is not there", "POST", registerPath, `{` + lists + `,` + images + `,"templateGeneratorResourceId":"gpu"}`, 408, "templateGeneratorResourceId: no worker answers to 'gpu', for this server has no GPU"},
		{"unknown spoof detector", "POST", searchPath, `{` + image + `,"spoofDetectorResourceIds":["none","liveness"]}`, 400, "spoofDetectorResourceIds must hold none, or liveness_distant_ or liveness_nearby_ with any_remote, cpu_remote or gpu_remote"},
		{"a spoof detector that is not there", "POST", searchPath, `{` + image + `,"spoofDetectorResourceIds":["liveness_distant_cpu_remote"]}`, 408, "spoofDetectorResourceIds: no worker answers to 'liveness_distant_cpu_remote', for this server has no liveness model"},
		{"a check without a model", "POST", spoofCheckPath, `{` + image + `}`, 408, "spoofDetectorResourceIds: no worker answers to 'liveness_distant_cpu_remote', for this server has no liveness model"},
		{"conditions that are none", "POST", searchPath, `{` + image + `,"spoofCheckConfig":{"nearbyLivenessConditions":"FACE_SIZE > 30"}}`, 400, `spoofCheckConfig.nearbyLivenessConditions, character 11: expected ":", found ">"`},
		{"confidence beyond the scale", "POST", searchPath, `{` + image + `,"faceDetectorConfig":{"confidenceThreshold":10001}}`, 400, "faceDetectorConfig.confidenceThreshold must be between 0 and 10000, and is 10001"},
		{"a size below 0", "POST", searchPath, `{` + image + `,"faceDetectorConfig":{"minFaceSize":-1}}`, 400, "faceDetectorConfig.minFaceSize must be between 0 and 2147483647, and is -1"},
		{"no faces", "POST", searchPath, `{` + image + `,"faceDetectorConfig":{"maxFaces":0}}`, 400, "faceDetectorConfig.maxFaces must be between 1 and 2147483647, and is 0"},
		{"sizes that cross", "POST", searchPath, `{` + image + `,"faceDetectorConfig":{"minFaceSize":50,"maxFaceSize":40}}`, 400, "faceDetectorConfig.minFaceSize: minFaceSize (50) must not be above maxFaceSize (40)"},
		{"a flag of another type", "POST", searchPath, `{` + image + `,"faceFeaturesConfig":{"age":"no"}}`, 400, "faceFeaturesConfig.age must be true or false, not a string"},

		{"verify of one side", "POST", verifyPath, `{"probeImage":{` + image + `}}`, 400, "referenceImage is required"},
		{"verify without a picture", "POST", verifyPath, `{"probeImage":{},"referenceImage":{` + image + `}}`, 400, "probeImage.image is required"},
		{"verify with bad base64", "POST", verifyPath, `{"probeImage":{` + image + `},"referenceImage":{"image":{"data":"?"}}}`, 400, "referenceImage.image.data is not valid base64"},
		{"verify with a detector that is not there", "POST", verifyPath, `{"probeImage":{` + image + `},"referenceImage":{` + image + `,"faceDetectorResourceId":"gpu"}}`, 408, "referenceImage.faceDetectorResourceId: no worker answers to 'gpu', for this server has no GPU"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := newSampleGallery()
			rec := newServer(t, g).do(t, tt.method, tt.path, tt.body, strings.Replace(tt.path, "/x/", "/{id}/", 1))
			if rec.Code != tt.status || g.calls > 0 {
				t.Errorf("got %d after %d calls, want %d after none", rec.Code, g.calls, tt.status)
			}
			if got := detail(t, rec); got != tt.detail {
				t.Errorf("detail: got  %q\nwant %q", got, tt.detail)
			}
		})
	}
}

// What the contract allows reaches the gallery.
func TestAccepted(t *testing.T) {
	t.Parallel()
	const image, images, lists = `"image":{"data":"/9j/"}`, `"images":[{"data":"/9j/"}]`, `"watchlistIds":["w"]`
	tests := []struct{ name, path, body string }{
		{"no id", registerPath, `{` + lists + `,` + images + `}`},
		{"null id", registerPath, `{"id":null,` + lists + `,` + images + `}`},
		{"empty id", registerPath, `{"id":"",` + lists + `,` + images + `,"keepAutoLearnPhotos":"false","labels":null}`},
		{"the face id of zeros", registerPath, `{` + lists + `,"images":[{"data":"/9j/","faceId":"00000000-0000-0000-0000-000000000000"}]}`},
		{"null configs", searchPath, `{` + image + `,"watchlistIds":null,"threshold":null,"maxResultCount":null,"faceDetectorConfig":null,"faceDetectorResourceId":null,
			"templateGeneratorResourceId":null,"faceMaskConfidenceRequest":null,"faceFeaturesConfig":null,"spoofDetectorResourceIds":null,"spoofCheckConfig":null}`},
		{"no spoof detectors", searchPath, `{` + image + `,"spoofDetectorResourceIds":[]}`},
		{"any worker", searchPath, `{` + image + `,"faceDetectorResourceId":"accurate_any","templateGeneratorResourceId":"any"}`},
		{"a data URL", searchPath, `{"image":{"data":"data:image/jpeg;base64,/9j/"}}`},
		{"a smallest size above the default largest", searchPath, `{` + image + `,"faceDetectorConfig":{"minFaceSize":700}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := newSampleGallery()
			rec := newServer(t, g).do(t, http.MethodPost, tt.path, tt.body, tt.path)
			if rec.Code >= 300 || g.calls != 1 {
				t.Errorf("got %d %s after %d calls, want success", rec.Code, rec.Body, g.calls)
			}
		})
	}
}

func TestContentTypes(t *testing.T) {
	t.Parallel()
	for _, media := range []string{"", "application/json", "application/json; charset=utf-8", "text/json", "application/vnd.x+json", "text/plain", "nonsense"} {
		g := newSampleGallery()
		s := newServer(t, g)
		req := newRequest(http.MethodPost, listsPath, `{"displayName":"A","fullName":"B"}`)
		req.Header.Set("Content-Type", media)
		if rec := s.send(t, req, listsPath); rec.Code != http.StatusCreated {
			t.Errorf("content type %q: got %d %s, want 201", media, rec.Code, rec.Body)
		}
	}
}

func TestBodyOverTheLimit(t *testing.T) {
	t.Parallel()
	g := newSampleGallery()
	s := newServer(t, g, withBodyLimit(1000))
	rec := s.do(t, http.MethodPost, searchPath, `{"image":{"data":"`+strings.Repeat("A", 1000)+`"}}`, searchPath)
	if rec.Code != http.StatusRequestEntityTooLarge || g.calls > 0 || detail(t, rec) != "the request body is larger than 1000 bytes" {
		t.Errorf("got %d %s, want 413 with the limit", rec.Code, rec.Body)
	}
	if rec = s.do(t, http.MethodPost, searchPath, `{"image":{"data":"AAAA"}}`, searchPath); rec.Code != http.StatusOK {
		t.Errorf("the request after it: got %d, want 200", rec.Code)
	}
}
