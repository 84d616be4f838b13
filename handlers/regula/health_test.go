package regula_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/facekeep/facekeep/handlers"
	"github.com/facekeep/facekeep/handlers/httpx"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	check := func(err error) func(*handlers.Options) {
		return func(o *handlers.Options) {
			o.Ready = []httpx.Check{{Name: "engine"}, {Name: "database", Check: func(context.Context) error { return err }}}
		}
	}
	well, ill := newServer(t, sampleGallery(), check(nil)), newServer(t, sampleGallery(), check(errors.New("password=hunter2")))
	for path, want := range map[string]string{
		"/api/readiness": `{"status":"ok"}`, "/api/readyz": "",
		"/api/healthz": `{"app":"Facekeep","licenseId":null,"licenseSerial":null,"licenseValidUntil":null,"version":null}`,
	} {
		if rec := well.do(t, http.MethodGet, path, "", path); rec.Code != http.StatusOK || rec.Body.String() != want {
			t.Errorf("%s: got %d %s, want 200 %s", path, rec.Code, rec.Body, want)
		}
	}
	for _, path := range []string{"/api/readiness", "/api/readyz"} {
		rec := ill.do(t, http.MethodGet, path, "", path)
		if got := logOf(t, rec); rec.Code != http.StatusBadRequest || got.Msg != "database is not there" || got.Type != "ServiceUnavailableException" {
			t.Errorf("%s: got %d %+v, want 400", path, rec.Code, got)
		}
	}
	if rec := ill.do(t, http.MethodGet, "/api/healthz", "", "/api/healthz"); rec.Code != http.StatusOK {
		t.Errorf("healthz without a database: got %d, want 200", rec.Code)
	}
}

// A client's own label of a request comes back, and one that is none is replaced.
func TestRequestLabel(t *testing.T) {
	t.Parallel()
	s := newServer(t, sampleGallery())
	for label, kept := range map[string]bool{"order-66": true, "": false, "a b": false, strings.Repeat("x", 129): false} {
		for _, target := range []string{groupsRoute, "/api/groups/none"} {
			req := httptest.NewRequest(http.MethodGet, target, http.NoBody)
			req.Header.Set("X-RequestID", label)
			rec := s.send(t, req, strings.Replace(target, "none", "{groupId}", 1))
			if got := rec.Header().Get("X-RequestID"); (got == label) != kept || got == "" {
				t.Errorf("%s with %q: got %q, want the label kept: %t", target, label, got, kept)
			}
		}
	}
}
