package handlers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// brokenGallery panics at a listing and finds nobody in a picture; nothing else
// is asked of it.
type brokenGallery struct {
	handlers.Gallery
}

func (brokenGallery) Watchlists(context.Context, face.PageQuery) (face.Page[face.Watchlist], error) {
	panic("password=hunter2")
}

func (brokenGallery) Identify(context.Context, gallery.IdentifyQuery) ([]gallery.Identified, error) {
	return nil, nil
}

func newHandler(t *testing.T, o handlers.Options) http.Handler {
	t.Helper()
	o.Gallery = brokenGallery{}
	h, err := handlers.New(o)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return h
}

func get(t *testing.T, h http.Handler, target string) *httptest.ResponseRecorder {
	t.Helper()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, target, http.NoBody))
	return rec
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	if _, err := handlers.New(handlers.Options{Dialects: []string{"smartface", "esperanto"}}); face.KindOf(err) != face.Invalid || !strings.Contains(err.Error(), "esperanto") {
		t.Errorf("unknown dialect: got %v, want it named", err)
	}
	registry := prometheus.NewRegistry()
	newHandler(t, handlers.Options{Registerer: registry})
	if _, err := handlers.New(handlers.Options{Registerer: registry}); err == nil {
		t.Error("metrics that are registered already: got no error, want one")
	}
}

func TestService(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	h := newHandler(t, handlers.Options{
		Registerer: registry, Gatherer: registry,
		Ready: []httpx.Check{{Name: "database", Check: func(context.Context) error { return errors.New("gone") }}},
	})
	tests := []struct {
		target, want string
		status       int
	}{
		{"/healthz", `{"status":"ok"}`, http.StatusOK},
		{"/HealthZ/", `{"status":"ok"}`, http.StatusOK},
		{"/readyz", `"database":{"status":"unavailable"`, http.StatusServiceUnavailable},
		{"/metrics", `facekeep_http_request_duration_seconds_count{method="GET",route="/healthz",status="200"} 2`, http.StatusOK},
		{"/api/v1/nothing", `"detail":"there is nothing at this address"`, http.StatusNotFound},
		{"/swagger/esperanto/index.html", `"detail":"there is nothing at this address"`, http.StatusNotFound},
		{"/api/nothing", `"msg":"there is nothing at this address"`, http.StatusNotFound},
		{"/api", `"type":"NotFoundException"`, http.StatusNotFound},
		{"/api/v1", `"detail":"there is nothing at this address"`, http.StatusNotFound},
		{"/nothing", `"detail":"there is nothing at this address"`, http.StatusNotFound},
	}
	for _, tt := range tests {
		if rec := get(t, h, tt.target); rec.Code != tt.status || !strings.Contains(rec.Body.String(), tt.want) {
			t.Errorf("%s: got %d %s, want %d with %s", tt.target, rec.Code, rec.Body, tt.status, tt.want)
		}
	}
	if rec := get(t, newHandler(t, handlers.Options{}), "/metrics"); rec.Code != http.StatusNotFound {
		t.Errorf("/metrics without a gatherer: got %d, want 404", rec.Code)
	}
}

// A panic deep inside is a problem body for the client, a log line with its
// stack, and the end of neither the server nor the log.
func TestPanic(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	h := newHandler(t, handlers.Options{Logger: slog.New(slog.NewJSONHandler(&log, nil))})
	rec := get(t, h, "/api/v1/Watchlists")
	var problem struct{ Detail, TraceID string }
	if err := json.Unmarshal(rec.Body.Bytes(), &problem); err != nil {
		t.Fatal(err)
	}
	if rec.Code != http.StatusInternalServerError || problem.Detail != "internal error" ||
		problem.TraceID != rec.Header().Get("X-Request-Id") || strings.Contains(rec.Body.String(), "hunter2") {
		t.Errorf("got %d %s", rec.Code, rec.Body)
	}
	if got := log.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, `"request_id":"`+problem.TraceID+`"`) || !strings.Contains(got, `"stack"`) {
		t.Errorf("log: got %s", got)
	}
	if rec := get(t, h, "/healthz"); rec.Code != http.StatusOK {
		t.Errorf("after a panic: got %d, want 200", rec.Code)
	}
}

// A body of 100 MB is refused, whatever it is and however it is sent, and
// the server answers the next one.
func TestHundredMegabytes(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(newHandler(t, handlers.Options{}))
	defer server.Close()
	body := func() io.Reader {
		return io.MultiReader(strings.NewReader(`{"image":{"data":"`), io.LimitReader(letters{}, 100<<20), strings.NewReader(`"}}`))
	}
	for name, length := range map[string]int64{"with its length": 100<<20 + 21, "in chunks": -1} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/api/v1/Watchlists/Search", body())
		if err != nil {
			t.Fatal(err)
		}
		req.ContentLength = length
		res, err := server.Client().Do(req)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		text, err := io.ReadAll(res.Body)
		res.Body.Close()
		if want := `"detail":"the request body is larger than 67108864 bytes"`; err != nil ||
			res.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(string(text), want) {
			t.Errorf("%s: got %d %s, %v, want 413 with %s", name, res.StatusCode, text, err, want)
		}
	}
	res, err := server.Client().Post(server.URL+"/api/v1/Watchlists/Search", "text/json", strings.NewReader(`{"image":{"data":"QUJD"}}`))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if text, err := io.ReadAll(res.Body); err != nil || string(text) != "[]" {
		t.Errorf("the next request: got %d %s, %v, want []", res.StatusCode, text, err)
	}
}

// letters reads as the letter A without end.
type letters struct{}

func (letters) Read(p []byte) (int, error) {
	const block = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	n := copy(p, block)
	for n < len(p) {
		n += copy(p[n:], p[:n])
	}
	return n, nil
}

// Handlers are made and used side by side: nothing of gin, swag or the page is
// shared between them.
func TestNewSideBySide(t *testing.T) {
	t.Parallel()
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			h, err := handlers.New(handlers.Options{Gallery: brokenGallery{}})
			if err != nil {
				t.Errorf("New: %v", err)
				return
			}
			for _, target := range []string{"/swagger/smartface/index.html", "/swagger/smartface/doc.json", "/swagger/smartface/swagger-ui.css"} {
				rec := httptest.NewRecorder()
				h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, target, http.NoBody))
				if rec.Code != http.StatusOK {
					t.Errorf("%s: got %d", target, rec.Code)
				}
			}
		})
	}
	group.Wait()
}

// In its debug mode gin prints routes and warnings to standard output. The mode
// is global, so this test does not run beside others.
func TestGinIsSilent(t *testing.T) {
	gin.SetMode(gin.DebugMode)
	newHandler(t, handlers.Options{})
	if gin.IsDebugging() {
		t.Error("gin is in debug mode after New, want release mode")
	}
}
