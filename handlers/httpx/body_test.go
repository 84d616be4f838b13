package httpx_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

const bodyLimit = 64 << 10

// limited is a server that binds a body of at most bodyLimit bytes.
func limited(t *testing.T) *httptest.Server {
	t.Helper()
	engine := httpx.NewEngine()
	engine.Use(httpx.BodyLimit(bodyLimit, nil))
	engine.POST("/", func(c *gin.Context) {
		var req struct{}
		if err := httpx.BindJSON(c, &req); err != nil {
			if face.KindOf(err) == face.TooLarge && !httpx.IsBodyLimit(err) {
				t.Errorf("IsBodyLimit(%v) = false, want true", err)
			}
			httpx.DefaultProblem(c, err)
			return
		}
		c.Status(http.StatusOK)
	})
	server := httptest.NewServer(httpx.NewRouter(engine))
	t.Cleanup(server.Close)
	return server
}

// jsonOf returns a JSON object of exactly n bytes.
func jsonOf(n int) []byte {
	return []byte(`{"x":"` + strings.Repeat("a", n-8) + `"}`)
}

func TestBodyLimit(t *testing.T) {
	t.Parallel()
	server := limited(t)
	tests := []struct {
		name string
		body io.Reader // one whose length is not known is sent in chunks
		want int
	}{
		{"at the limit", bytes.NewReader(jsonOf(bodyLimit)), http.StatusOK},
		{"at the limit, in chunks", io.MultiReader(bytes.NewReader(jsonOf(bodyLimit))), http.StatusOK},
		{"a byte over it", bytes.NewReader(jsonOf(bodyLimit + 1)), http.StatusRequestEntityTooLarge},
		{"a byte over it, in chunks", io.MultiReader(bytes.NewReader(jsonOf(bodyLimit + 1))), http.StatusRequestEntityTooLarge},
		{"far over it", bytes.NewReader(jsonOf(3 * bodyLimit)), http.StatusRequestEntityTooLarge},
		{"far over it, in chunks", io.MultiReader(bytes.NewReader(jsonOf(3 * bodyLimit))), http.StatusRequestEntityTooLarge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			res, err := http.Post(server.URL, "application/json", tt.body)
			if err != nil {
				t.Fatalf("POST: %v; a client that sends all before it reads must get its answer", err)
			}
			defer res.Body.Close()
			body := readAll(t, res.Body)
			if res.StatusCode != tt.want {
				t.Errorf("got %d %s, want %d", res.StatusCode, body, tt.want)
			}
			if tt.want != http.StatusOK && !strings.Contains(body, `"detail":"the request body is larger than 65536 bytes"`) {
				t.Errorf("got %s, want a detail that names the limit", body)
			}
		})
	}
}

// A client that asks first is refused before it has sent its body.
func TestBodyLimitBeforeContinue(t *testing.T) {
	t.Parallel()
	status, body := speak(t, fmt.Sprintf("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", 100<<20), false)
	if status != http.StatusRequestEntityTooLarge {
		t.Errorf("got %d %s, want 413 and no 100", status, body)
	}
}

func TestBodyCutShort(t *testing.T) {
	t.Parallel()
	status, body := speak(t, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n{\"id\":", true)
	if status != http.StatusBadRequest || !strings.Contains(body, "the request body ends before its stated length") {
		t.Errorf("got %d %s, want 400 with the reason", status, body)
	}
}

// speak sends text to a server of limited and returns the first answer. Hung up
// is a client that sends no more but listens.
func speak(t *testing.T, text string, hungUp bool) (status int, body string) {
	t.Helper()
	conn, err := net.Dial("tcp", limited(t).Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	if tcp, ok := conn.(*net.TCPConn); ok && hungUp {
		if err := tcp.CloseWrite(); err != nil {
			t.Fatal(err)
		}
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode, readAll(t, res.Body)
}
