package progress_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/facekeep/facekeep/cmd/internal/progress"
)

// TestBarInAFile: where nobody watches, a bar is a line at the end and no
// control characters.
func TestBarInAFile(t *testing.T) {
	t.Parallel()
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	steps := progress.Steps(file, "pictures", -1)
	for i := range 500 {
		steps.SetOf(i+1, 500)
	}
	steps.Done()
	bytes := progress.Bytes(file, "model.onnx", 4_000_000)
	bytes.Add(1_500_000)
	bytes.Add(2_500_000)
	bytes.Done()
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "pictures: 500 in ") || !strings.HasPrefix(lines[1], "model.onnx: 4.0 MB in ") {
		t.Errorf("the file holds %q, want one line for each bar", lines)
	}
	if strings.ContainsAny(string(data), "\r\x1b") {
		t.Errorf("control characters in a file: %q", data)
	}
}
