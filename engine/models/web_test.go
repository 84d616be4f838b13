package models_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/face"
)

func TestPull_badDownload(t *testing.T) {
	t.Parallel()
	good := content("detector.onnx")
	half := good[:len(good)/2]
	length := func(w http.ResponseWriter, n int) { w.Header().Set("Content-Length", strconv.Itoa(n)) }
	send := func(w http.ResponseWriter, text string) {
		_, _ = io.WriteString(w, text)
		_ = http.NewResponseController(w).Flush()
	}
	tests := []struct {
		name    string
		handler http.HandlerFunc
		want    string // in the error
		again   bool   // the host is asked for the next file too
	}{
		{"not found", http.NotFound, "404 Not Found", true},
		{"server error", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, "502 Bad Gateway", true},
		{"a byte differs", func(w http.ResponseWriter, _ *http.Request) { send(w, "D"+good[1:]) }, sum("D" + good[1:]), true},
		{"announces another size", func(w http.ResponseWriter, _ *http.Request) { length(w, len(half)); send(w, half) }, "announced", true},
		{"cut off, length announced", func(w http.ResponseWriter, _ *http.Request) { length(w, len(good)); send(w, half) }, "unexpected EOF", true},
		{"cut off, length not announced", func(w http.ResponseWriter, _ *http.Request) { send(w, half); send(w, "") }, sum(half), true},
		{"endless", func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, good); err != nil {
					return
				}
			}
		}, "longer than", true},
		{"connection dropped", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "EOF", false},
		{"hangs before the answer", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "sent nothing for too long", false},
		{"hangs in the middle", func(w http.ResponseWriter, r *http.Request) {
			send(w, half)
			<-r.Context().Done()
		}, "sent nothing for too long", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			web := newHost(t, tt.handler)
			m := manifest()
			m.Models[0].Packs = in(models.Standard, models.Extractor)
			m.Required = append(m.Required, models.Extractor)
			dir := folder(t, "age.onnx")
			stall := time.Minute
			if !tt.again {
				stall = 300 * time.Millisecond
			}
			_, err := m.Pull(t.Context(), models.Options{Dir: dir, Pack: models.Standard, Mirror: web.URL, StallLimit: stall})
			pull, ok := errors.AsType[*models.PullError](err)
			if !ok || len(pull.Files) != 2 {
				t.Fatalf("Pull() error = %v, want a PullError about two files", err)
			}
			var attempts []string
			for _, f := range pull.Files {
				attempts = append(attempts, f.Attempts[0].Err.Error())
			}
			if all := strings.Join(attempts, "\n"); !strings.Contains(all, tt.want) {
				t.Errorf("got %s, want %q in it", all, tt.want)
			}
			asked := len(web.requests())
			if tt.again && asked < 2 {
				t.Errorf("the host was asked %d times, want once for each file", asked)
			}
			if !tt.again && (asked != 1 || !strings.Contains(attempts[1], "not asked again")) {
				t.Errorf("the host was asked %d times (%q), want once and no more", asked, attempts[1])
			}
			wantFiles(t, dir, "age.onnx")
		})
	}
}

// A slow host is not a hanging one: only silence counts.
func TestPull_slowDownload(t *testing.T) {
	t.Parallel()
	const limit, pieces = time.Second, 5
	web := newHost(t, func(w http.ResponseWriter, r *http.Request) {
		text := content("detector.onnx")
		tick := time.NewTicker(limit / 4)
		defer tick.Stop()
		for i := range pieces {
			_, _ = io.WriteString(w, text[i*len(text)/pieces:(i+1)*len(text)/pieces])
			_ = http.NewResponseController(w).Flush()
			<-tick.C
		}
	})
	dir := folder(t, "age.onnx")
	_, err := manifest().Pull(t.Context(), models.Options{
		Dir: dir, Pack: models.Standard, RequiredOnly: true, Mirror: web.URL, StallLimit: limit,
	})
	if err != nil {
		t.Fatalf("Pull() error = %v", err)
	}
	wantFiles(t, dir, "age.onnx", "detector.onnx")
}

func TestPull_canceledDownload(t *testing.T) {
	t.Parallel()
	begun := make(chan struct{})
	web := newHost(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "d")
		_ = http.NewResponseController(w).Flush()
		close(begun)
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-begun
		cancel()
	}()
	dir := folder(t, "age.onnx")
	_, err := manifest().Pull(ctx, models.Options{Dir: dir, Mirror: web.URL})
	if face.KindOf(err) != face.Canceled || !errors.Is(err, context.Canceled) {
		t.Errorf("Pull() error = %v, want kind %v", err, face.Canceled)
	}
	wantFiles(t, dir, "age.onnx")
}
