package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/facekeep/facekeep/face"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("/readyz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/away", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, `{"status":"unavailable"}`)
	})
	mux.Handle("/moved", http.RedirectHandler("/readyz", http.StatusFound))
	mux.HandleFunc("/slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	listen := strings.TrimPrefix(server.URL, "http://")
	tests := []struct {
		name string
		cmd  healthCmd
		kind face.Kind
		want string // part of the error; "": none
	}{
		{"ready", healthCmd{Listen: listen}, 0, ""},
		{"by its URL", healthCmd{URL: server.URL + "/readyz"}, 0, ""},
		{"not ready", healthCmd{URL: server.URL + "/away"}, face.Unavailable, `503 Service Unavailable: {"status":"unavailable"}`},
		{"a redirection is no answer", healthCmd{URL: server.URL + "/moved"}, face.Unavailable, "302 Found"},
		{"no answer in time", healthCmd{URL: server.URL + "/slow", Timeout: 50 * time.Millisecond}, face.Unavailable, "no answer"},
		{"nobody there", healthCmd{URL: "http://127.0.0.1:1/readyz"}, face.Unavailable, "no answer"},
		{"no address", healthCmd{URL: "readyz"}, face.Invalid, "--url"},
		{"no port", healthCmd{Listen: "localhost"}, face.Invalid, "FACEKEEP_LISTEN"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.cmd.Timeout == 0 {
				tt.cmd.Timeout = 10 * time.Second
			}
			err := tt.cmd.Run(t.Context())
			if tt.want == "" {
				if err != nil {
					t.Errorf("got %v, want no error", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) || face.KindOf(err) != tt.kind {
				t.Errorf("got %v of kind %v, want %q of kind %v", err, face.KindOf(err), tt.want, tt.kind)
			}
		})
	}
}

func TestHealthTarget(t *testing.T) {
	t.Parallel()
	for listen, want := range map[string]string{
		":8098":          "http://127.0.0.1:8098/readyz",
		"0.0.0.0:80":     "http://127.0.0.1:80/readyz",
		"[::]:80":        "http://[::1]:80/readyz",
		"10.0.0.7:8098":  "http://10.0.0.7:8098/readyz",
		"localhost:8098": "http://localhost:8098/readyz",
	} {
		if got, err := (&healthCmd{Listen: listen}).target(); got != want || err != nil {
			t.Errorf("target of %s: got %q, %v, want %q", listen, got, err, want)
		}
	}
}
