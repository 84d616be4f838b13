package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/facekeep/facekeep/face"
)

func TestRemoteKey(t *testing.T) {
	t.Parallel()
	file := func(text string) string {
		path := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	tests := []struct {
		name  string
		flags remoteFlags
		want  string
		ok    bool
	}{
		{"none", remoteFlags{}, "", true},
		{"given", remoteFlags{Key: "fk_1"}, "fk_1", true},
		{"in a file", remoteFlags{KeyFile: file(" fk_2\n")}, "fk_2", true},
		{"both", remoteFlags{Key: "fk_1", KeyFile: file("fk_2")}, "", false},
		{"an empty file", remoteFlags{KeyFile: file("\n")}, "", false},
		{"two lines", remoteFlags{KeyFile: file("fk_1\nfk_2\n")}, "", false},
		{"no file", remoteFlags{KeyFile: filepath.Join(t.TempDir(), "none")}, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.flags.key()
			if got != tt.want || (err == nil) != tt.ok || err != nil && face.KindOf(err) != face.Invalid {
				t.Errorf("got %q, %v, want %q and no error: %v", got, err, tt.want, tt.ok)
			}
		})
	}
}

func TestRemoteOpenRefuses(t *testing.T) {
	t.Parallel()
	for _, flags := range []remoteFlags{{URL: "http://host"}, {URL: "host:80", Timeout: time.Second}} {
		if _, err := flags.open(); err == nil || face.KindOf(err) != face.Invalid {
			t.Errorf("%+v: got %v, want an Invalid error", flags, err)
		}
	}
}

func TestLocalPort(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]int{
		"http://localhost:8098": 8098, "http://127.0.0.1:1": 1, "http://[::1]:2/base": 2, "http://localhost": 80, "https://127.0.0.2": 443,
		"http://192.0.2.1:80": 0, "http://example.com:80": 0,
	} {
		if got, ok := localPort(address); got != want || ok != (want != 0) {
			t.Errorf("localPort(%s) = %d, %v, want %d", address, got, ok, want)
		}
	}
}
