package httpx_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/handlers/httpx"
)

// routed is an engine whose handlers answer with their route and parameters.
func routed() *gin.Engine {
	engine := httpx.NewEngine()
	show := func(c *gin.Context) {
		id, err := httpx.PathParam(c, "id")
		if err != nil {
			httpx.DefaultProblem(c, err)
			return
		}
		c.String(http.StatusOK, "%s|%s|%s", c.FullPath(), id, c.Request.URL.RawQuery)
	}
	engine.GET("/", show)
	engine.GET("/api/v1/Lists", show)
	engine.POST("/api/v1/Lists", show)
	engine.GET("/api/v1/Lists/:id", show)
	engine.DELETE("/api/v1/Lists/:id", show)
	engine.GET("/api/v1/Lists/:id/Members", show)
	engine.POST("/api/v1/Lists/Register", show)
	engine.POST("/api/v1/Lists/:id/AddFace", show)
	engine.GET("/files/*id", show)
	return engine
}

func TestRouter(t *testing.T) {
	t.Parallel()
	tests := []struct{ method, target, want string }{
		{"GET", "/", "/||"},
		{"GET", "/api/v1/Lists", "/api/v1/Lists||"},
		{"GET", "/api/v1/lists", "/api/v1/Lists||"},
		{"GET", "/API/V1/LISTS/?PageNumber=1&PageSize=10", "/api/v1/Lists||PageNumber=1&PageSize=10"},
		{"GET", "/api/v1/%4Cists", "/api/v1/Lists||"},
		{"GET", "/api/v1/lists/Ann", "/api/v1/Lists/:id|Ann|"},
		{"GET", "/api/v1/lists/Ann/", "/api/v1/Lists/:id|Ann|"},
		{"GET", "/api/v1/lists/Ann/MEMBERS", "/api/v1/Lists/:id/Members|Ann|"},
		// An id may read like a route of another method, in whatever case.
		{"GET", "/api/v1/lists/register", "/api/v1/Lists/:id|register|"},
		{"DELETE", "/api/v1/LISTS/REGISTER", "/api/v1/Lists/:id|REGISTER|"},
		{"POST", "/api/v1/lists/register", "/api/v1/Lists/Register||"},
		{"POST", "/api/v1/lists/register/addface", "/api/v1/Lists/:id/AddFace|register|"},
		{"GET", "/api/v1/lists/lists", "/api/v1/Lists/:id|lists|"},
		// Escapes reach the handler, once.
		{"GET", "/api/v1/lists/a%2Fb", "/api/v1/Lists/:id|a/b|"},
		{"GET", "/api/v1/lists/a%2Fmembers", "/api/v1/Lists/:id|a/members|"},
		{"GET", "/api/v1/lists/100%25", "/api/v1/Lists/:id|100%|"},
		{"GET", "/api/v1/lists/100%2525", "/api/v1/Lists/:id|100%25|"},
		{"GET", "/api/v1/lists/a+b", "/api/v1/Lists/:id|a+b|"},
		{"GET", "/api/v1/lists/a%20b", "/api/v1/Lists/:id|a b|"},
		{"GET", "/api/v1/lists/%2E%2E", "/api/v1/Lists/:id|..|"},
		{"GET", "/api/v1/lists/a%3Fb%23c", "/api/v1/Lists/:id|a?b#c|"},
		{"GET", "/api/v1/lists/%C3%89", "/api/v1/Lists/:id|É|"},
		{"GET", "/api/v1/lists/%2F", "/api/v1/Lists/:id|/|"},
		{"GET", "/Files/Deep/Er", "/files/*id|/Deep/Er|"},
	}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.target, func(t *testing.T) {
			t.Parallel()
			rec := serve(t, routed(), httptest.NewRequest(tt.method, tt.target, http.NoBody))
			if got := rec.Body.String(); got != tt.want || rec.Code != http.StatusOK {
				t.Errorf("got %d %q, want 200 %q", rec.Code, got, tt.want)
			}
		})
	}
}

func TestRouterUnmatched(t *testing.T) {
	t.Parallel()
	tests := []struct {
		method, target string
		status         int
		allow          string
	}{
		{"GET", "/api/v1/Nothing", http.StatusNotFound, ""},
		{"GET", "/api/v1", http.StatusNotFound, ""},
		{"GET", "/api/v1//Lists", http.StatusNotFound, ""},
		{"GET", "/api/v1/Lists//", http.StatusNotFound, ""},
		{"GET", "/api/v1/Lists/a/b", http.StatusNotFound, ""},
		{"GET", "/files", http.StatusNotFound, ""},
		{"PATCH", "/api/v1/lists", http.StatusMethodNotAllowed, "GET, HEAD, POST"},
		{"DELETE", "/api/v1/lists/", http.StatusMethodNotAllowed, "GET, HEAD, POST"},
		{"PUT", "/api/v1/lists/register", http.StatusMethodNotAllowed, "DELETE, GET, HEAD, POST"},
		{"POST", "/api/v1/lists/a", http.StatusMethodNotAllowed, "DELETE, GET, HEAD"},
		{"BREW", "/", http.StatusMethodNotAllowed, "GET, HEAD"},
	}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.target, func(t *testing.T) {
			t.Parallel()
			engine := routed()
			router := httpx.NewRouter(engine)
			engine.NoRoute(func(c *gin.Context) { router.Unmatched(c, httpx.WriteProblem) })
			rec := httptest.NewRecorder()
			router.ServeHTTP(rec, httptest.NewRequest(tt.method, tt.target, http.NoBody))
			if got := rec.Header().Get("Allow"); rec.Code != tt.status || got != tt.allow {
				t.Errorf("got %d with Allow %q, want %d with %q", rec.Code, got, tt.status, tt.allow)
			}
			if got := rec.Header().Get("Content-Type"); got != "application/problem+json; charset=utf-8" {
				t.Errorf("content type: got %q, want a problem", got)
			}
		})
	}
}

func TestHeadIsGetWithoutBody(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(httpx.NewRouter(routed()))
	defer server.Close()
	res, err := server.Client().Head(server.URL + "/api/v1/lists/Ann")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body := readAll(t, res.Body); res.StatusCode != http.StatusOK || body != "" || res.ContentLength <= 0 {
		t.Errorf("got %d, %q, length %d, want 200, nothing, the length of GET", res.StatusCode, body, res.ContentLength)
	}
}

func FuzzRouter(f *testing.F) {
	for _, id := range []string{"a", "register", "Members", "a/b", "..", "100%", "a+b", "%2F", "é", " ", "?x=1", "a;b"} {
		f.Add(id)
	}
	engine := routed()
	f.Fuzz(func(t *testing.T, id string) {
		if id == "" {
			return
		}
		target := &url.URL{Path: "/aPi/V1/lIsts/" + id, RawPath: "/aPi/V1/lIsts/" + url.PathEscape(id)}
		req := &http.Request{Method: http.MethodGet, URL: target, Header: http.Header{}, Body: http.NoBody}
		rec := serve(t, engine, req)
		if got, want := rec.Body.String(), "/api/v1/Lists/:id|"+id+"|"; got != want {
			t.Errorf("id %q: got %d %q, want %q", id, rec.Code, got, strings.ToValidUTF8(want, "?"))
		}
	})
}
