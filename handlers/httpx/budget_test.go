package httpx_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// TestBudgetBoundsBodiesTogether holds one body open while another asks for
// more than is left, and sees that what the first held comes back.
func TestBudgetBoundsBodiesTogether(t *testing.T) {
	t.Parallel()
	const mib = 1 << 20
	read, release := make(chan struct{}), make(chan struct{})
	engine := httpx.NewEngine()
	engine.Use(httpx.BodyLimit(8*mib, httpx.NewBudget(8*mib)))
	engine.POST("/hold", func(c *gin.Context) {
		_, _ = io.Copy(io.Discard, c.Request.Body)
		close(read)
		<-release
		c.Status(http.StatusOK)
	})
	var kind face.Kind
	engine.POST("/read", func(c *gin.Context) {
		_, err := io.Copy(io.Discard, c.Request.Body)
		kind = face.KindOf(err)
		if err != nil && !errors.As(err, new(*face.Error)) {
			t.Errorf("error = %v, want one with a kind", err)
		}
		c.Status(map[bool]int{true: http.StatusOK, false: http.StatusServiceUnavailable}[err == nil])
	})
	send := func(path string, size int) int {
		w := httptest.NewRecorder()
		engine.ServeHTTP(w, httptest.NewRequest(http.MethodPost, path, bytes.NewReader(make([]byte, size))))
		return w.Code
	}
	held := make(chan int)
	go func() { held <- send("/hold", 6*mib) }()
	<-read
	if got := send("/read", 4*mib); got != http.StatusServiceUnavailable || kind != face.Overloaded {
		t.Errorf("4 MiB beside 6 of 8: status %d, kind %v, want 503 and overloaded", got, kind)
	}
	if got := send("/read", mib); got != http.StatusOK {
		t.Errorf("1 MiB beside 6 of 8: status %d, want 200", got)
	}
	close(release)
	if got := <-held; got != http.StatusOK {
		t.Errorf("the first request: status %d, want 200", got)
	}
	for range 3 {
		if got := send("/read", 7*mib); got != http.StatusOK {
			t.Errorf("7 MiB of 8 once all is free: status %d, want 200", got)
		}
	}
}
