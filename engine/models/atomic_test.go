package models_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/facekeep/facekeep/engine/models"
)

// TestPull_helper is no test: it is the process that TestPull_killed kills.
func TestPull_helper(t *testing.T) {
	dir, mirror := os.Getenv("PULL_TEST_DIR"), os.Getenv("PULL_TEST_MIRROR")
	if dir == "" {
		t.Skip("runs only as a process of TestPull_killed")
	}
	_, err := manifest().Pull(t.Context(), models.Options{
		Dir: dir, Pack: models.Standard, Mirror: mirror,
		Progress: func(e models.Event) { fmt.Println("event", e.File, e.Phase, e.Done) },
	})
	t.Errorf("Pull() returned (error %v) before it was killed", err)
}

// A process that is killed while a file comes in leaves nothing under the file's
// name, and the next pull is not disturbed by what it does leave.
func TestPull_killed(t *testing.T) {
	t.Parallel()
	half := newHost(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, content("detector.onnx")[:1000])
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	dir := folder(t, "age.onnx")
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestPull_helper$")
	cmd.Env = append(os.Environ(), "PULL_TEST_DIR="+dir, "PULL_TEST_MIRROR="+half.URL)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	begun := false
	for !begun && lines.Scan() {
		begun = strings.HasPrefix(lines.Text(), "event detector.onnx downloading 1000")
	}
	if !begun {
		t.Fatal("the process ended before the download began")
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed: an error by design
	if _, ok := models.Locate("detector.onnx", []string{dir}); ok {
		t.Error("there is a detector.onnx, want none")
	}
	left, err := filepath.Glob(filepath.Join(dir, ".detector.onnx.*.partial"))
	if err != nil || len(left) != 1 {
		t.Errorf("got %v, %v, want the one partial file of the killed process", left, err)
	}
	web := newHost(t, serveModels)
	if _, err := manifest().Pull(t.Context(), models.Options{Dir: dir, Pack: models.Standard, RequiredOnly: true, Mirror: web.URL}); err != nil {
		t.Errorf("Pull() after it, error = %v", err)
	}
	for _, path := range left {
		remove(t, path)
	}
	wantFiles(t, dir, "age.onnx", "detector.onnx")
}

func TestPull_concurrent(t *testing.T) {
	t.Parallel()
	const pulls = 8
	web := newHost(t, serveModels)
	python := goodPython(t)
	dir := t.TempDir()
	var all sync.WaitGroup
	for range pulls {
		all.Go(func() {
			_, err := manifest().Pull(t.Context(), models.Options{Dir: dir, Pack: models.Standard, Mirror: web.URL, Python: python.program})
			if err != nil {
				t.Errorf("Pull() error = %v", err)
			}
			// Whoever comes back first finds the files whole, whatever the others do.
			for _, s := range manifest().Verify([]string{dir}) {
				if s.Model.Packs[models.Standard] != models.Mask && s.Model.Packs[models.Standard] != "" && s.State != models.OK {
					t.Errorf("%s is %s, want ok", s.Model.File, s.State)
				}
			}
		})
	}
	all.Wait()
	wantFiles(t, dir, "age.onnx", "detector.onnx", "light.onnx")
}
