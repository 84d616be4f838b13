package onnx

import (
	"os"
	"strings"
	"testing"

	"github.com/facekeep/facekeep/engine"
)

// The library must not collect what it would report to its makers: where it does, it maps
// a store of its own from the home folder, as soon as it is loaded.
func TestTellsNobody(t *testing.T) {
	t.Parallel()
	rt := open(t)
	m, err := rt.Load("identity", identity(1, 3, 4, 4), engine.ModelSpec{Input: "x", Outputs: []string{"y"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Skipf("no list of what is mapped: %v", err)
	}
	for line := range strings.Lines(string(maps)) {
		if strings.Contains(line, "onnxruntime.db") {
			t.Errorf("mapped: %s", line)
		}
	}
}
