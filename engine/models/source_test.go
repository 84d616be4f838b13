package models_test

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// host stands in for the one that serves raw repository files.
type host struct {
	*httptest.Server

	mu    sync.Mutex
	asked []string // paths
}

// newHost serves every model by its path, through wrap if that is not nil.
func newHost(t *testing.T, handler http.HandlerFunc) *host {
	t.Helper()
	h := &host{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		h.asked = append(h.asked, r.URL.Path)
		h.mu.Unlock()
		handler(w, r)
	}))
	t.Cleanup(h.Close)
	return h
}

func (h *host) requests() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.asked
}

// serveModels answers as the real host does.
func serveModels(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/owner/repo/" + strings.Repeat("a", 40) + "/onnx/the detector.onnx":
		_, _ = io.WriteString(w, content("detector.onnx"))
	case "/owner/repo/" + strings.Repeat("a", 40) + "/light.onnx":
		_, _ = io.WriteString(w, content("light.onnx"))
	default:
		http.NotFound(w, r)
	}
}

// closedHost is the address of a machine that refuses connections.
func closedHost(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	return s.URL
}

// script makes an executable for /bin/sh.
func script(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	// A fork of another test must not inherit the open file: running it would
	// fail as long as somebody can write to it.
	syscall.ForkLock.RLock()
	err := os.WriteFile(path, []byte("#!/bin/sh\n"+text), 0o700)
	syscall.ForkLock.RUnlock()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// client is a package client that brings an archive, and writes down what it
// was asked for.
type client struct{ program, log string }

func newClient(t *testing.T, name, archive string) client {
	t.Helper()
	log := filepath.Join(t.TempDir(), "log")
	return client{log: log, program: script(t, name, fmt.Sprintf(
		`echo "$@" >>'%s'
case "$*" in *--version*) echo 'pip 99'; exit ;; esac
cp '%s' .
`, log, archive))}
}

// calls returns the command lines the client was given.
func (c client) calls(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile(c.log)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(data)), "\n")
}

// tgz makes an npm package that holds the registry pack of the tests.
func tgz(t *testing.T, members map[string]string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "some-package-0.0.1.tgz")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zipped := gzip.NewWriter(f)
	archive := tar.NewWriter(zipped)
	for name, text := range members {
		header := &tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o600, Size: int64(len(text))}
		if err := archive.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(archive, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// wheel makes a Python package.
func wheel(t *testing.T, members map[string]string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "some_models-2.0.0-py3-none-any.whl")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	archive := zip.NewWriter(f)
	for name, text := range members {
		w, err := archive.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func goodNPM(t *testing.T) client {
	t.Helper()
	return newClient(t, "npm", tgz(t, map[string]string{
		"package/package.json":        "{}",
		"package/model/registry.onnx": content("registry.onnx"),
		"package/model/eye.onnx":      content("eye.onnx"),
	}))
}

func goodPython(t *testing.T) client {
	t.Helper()
	return newClient(t, "python3", wheel(t, map[string]string{
		"pkg/__init__.py":     "",
		"pkg/models/age.onnx": content("age.onnx"),
	}))
}

// deadClient is a package client that cannot reach its registry.
func deadClient(t *testing.T) string {
	t.Helper()
	return script(t, "client", `case "$*" in *--version*) exit ;; esac
echo 'looking around' >&2
echo 'npm error code ENOTFOUND' >&2
echo 'npm error A complete log is somewhere' >&2
exit 1
`)
}
