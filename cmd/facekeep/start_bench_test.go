package main_test

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/facekeep/facekeep/cmd/internal/app"
	"github.com/facekeep/facekeep/cmd/internal/crowd"
	"github.com/facekeep/facekeep/face"
)

// BenchmarkStart measures how long the built program takes until /readyz says 200:
// on an empty data folder, which is the time of the models, and on one of SQLite with
// 100,000 people whose pictures are as large as those of LFW. Times are in s; memory
// is the most that the process had, in MB.
func BenchmarkStart(b *testing.B) {
	path, err := program()
	if err != nil {
		b.Fatal(err)
	}
	label := labelHere(b)
	for _, people := range []int{0, 100_000} {
		b.Run(fmt.Sprintf("people=%d", people), func(b *testing.B) {
			dir := b.TempDir()
			if people > 0 {
				g := crowd.NewGallery(crowd.Made(2000), people, 100)
				g.Label = label
				if err := g.InsertInto(b.Context(), dir, 13_000); err != nil {
					b.Fatal(err)
				}
			}
			var took []time.Duration
			var memory int64
			for b.Loop() {
				begun := time.Now()
				cmd := untilReady(b, path, dir)
				took = append(took, time.Since(begun))
				memory = max(memory, end(b, cmd))
			}
			slices.Sort(took)
			b.ReportMetric(took[len(took)/2].Seconds(), "p50-s")
			b.ReportMetric(took[len(took)-1].Seconds(), "most-s")
			b.ReportMetric(float64(memory)/1e6, "MB")
		})
	}
}

// labelHere returns the label of the templates that the program makes here.
func labelHere(b *testing.B) face.TemplateLabel {
	b.Helper()
	e, err := app.OpenEngine(&app.Engine{
		ModelsDir: os.Getenv("FACEKEEP_MODELS_DIR"), Provider: "cpu",
		ONNXRuntime: filepath.Join(root, "lib", "libonnxruntime.so"), MaxPixels: 64,
	})
	if err != nil {
		b.Skipf("no engine: %v", err)
	}
	defer func() { _ = e.Close() }()
	return e.Describe().Label
}

// untilReady starts the program over a data folder and returns it when it is ready.
func untilReady(b *testing.B, path, dir string) *exec.Cmd {
	b.Helper()
	cmd := exec.Command(path, "serve", "--listen=127.0.0.1:0", "--data-dir="+dir)
	cmd.Dir = root // lib/ and models/ are found from here
	stderr, err := cmd.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		m := listening.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		answer, err := http.Get("http://" + m[1] + "/readyz")
		if err != nil {
			b.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			b.Fatalf("/readyz: status %d, want 200", answer.StatusCode)
		}
		return cmd
	}
	b.Fatal("the server did not start")
	return nil
}

// end ends the program and returns the most memory that it had, in bytes.
func end(b *testing.B, cmd *exec.Cmd) int64 {
	b.Helper()
	if err := cmd.Process.Kill(); err != nil {
		b.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		b.Fatal("the system does not say how much memory the process had")
	}
	return usage.Maxrss << 10
}
