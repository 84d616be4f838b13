package smartface_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers"
)

func TestErrorStatuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name            string
		err             error
		other, register int // statuses of Search and of Register
		detail          string
	}{
		{"invalid", face.Errorf(face.Invalid, "no good"), 400, 400, "no good"},
		{"no key", face.Errorf(face.Unauthenticated, "an API key is needed"), 401, 401, "an API key is needed"},
		{"a key that does not allow it", face.Errorf(face.Forbidden, "not with this key"), 403, 403, "not with this key"},
		{"no face", face.Errorf(face.NoFace, "No face detected."), 400, 400, "No face detected."},
		{"two faces", face.Errorf(face.ManyFaces, "2 faces detected."), 400, 400, "2 faces detected."},
		{"a poor face", face.Errorf(face.LowQuality, "blurred"), 400, 400, "blurred"},
		{"a picture too large", face.Errorf(face.TooLarge, "50000 x 50000 pixels"), 400, 400, "50000 x 50000 pixels"},
		{"not found", face.Errorf(face.NotFound, "Watchlists with specified ids were not found."), 404, 404, "Watchlists with specified ids were not found."},
		{"conflict", face.Errorf(face.Conflict, "exists"), 409, 409, "exists"},
		{"timeout", face.Errorf(face.Timeout, "too slow"), 408, 408, "too slow"},
		{"a deadline that nobody classified", fmt.Errorf("scan: %w", context.DeadlineExceeded), 408, 408, "the work was not finished in time"},
		{"overloaded", fmt.Errorf("inspect: %w", face.Errorf(face.Overloaded, "the queue is full")), 503, 429, "the queue is full"},
		{"unavailable", face.Wrap(face.Unavailable, errors.New("disk is full"), "cannot write"), 503, 503, "cannot write"},
		{"internal", errors.New("password=hunter2"), 500, 500, "internal error"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := newSampleGallery()
			g.err = tt.err
			s := newServer(t, g)
			for path, want := range map[string]int{searchPath: tt.other, registerPath: tt.register, verifyPath: tt.other} {
				name := map[string]string{searchPath: "search_request.json", registerPath: "register_request.json", verifyPath: "verify_request.json"}[path]
				rec := s.do(t, http.MethodPost, path, sample(t, name), path)
				if rec.Code != want || detail(t, rec) != tt.detail {
					t.Errorf("%s: got %d %q, want %d %q", path, rec.Code, detail(t, rec), want, tt.detail)
				}
				if retry := rec.Header().Get("Retry-After"); (retry != "") != (want == 429 || want == 503) {
					t.Errorf("%s: Retry-After %q with %d", path, retry, want)
				}
			}
		})
	}
}

// Every operation answers an error of the gallery with a problem.
func TestErrorsOfEveryOperation(t *testing.T) {
	t.Parallel()
	const id = "/b24530bd-cd48-48ab-ad8c-8f8a9678282e"
	operations := []struct{ method, target, route, body string }{
		{"GET", listsPath, listsPath, ""},
		{"POST", listsPath, listsPath, `{"displayName":"A","fullName":"B"}`},
		{"PUT", listsPath, listsPath, `{"id":"a","displayName":"A","fullName":"B"}`},
		{"GET", listsPath + "/a", listsPath + "/{id}", ""},
		{"DELETE", listsPath + "/a", listsPath + "/{id}", ""},
		{"GET", listsPath + "/a/WatchlistMembers", listsPath + "/{id}/WatchlistMembers", ""},
		{"GET", membersPath, membersPath, ""},
		{"POST", membersPath, membersPath, `{}`},
		{"PUT", membersPath, membersPath, `{"id":"a"}`},
		{"GET", membersPath + "/a", membersPath + "/{id}", ""},
		{"DELETE", membersPath + "/a", membersPath + "/{id}", ""},
		{"GET", membersPath + "/a/Faces", membersPath + "/{id}/Faces", ""},
		{"POST", linkPath, linkPath, `{"watchlistId":"w","watchlistMembersIds":["a"]}`},
		{"POST", membersPath + "/UnlinkFromWatchlist", membersPath + "/UnlinkFromWatchlist", `{"watchlistId":"w","watchlistMembersIds":["a"]}`},
		{"POST", addFacePath, membersPath + "/{id}/AddNewFace", `{"imageData":{"data":"/9j/"}}`},
		{"POST", membersPath + "/a/AddFaceFromSystem", membersPath + "/{id}/AddFaceFromSystem", `{"faceId":"` + id[1:] + `"}`},
		{"POST", membersPath + "/a/RemoveFace", membersPath + "/{id}/RemoveFace", `{"faceId":"` + id[1:] + `"}`},
		{"GET", "/api/v1/Images" + id, "/api/v1/Images/{id}", ""},
	}
	for _, op := range operations {
		for kind, want := range map[face.Kind]int{
			face.NotFound: 404, face.Conflict: 409, face.Invalid: 400, face.Timeout: 408, face.Overloaded: 503, face.Unavailable: 503, face.Internal: 500,
		} {
			g := newSampleGallery()
			g.err = face.Errorf(kind, "because")
			rec := newServer(t, g).do(t, op.method, op.target, op.body, op.route)
			if rec.Code != want || (rec.Header().Get("Retry-After") != "") != (want == 503) {
				t.Errorf("%s %s: got %d with headers %v for %v, want %d", op.method, op.target, rec.Code, rec.Header(), kind, want)
			}
		}
	}
}

// An id in a path that is not URL-encoded cannot come from a server of net/http;
// what can is an address that does not exist or has no such method.
func TestUnknownAddresses(t *testing.T) {
	t.Parallel()
	s := newServer(t, newSampleGallery())
	if rec := s.do(t, http.MethodGet, "/api/v1/Nothing", "", "/api/v1/Nothing"); rec.Code != http.StatusNotFound {
		t.Errorf("got %d, want 404", rec.Code)
	}
	rec := s.do(t, http.MethodPatch, "/api/v1/watchlists/", "", listsPath)
	if allow := rec.Header().Get("Allow"); rec.Code != http.StatusMethodNotAllowed || allow != "GET, HEAD, POST, PUT" {
		t.Errorf("got %d with Allow %q, want 405 with GET, HEAD, POST, PUT", rec.Code, allow)
	}
}

// The time of the work is bounded, and the client hears so.
func TestTimeout(t *testing.T) {
	t.Parallel()
	for path, name := range map[string]string{searchPath: "search_request.json", registerPath: "register_request.json", verifyPath: "verify_request.json"} {
		body := sample(t, name)
		synctest.Test(t, func(t *testing.T) {
			g := newSampleGallery()
			g.hangs = true
			start := time.Now()
			rec := newServer(t, g, func(o *handlers.Options) { o.Timeout = 3 * time.Second }).do(t, http.MethodPost, path, body, path)
			if took := time.Since(start); rec.Code != http.StatusRequestTimeout || took != 3*time.Second {
				t.Errorf("%s: got %d after %v, want 408 after 3s", path, rec.Code, took)
			}
		})
	}
}

// A client that goes away ends the work.
func TestClientGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newSampleGallery()
		g.hangs = true
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go func() {
			time.Sleep(time.Second)
			cancel()
		}()
		start := time.Now()
		req := newRequest(http.MethodPost, searchPath, sample(t, "search_request.json")).WithContext(ctx)
		rec := newServer(t, g).send(t, req, searchPath)
		if took := time.Since(start); rec.Code != 499 || took != time.Second {
			t.Errorf("got %d after %v, want 499 after 1s", rec.Code, took)
		}
	})
}
