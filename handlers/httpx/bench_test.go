package httpx_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/handlers/httpx"
)

// BenchmarkBindJSON reads a request with a picture of 300 kB.
func BenchmarkBindJSON(b *testing.B) {
	body := `{"id":"a","items":[{"data":"` + base64.StdEncoding.EncodeToString(make([]byte, 300_000)) + `"}]}`
	engine := httpx.NewEngine()
	engine.POST("/api/v1/Lists/Register", func(c *gin.Context) {
		var req order
		if err := httpx.BindJSON(c, &req); err != nil {
			b.Error(err)
		}
	})
	router := httpx.NewRouter(engine)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		req := httptest.NewRequest(http.MethodPost, "/api/v1/lists/register/", strings.NewReader(body))
		router.ServeHTTP(httptest.NewRecorder(), req)
	}
}

// BenchmarkRouter finds a route by a path in another spelling.
func BenchmarkRouter(b *testing.B) {
	engine := httpx.NewEngine()
	for _, path := range []string{"/api/v1/Lists", "/api/v1/Lists/:id", "/api/v1/Lists/:id/Members", "/api/v1/Members/:id/Faces", "/healthz"} {
		engine.GET(path, func(c *gin.Context) { c.Status(http.StatusNoContent) })
	}
	router := httpx.NewRouter(engine)
	req := httptest.NewRequest(http.MethodGet, "/api/v1/lists/a%2Fb/members/", http.NoBody)
	b.ReportAllocs()
	for b.Loop() {
		router.ServeHTTP(httptest.NewRecorder(), req)
	}
}
