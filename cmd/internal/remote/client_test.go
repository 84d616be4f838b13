package remote_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/cmd/internal/remote"
	"github.com/facekeep/facekeep/face"
)

func TestSend(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /under/echo", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = io.WriteString(w, strings.Join([]string{r.Header.Get("x-api-key"), r.Header.Get("Content-Type"), string(body)}, " "))
	})
	mux.HandleFunc("GET /under/full", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	mux.Handle("GET /under/moved", http.RedirectHandler("/under/full", http.StatusFound))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	client, err := remote.New(remote.Options{URL: server.URL + "/under/", Key: "fk_1", Timeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, method, path string
		body               []byte
		want               remote.Answer
	}{
		{"a body", http.MethodPost, "/echo", []byte(`{"a":1}`), remote.Answer{Status: 200, Body: []byte(`fk_1 application/json {"a":1}`)}},
		{"no body", http.MethodPost, "/echo", nil, remote.Answer{Status: 200, Body: []byte("fk_1  ")}},
		{"refused for a time", http.MethodGet, "/full", nil, remote.Answer{Status: 503, RetryAfter: 3 * time.Second, Body: []byte{}}},
		{"a redirection is not followed", http.MethodGet, "/moved", nil, remote.Answer{Status: 302, Body: []byte("<a href=\"/under/full\">Found</a>.\n\n")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := client.Send(t.Context(), tt.method, tt.path, tt.body)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "localhost:8098", "ftp://host", "http://", "http://host/?a=b", "http://ho st"} {
		if _, err := remote.New(remote.Options{URL: url}); face.KindOf(err) != face.Invalid || err == nil {
			t.Errorf("New(%q): got %v, want an Invalid error", url, err)
		}
	}
}

func TestReason(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, body, want string }{
		{"detail", `{"title":"Bad Request","detail":"no face was found"}`, "no face was found"},
		{"title", `{"title":"Bad Request"}`, "Bad Request"},
		{"text", " gone\n", "400 Bad Request: gone"},
		{"other JSON", `{"code":7}`, `400 Bad Request: {"code":7}`},
		{"nothing", "", "400 Bad Request"},
		{"bytes", "\xff\xfe", "400 Bad Request"},
		{"long", strings.Repeat("ä", 400), "400 Bad Request: " + strings.Repeat("ä", 150) + "…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := (remote.Answer{Status: 400, Body: []byte(tt.body)}).Reason(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
