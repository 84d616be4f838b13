package handlers_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// roles says who may use each route there is: who has no key, or a key of which role
// at least. A new route has to be entered here.
var roles = map[string][]string{
	"open": {
		"GET /", "GET /healthz", "GET /metrics", "GET /readyz",
		"GET /swagger", "GET /swagger/smartface", "GET /swagger/smartface/*file",
		"GET /swagger/regula", "GET /swagger/regula/*file", "GET /swagger/facesearch", "GET /swagger/facesearch/*file",
		"GET /api/healthz", "GET /api/readiness", "GET /api/readyz",
	},
	"search": {
		"GET /api/v1/Images/:id", "GET /api/v1/Version",
		"GET /api/v1/Watchlists", "GET /api/v1/Watchlists/:id", "GET /api/v1/Watchlists/:id/WatchlistMembers",
		"GET /api/v1/WatchlistMembers", "GET /api/v1/WatchlistMembers/:id", "GET /api/v1/WatchlistMembers/:id/Faces",
		"POST /api/v1/Faces/SpoofCheck", "POST /api/v1/Faces/Verify", "POST /api/v1/Watchlists/Search",

		"GET /api/groups", "GET /api/groups/:groupId", "GET /api/groups/:groupId/persons",
		"GET /api/persons/:personId", "GET /api/persons/:personId/groups",
		"GET /api/persons/:personId/images", "GET /api/persons/:personId/images/:imageId",
		"GET /api/v2/liveness", "POST /api/search", "POST /api/detect", "POST /api/match", // with createPerson: enrol

		"GET /collections", "GET /collections/:collection_name/persons", "GET /persons/:person_id",
		"POST /face-search", "POST /multi-face-search",
	},
	"enrol": {
		"POST /api/v1/WatchlistMembers", "PUT /api/v1/WatchlistMembers", "DELETE /api/v1/WatchlistMembers/:id",
		"POST /api/v1/WatchlistMembers/Register", "POST /api/v1/WatchlistMembers/LinkToWatchlist", "POST /api/v1/WatchlistMembers/UnlinkFromWatchlist",
		"POST /api/v1/WatchlistMembers/:id/AddFaceFromSystem", "POST /api/v1/WatchlistMembers/:id/AddNewFace", "POST /api/v1/WatchlistMembers/:id/RemoveFace",

		"POST /api/persons", "PUT /api/persons/:personId", "DELETE /api/persons/:personId",
		"POST /api/persons/:personId/images", "DELETE /api/persons/:personId/images/:imageId", "PUT /api/groups/:groupId/persons",

		"POST /collections/:collection_name/persons", "PUT /collections/:collection_name/persons/:person_id",
		"DELETE /collections/:collection_name/persons/:person_id", "PATCH /persons/:person_id", "DELETE /persons/:person_id",
		"POST /persons/:person_id/faces", "DELETE /persons/:person_id/faces/:face_id",
	},
	"admin": {
		"POST /api/v1/Watchlists", "PUT /api/v1/Watchlists", "DELETE /api/v1/Watchlists/:id",
		"POST /api/groups", "PUT /api/groups/:groupId", "DELETE /api/groups/:groupId",
		"POST /collections", "DELETE /collections/:collection_name",
	},
}

// roleKeys takes the name of a role as the key that has it.
type roleKeys struct{}

func (roleKeys) Authenticate(_ context.Context, key string) (face.Grant, error) {
	role, err := face.ParseRole(key)
	if err != nil {
		return face.Grant{}, face.Errorf(face.Unauthenticated, "the API key is not valid")
	}
	return face.Grant{Role: role}, nil
}

// TestRoles asks every route without a key and with a key of each role, and holds the
// answers to the table. The gallery behind them has nothing: whoever is let in gets
// another error.
func TestRoles(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	access := httpx.NewAccess(roleKeys{}, true)
	h := newHandler(t, handlers.Options{Gatherer: registry, Access: access, StrictAccess: access})
	router, ok := h.(interface{ Routes() []string })
	if !ok {
		t.Fatalf("the handler is a %T, want one that tells its routes", h)
	}
	got := map[string][]string{}
	for _, route := range router.Routes() {
		role := leastRole(t, h, route)
		got[role] = append(got[role], route)
	}
	want := maps.Clone(roles)
	for _, routes := range want {
		slices.Sort(routes)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("roles of routes (-want +got):\n%s", diff)
	}
}

// leastRole returns the least of the roles that a route lets in, all greater ones of
// which it has to let in as well.
func leastRole(t *testing.T, h http.Handler, route string) string {
	t.Helper()
	least := ""
	for _, key := range []string{"", "nobody's", "search", "enrol", "admin"} {
		status := ask(h, route, key)
		in := status != http.StatusUnauthorized && status != http.StatusForbidden
		if name := key; in && least == "" {
			least = name
			if key == "" {
				least = "open"
			}
		} else if !in && least != "" {
			t.Errorf("%s lets in %s, but refuses %s: %d", route, least, key, status)
		}
	}
	return least
}

func ask(h http.Handler, route, key string) int {
	method, pattern, _ := strings.Cut(route, " ")
	path := regexp.MustCompile(`[:*]\w+`).ReplaceAllString(pattern, "b24530bd-cd48-48ab-ad8c-8f8a9678282e")
	req := httptest.NewRequest(method, path, http.NoBody)
	req.Header.Set(httpx.KeyHeader, key)
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	return rec.Code
}

// Without Access everybody is let in, whatever is sent as a key.
func TestNoAccess(t *testing.T) {
	t.Parallel()
	h := newHandler(t, handlers.Options{Dialects: []string{handlers.SmartFace}})
	for _, key := range []string{"", "search", "nobody's"} {
		for _, route := range []string{"GET /api/v1/Version", "DELETE /api/v1/Watchlists/:id"} {
			if status := ask(h, route, key); status == http.StatusUnauthorized || status == http.StatusForbidden {
				t.Errorf("%s with the key %q: got %d, want it let in", route, key, status)
			}
		}
	}
}

// A refusal comes before the body is looked at, in the words of the dialect.
func TestRefusal(t *testing.T) {
	t.Parallel()
	h := newHandler(t, handlers.Options{Access: httpx.NewAccess(roleKeys{}, true)})
	for key, want := range map[string]string{
		"":       `"title":"Unauthorized","status":401,"detail":"an API key is needed in the header x-api-key"`,
		"other":  `"title":"Unauthorized","status":401,"detail":"the API key is not valid"`,
		"search": `"title":"Forbidden","status":403,"detail":"this needs a key with the role admin, and yours has search"`,
	} {
		req := httptest.NewRequest(http.MethodPut, "/api/v1/Watchlists", strings.NewReader("{ no JSON"))
		req.Header.Set("Authorization", fmt.Sprint("Bearer ", key))
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, req)
		if body := rec.Body.String(); !strings.Contains(body, want) || !strings.HasPrefix(rec.Header().Get("Content-Type"), "application/problem+json") {
			t.Errorf("with the key %q: got %d %s, want %s", key, rec.Code, body, want)
		}
	}
}

// Regula's refusals are in its own envelope.
func TestRefusalOfRegula(t *testing.T) {
	t.Parallel()
	h := newHandler(t, handlers.Options{Access: httpx.NewAccess(roleKeys{}, true)})
	for key, status := range map[string]int{"": 401, "other": 401, "search": 403} {
		req := httptest.NewRequest(http.MethodPost, "/api/persons", strings.NewReader("{ no JSON"))
		req.Header.Set(httpx.KeyHeader, key)
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, req)
		if want := fmt.Sprintf(`"statusCode":%d`, status); rec.Code != status || !strings.Contains(rec.Body.String(), want) {
			t.Errorf("with the key %q: got %d %s, want %s", key, rec.Code, rec.Body, want)
		}
	}
}
