package httpx_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

func TestExact(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{"": false, "false": false, "False": false, "true": true, "TRUE": true} {
		got, err := exact(t, value)
		if got != want || err != nil {
			t.Errorf("%s: %q = %t (%v), want %t", httpx.ExactHeader, value, got, err, want)
		}
	}
	for _, value := range []string{"1", "yes", "true,true", "wahr"} {
		_, err := exact(t, value)
		if face.KindOf(err) != face.Invalid || !strings.Contains(face.MessageOf(err), httpx.ExactHeader) {
			t.Errorf("%s: %q: %v, want an Invalid error that names the header", httpx.ExactHeader, value, err)
		}
	}
}

func exact(t *testing.T, value string) (got bool, err error) {
	t.Helper()
	engine := httpx.NewEngine()
	engine.POST("/", func(c *gin.Context) { got, err = httpx.Exact(c) })
	req := httptest.NewRequest(http.MethodPost, "/", http.NoBody)
	req.Header.Set(httpx.ExactHeader, value)
	serve(t, engine, req)
	return got, err
}
