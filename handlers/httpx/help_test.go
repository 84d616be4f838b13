package httpx_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/handlers/httpx"
)

// serve sends one request through an engine and its router.
func serve(t *testing.T, engine *gin.Engine, req *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	rec := httptest.NewRecorder()
	httpx.NewRouter(engine).ServeHTTP(rec, req)
	return rec
}

// bind sends a body through BindJSON.
func bind(t *testing.T, body []byte, into any) error {
	t.Helper()
	var got error
	engine := httpx.NewEngine()
	engine.POST("/", func(c *gin.Context) { got = httpx.BindJSON(c, into) })
	req := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	req.Header.Set("Content-Type", "application/json-patch+json")
	serve(t, engine, req)
	return got
}

func readAll(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("reading the answer: %v", err)
	}
	return string(b)
}
