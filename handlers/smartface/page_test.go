package smartface_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func get(t *testing.T, s *server, target string) *httptest.ResponseRecorder {
	t.Helper()
	rec := httptest.NewRecorder()
	s.handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, target, http.NoBody))
	return rec
}

func TestSwaggerPage(t *testing.T) {
	t.Parallel()
	s := newServer(t, &fakeGallery{})
	for _, from := range []string{"/", "/swagger", "/swagger/", "/swagger/smartface", "/swagger/smartface/", "/Swagger/SmartFace"} {
		if rec := get(t, s, from); rec.Code != http.StatusFound || rec.Header().Get("Location") != "/swagger/smartface/index.html" {
			t.Errorf("%s: got %d to %q, want 302 to the page", from, rec.Code, rec.Header().Get("Location"))
		}
	}
	// A first request in odd spelling must not break the page for those after it.
	if rec := get(t, s, "/SWAGGER/smartface/swagger-ui.css"); rec.Code != http.StatusOK {
		t.Errorf("odd spelling: got %d, want 200", rec.Code)
	}
	page := get(t, s, "/swagger/smartface/index.html")
	if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "Facekeep") {
		t.Fatalf("page: got %d %s", page.Code, page.Body)
	}
	assets := regexp.MustCompile(`(?:src|href)="([^"#]+)"`).FindAllStringSubmatch(page.Body.String(), -1)
	if len(assets) < 5 {
		t.Fatalf("page: got assets %v, want styles, scripts and icons", assets)
	}
	for _, a := range assets {
		if strings.Contains(a[1], "//") {
			t.Errorf("page: asset %s is of another host", a[1])
		}
		if rec := get(t, s, "/swagger/smartface/"+strings.TrimPrefix(a[1], "./")); rec.Code != http.StatusOK || rec.Body.Len() == 0 {
			t.Errorf("asset %s: got %d with %d bytes", a[1], rec.Code, rec.Body.Len())
		}
	}
	if rec := get(t, s, "/swagger/smartface/swagger-initializer.js"); !strings.Contains(rec.Body.String(), `url: "doc.json"`) {
		t.Errorf("initializer: got %s, want it to read doc.json", rec.Body)
	}
}
