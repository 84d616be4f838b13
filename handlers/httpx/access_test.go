package httpx_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// fakeKeys knows keys by their text.
type fakeKeys map[string]face.Grant

func (k fakeKeys) Authenticate(ctx context.Context, key string) (face.Grant, error) {
	if _, ok := ctx.Deadline(); !ok {
		return face.Grant{}, errors.New("the look-up of a key has no bound")
	}
	if key == "broken" {
		return face.Grant{}, face.Wrap(face.Unavailable, errors.New("disk on fire"), "the database is away")
	}
	if grant, ok := k[key]; ok {
		return grant, nil
	}
	return face.Grant{}, face.Errorf(face.Unauthenticated, "the key is not valid")
}

var (
	searcher = face.Grant{Key: uuid.MustParse("0198a000-0000-7000-8000-000000000001"), Role: face.RoleSearch}
	enroller = face.Grant{Key: uuid.MustParse("0198a000-0000-7000-8000-000000000002"), Role: face.RoleEnrol, Watchlists: []string{"staff"}}
	someKeys = fakeKeys{"fk_search": searcher, "fk_enrol": enroller}
)

// guarded answers POST / to those who may enrol, with the grant of the request.
func guarded(access *httpx.Access, log io.Writer, got *face.Grant) *gin.Engine {
	engine := httpx.NewEngine()
	engine.Use(httpx.AccessLog(slog.New(slog.NewJSONHandler(log, nil))), httpx.BodyLimit(64<<20, nil))
	engine.POST("/", access.Need(face.RoleEnrol, httpx.DefaultProblem), func(c *gin.Context) {
		*got, _ = face.GrantOf(c.Request.Context())
		c.Status(http.StatusNoContent)
	})
	return engine
}

func TestNeed(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		headers map[string]string
		status  int
		grant   face.Grant
		logged  string
	}{
		{"no key", nil, 401, face.Grant{}, ""},
		{"an empty key", map[string]string{"x-api-key": " "}, 401, face.Grant{}, ""},
		{"another scheme", map[string]string{"Authorization": "Basic ZmtfZW5yb2w="}, 401, face.Grant{}, ""},
		{"a scheme without a key", map[string]string{"Authorization": "Bearer "}, 401, face.Grant{}, ""},
		{"a wrong key", map[string]string{"x-api-key": "fk_other"}, 401, face.Grant{}, ""},
		{"a role too low", map[string]string{"x-api-key": "fk_search"}, 403, face.Grant{}, searcher.Key.String()},
		{"the database is away", map[string]string{"x-api-key": "broken"}, 503, face.Grant{}, ""},
		{"the header", map[string]string{"X-API-Key": "fk_enrol"}, 204, enroller, enroller.Key.String()},
		{"a bearer", map[string]string{"Authorization": "bearer  fk_enrol"}, 204, enroller, enroller.Key.String()},
		{"the header before the bearer", map[string]string{"x-api-key": "fk_enrol", "Authorization": "Bearer fk_other"}, 204, enroller, enroller.Key.String()},
		{"a wrong header beside a good bearer", map[string]string{"x-api-key": "fk_other", "Authorization": "Bearer fk_enrol"}, 401, face.Grant{}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			var got face.Grant
			req := httptest.NewRequest(http.MethodPost, "/", http.NoBody)
			for name, value := range tt.headers {
				req.Header.Set(name, value)
			}
			rec := serve(t, guarded(httpx.NewAccess(someKeys, true), &log, &got), req)
			if rec.Code != tt.status {
				t.Errorf("got %d %s, want %d", rec.Code, rec.Body, tt.status)
			}
			if diff := cmp.Diff(tt.grant, got); diff != "" {
				t.Errorf("grant (-want +got)\n%s", diff)
			}
			if asked := rec.Header().Get("WWW-Authenticate"); (asked == "Bearer") != (tt.status == 401) {
				t.Errorf("WWW-Authenticate: got %q with %d", asked, rec.Code)
			}
			if line := log.String(); strings.Contains(line, "fk_") || strings.Contains(line, `"api_key":"`+tt.logged+`"`) != (tt.logged != "") {
				t.Errorf("log: got %s, want the id %q and no key", line, tt.logged)
			}
		})
	}
}

// Where keys are not required, nobody is asked, and what is sent as one is not
// looked at.
func TestNeedNothing(t *testing.T) {
	t.Parallel()
	for name, access := range map[string]*httpx.Access{"nil": nil, "not required": httpx.NewAccess(someKeys, false)} {
		for _, key := range []string{"", "fk_other", "fk_search"} {
			got := face.Grant{Role: 99}
			req := httptest.NewRequest(http.MethodPost, "/", http.NoBody)
			req.Header.Set("x-api-key", key)
			if rec := serve(t, guarded(access, io.Discard, &got), req); rec.Code != 204 || got.Role != 0 {
				t.Errorf("%s, key %q: got %d with grant %v, want 204 with none", name, key, rec.Code, got)
			}
		}
	}
}

func TestIsKeyAbsent(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]bool{"": true, "fk_other": false} {
		var got error
		engine := httpx.NewEngine()
		engine.GET("/", httpx.NewAccess(someKeys, true).Need(face.RoleSearch, func(c *gin.Context, err error) { got = err }),
			func(*gin.Context) { t.Error("the handler was reached") })
		req := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		req.Header.Set("x-api-key", key)
		serve(t, engine, req)
		if face.KindOf(got) != face.Unauthenticated || httpx.IsKeyAbsent(got) != want {
			t.Errorf("key %q: got %v, absent is %v, want %v", key, got, httpx.IsKeyAbsent(got), want)
		}
	}
}

// A client that sends all of a large body first reads the refusal, and not a
// broken connection; and nothing of the body is kept.
func TestNeedWithLargeBody(t *testing.T) {
	t.Parallel()
	var got face.Grant
	server := httptest.NewServer(httpx.NewRouter(guarded(httpx.NewAccess(someKeys, true), io.Discard, &got)))
	defer server.Close()
	for _, body := range []io.Reader{bytes.NewReader(jsonOf(8 << 20)), io.MultiReader(bytes.NewReader(jsonOf(8 << 20)))} {
		res, err := server.Client().Post(server.URL, "application/json", body)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusUnauthorized {
			t.Errorf("got %d, want 401", res.StatusCode)
		}
	}
}
