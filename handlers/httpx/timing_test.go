package httpx_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

func TestTiming(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, asked string
		answer      gin.HandlerFunc
		want        string
	}{
		{"not asked", "", func(c *gin.Context) { c.String(http.StatusOK, "x") }, `^$`},
		{"asked not to", "false", func(c *gin.Context) { c.String(http.StatusOK, "x") }, `^$`},
		{"asked", "true", func(c *gin.Context) { c.String(http.StatusOK, "x") }, `^decode;dur=1\.50, total;dur=[0-9.]+$`},
		{"no content", "TRUE", httpx.NoContent, `^decode;dur=1\.50, total;dur=[0-9.]+$`},
		{"an error", "true", func(c *gin.Context) { httpx.DefaultProblem(c, face.Errorf(face.NotFound, "no")) }, `^decode;dur=1\.50, total;dur=[0-9.]+$`},
		{"in two pieces", "true", func(c *gin.Context) {
			_, _ = c.Writer.WriteString("x")
			c.Writer.Flush()
			face.TimingOf(c.Request.Context()).Add("late", time.Second)
			_, _ = c.Writer.WriteString("y")
		}, `^decode;dur=1\.50, total;dur=[0-9.]+$`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			engine := httpx.NewEngine()
			engine.Use(httpx.Timing)
			engine.GET("/", func(c *gin.Context) {
				face.TimingOf(c.Request.Context()).Add("decode", 1500*time.Microsecond)
				tt.answer(c)
			})
			req := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
			req.Header.Set(httpx.TimingHeader, tt.asked)
			if got := serve(t, engine, req).Result().Header.Get("Server-Timing"); !regexp.MustCompile(tt.want).MatchString(got) {
				t.Errorf("got Server-Timing %q, want it to match %s", got, tt.want)
			}
		})
	}
}
