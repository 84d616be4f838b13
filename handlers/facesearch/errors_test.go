package facesearch_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers"
)

// verbatim are the messages of the contract.
var verbatim = map[string]string{
	"ERR_FACE_NOT_DETECTED":              "A face could not be detected in the image(s).",
	"ERR_API_KEY_NOT_PRESENT":            "The API key is missing from the request.",
	"ERR_API_KEY_NOT_VALID":              "The API key is not valid.",
	"ERR_NOT_FOUND":                      "The requested entity could not be found.",
	"ERR_LIVENESS_ERROR":                 "A liveness error occurred. Please check the supplied image and the error metadata.",
	"ERR_BASE64_IMAGE_CANNOT_BE_DECODED": "The posted Base64 image(s) could not be decoded as JPEG/PNG bytes.",
}

// check fails unless an answer is the error of a code.
func (f failure) check(t *testing.T, name string, status int, wantStatus int, wantCode string) {
	t.Helper()
	if status != wantStatus || f.Code != wantCode {
		t.Errorf("%s: got %d %s (%s), want %d %s", name, status, f.Code, f.Message, wantStatus, wantCode)
	}
	if want := verbatim[f.Code]; want != "" && f.Message != want {
		t.Errorf("%s: got the message %q, want %q", name, f.Message, want)
	}
}

// webp is the beginning of a file that is a picture, but neither JPEG nor PNG.
const webp = `"UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA/vuUAAA="`

// Of several things that are wrong at once the first in the order of the contract is
// told: key, body, picture, collection, face, liveness.
func TestOrderOfChecks(t *testing.T) {
	t.Parallel()
	noFace := face.Errorf(face.NoFace, "no face")
	unknown := face.Errorf(face.NotFound, "no watchlist")
	damaged := fmt.Errorf("inspect: %w", face.Errorf(face.Invalid, "the JPEG picture is truncated"))
	turned := func(g *fakeGallery) { g.found[0].Attributes.Yaw = new(50.) }
	notFound := func(g *fakeGallery) { g.errs["WatchlistByName"] = unknown }
	tests := []struct {
		name   string
		key    string
		body   string
		set    func(g *fakeGallery)
		status int
		code   string
	}{
		{"no key before a bad body", "", `{`, nil, 401, "ERR_API_KEY_NOT_PRESENT"},
		{"a wrong key before a bad body", "wrong", `{`, nil, 403, "ERR_API_KEY_NOT_VALID"},
		{"no JSON", "search", `{`, nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"no object", "search", `[]`, nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"nothing", "search", ``, nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"no picture, unknown collection", "search", searchBody(t, "face_base_64="), notFound, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"picture null", "search", searchBody(t, "face_base_64=null"), nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"picture a number", "search", searchBody(t, "face_base_64=5"), nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"no collection", "search", searchBody(t, "collection_name="), nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"collection empty", "search", searchBody(t, `collection_name=""`), nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"collection a number", "search", searchBody(t, `collection_name=7`), nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"similarity too large", "search", searchBody(t, "min_similarity_score=1.01", `face_base_64="?"`), nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"similarity too small", "search", searchBody(t, "min_similarity_score=-0.1"), nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"similarity a text", "search", searchBody(t, `min_similarity_score="0.7"`), nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"no results", "search", searchBody(t, "max_results=0"), nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"too many results", "search", searchBody(t, "max_results=1001"), nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"part of a result", "search", searchBody(t, "max_results=1.5"), nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"liveness a number", "search", searchBody(t, "check_liveness=1"), nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"not base64, unknown collection", "search", searchBody(t, `face_base_64="?"`), notFound, 422, "ERR_BASE64_IMAGE_CANNOT_BE_DECODED"},
		{"empty, unknown collection", "search", searchBody(t, `face_base_64=""`), notFound, 422, "ERR_BASE64_IMAGE_CANNOT_BE_DECODED"},
		{"text, unknown collection", "search", searchBody(t, `face_base_64="U2Vjb25kIGltYWdl"`), notFound, 422, "ERR_BASE64_IMAGE_CANNOT_BE_DECODED"},
		{"WebP", "search", searchBody(t, "face_base_64="+webp), nil, 422, "ERR_BASE64_IMAGE_CANNOT_BE_DECODED"},
		{"damaged, unknown collection", "search", searchBody(t), func(g *fakeGallery) {
			g.errs["WatchlistByName"], g.errs["Inspect"] = unknown, damaged
		}, 422, "ERR_BASE64_IMAGE_CANNOT_BE_DECODED"},
		{"damaged", "search", searchBody(t), func(g *fakeGallery) { g.errs["IdentifyMembers"] = damaged }, 422, "ERR_BASE64_IMAGE_CANNOT_BE_DECODED"},
		{"too many pixels", "search", searchBody(t), func(g *fakeGallery) {
			g.errs["IdentifyMembers"] = face.Errorf(face.TooLarge, "the picture has 100 megapixels")
		}, 422, "ERR_BASE64_IMAGE_CANNOT_BE_DECODED"},
		{"unknown collection, no face", "search", searchBody(t), func(g *fakeGallery) {
			g.errs["WatchlistByName"], g.errs["IdentifyMembers"] = unknown, noFace
		}, 404, "ERR_NOT_FOUND"},
		{"another's collection", "limited", searchBody(t), notFound, 403, "ERR_API_KEY_NOT_VALID"},
		{"another's collection, damaged", "limited", searchBody(t), func(g *fakeGallery) {
			g.errs["WatchlistByName"], g.errs["Inspect"] = unknown, damaged
		}, 422, "ERR_BASE64_IMAGE_CANNOT_BE_DECODED"},
		{"a collection that the key is not for", "search", searchBody(t), func(g *fakeGallery) {
			g.errs["IdentifyMembers"] = face.Errorf(face.Forbidden, "not yours")
		}, 403, "ERR_API_KEY_NOT_VALID"},
		{"no face, to be checked for liveness", "search", searchBody(t, "check_liveness=true"), func(g *fakeGallery) {
			g.errs["IdentifyMembers"] = noFace
		}, 400, "ERR_FACE_NOT_DETECTED"},
		{"not live, and known", "search", searchBody(t, "check_liveness=true"), turned, 422, "ERR_LIVENESS_ERROR"},
		{"the same, not to be checked", "search", searchBody(t), turned, 200, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := sample()
			if tt.set != nil {
				tt.set(g)
			}
			s := newServer(t, g)
			s.key = tt.key
			rec := s.do(t, http.MethodPost, "/face-search", tt.body, "/face-search")
			if tt.status == http.StatusOK {
				if rec.Code != http.StatusOK {
					t.Errorf("got %d %s, want 200", rec.Code, rec.Body)
				}
				return
			}
			failureOf(t, rec.Body.Bytes()).check(t, tt.name, rec.Code, tt.status, tt.code)
			if _, asked := g.got["KeepLiveness"]; asked != (tt.code == "ERR_LIVENESS_ERROR") {
				t.Errorf("a liveness check was recorded: %v", asked)
			}
		})
	}
}

func TestOrderOfChecksMulti(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, key, body, fails string
		err                    error
		status                 int
		code                   string
	}{
		{"no key", "", `{`, "", nil, 401, "ERR_API_KEY_NOT_PRESENT"},
		{"a wrong key", "wrong", `{`, "", nil, 403, "ERR_API_KEY_NOT_VALID"},
		{"no picture", "search", multiBody(t, "multi_face_img_base_64="), "", nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"no collection", "search", multiBody(t, "collection_name="), "", nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"similarity too large", "search", multiBody(t, "min_similarity_score=2"), "", nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"no picture file", "search", multiBody(t, `multi_face_img_base_64="QUJD"`), "", nil, 422, "ERR_BASE64_IMAGE_CANNOT_BE_DECODED"},
		{"damaged", "search", multiBody(t), "IdentifyDistinct", face.Errorf(face.Invalid, "truncated"), 422, "ERR_BASE64_IMAGE_CANNOT_BE_DECODED"},
		{"unknown collection", "search", multiBody(t), "WatchlistByName", face.Errorf(face.NotFound, "none"), 404, "ERR_NOT_FOUND"},
		{"another's collection", "limited", multiBody(t), "WatchlistByName", face.Errorf(face.NotFound, "none"), 403, "ERR_API_KEY_NOT_VALID"},
		{"no face", "search", multiBody(t), "IdentifyDistinct", face.Errorf(face.NoFace, "none"), 400, "ERR_FACE_NOT_DETECTED"},
	}
	for _, tt := range tests {
		g := sample()
		g.errs[tt.fails] = tt.err
		s := newServer(t, g)
		s.key = tt.key
		rec := s.do(t, http.MethodPost, "/multi-face-search", tt.body, "/multi-face-search")
		failureOf(t, rec.Body.Bytes()).check(t, tt.name, rec.Code, tt.status, tt.code)
	}
}

// What is absent and has a default is not missed.
func TestDefaults(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		searchBody(t, "check_liveness=", "min_similarity_score=", "max_results="),
		searchBody(t, "check_liveness=null", "min_similarity_score=null", "max_results=null", `more="ignored"`),
		searchBody(t, `check_liveness="False"`, "max_results=1.0"),
	} {
		g := sample()
		rec := newServer(t, g).do(t, http.MethodPost, "/face-search", body, "/face-search")
		q := g.query(t, "IdentifyMembers")
		if rec.Code != http.StatusOK || q.MaxCandidates != 1 || q.MinScore.Similarity() > 0.7 || q.MinScore.Similarity() < 0.6999 || q.Inspect.Liveness != nil {
			t.Errorf("%s: got %d, %+v", body, rec.Code, q)
		}
	}
}

// Faults that the contract has no word for.
func TestFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		err    error
		status int
		code   string
	}{
		{face.Errorf(face.Overloaded, "the queue is full"), 503, "ERR_UNAVAILABLE"},
		{face.Errorf(face.Unavailable, "the index is behind"), 503, "ERR_UNAVAILABLE"},
		{context.DeadlineExceeded, 504, "ERR_TIMEOUT"},
		{context.Canceled, 499, "ERR_TIMEOUT"},
		{fmt.Errorf("password=hunter2"), 500, "ERR_INTERNAL"},
	}
	for _, tt := range tests {
		g := sample()
		g.errs["IdentifyMembers"] = tt.err
		rec := newServer(t, g).do(t, http.MethodPost, "/face-search", searchBody(t), "/face-search")
		failureOf(t, rec.Body.Bytes()).check(t, tt.err.Error(), rec.Code, tt.status, tt.code)
		if strings.Contains(rec.Body.String(), "hunter2") {
			t.Errorf("got %s, which tells an internal error", rec.Body)
		}
	}
	rec := newServer(t, sample(), func(o *handlers.Options) { o.BodyLimit = 100 }).
		do(t, http.MethodPost, "/face-search", searchBody(t), "/face-search")
	failureOf(t, rec.Body.Bytes()).check(t, "too long", rec.Code, 413, "ERR_CONTENT_TOO_LARGE")
	g := sample()
	g.hangs = true
	rec = newServer(t, g, func(o *handlers.Options) { o.Timeout = time.Millisecond }).
		do(t, http.MethodPost, "/face-search", searchBody(t), "/face-search")
	failureOf(t, rec.Body.Bytes()).check(t, "too slow", rec.Code, 504, "ERR_TIMEOUT")
}

// Wrong addresses of the dialect are answered in its own words, those of others not.
func TestWrongAddresses(t *testing.T) {
	t.Parallel()
	s := newServer(t, sample())
	for _, tt := range []struct {
		method, target, code string
		status               int
	}{
		{"GET", "/face-search", "ERR_METHOD_NOT_ALLOWED", 405},
		{"POST", "/Face-Search/more", "ERR_NOT_FOUND", 404},
		{"PUT", "/collections", "ERR_METHOD_NOT_ALLOWED", 405},
		{"GET", "/persons", "ERR_NOT_FOUND", 404},
	} {
		rec := s.do(t, tt.method, tt.target, "", "")
		failureOf(t, rec.Body.Bytes()).check(t, tt.target, rec.Code, tt.status, tt.code)
		if (rec.Header().Get("Allow") != "") != (tt.status == 405) {
			t.Errorf("%s: Allow: got %q with %d", tt.target, rec.Header().Get("Allow"), tt.status)
		}
	}
}

// Without keys from the program nobody gets in.
func TestNoKeysNoAccess(t *testing.T) {
	t.Parallel()
	s := newServer(t, sample(), func(o *handlers.Options) { o.StrictAccess = nil })
	rec := s.do(t, http.MethodPost, "/face-search", searchBody(t), "/face-search")
	failureOf(t, rec.Body.Bytes()).check(t, "no keys", rec.Code, 403, "ERR_API_KEY_NOT_VALID")
}
