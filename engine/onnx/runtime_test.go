package onnx

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/pixel"
)

// library returns the path of ONNX Runtime, or skips the test.
func library(tb testing.TB) string {
	tb.Helper()
	path := os.Getenv("FACEKEEP_ONNXRUNTIME")
	if path == "" {
		path = filepath.Join("..", "..", "lib", "libonnxruntime.so")
	}
	if _, err := os.Stat(path); err != nil {
		tb.Skip("no lib/libonnxruntime.so here: run make build, or set FACEKEEP_ONNXRUNTIME")
	}
	return path
}

func open(tb testing.TB) *Runtime {
	tb.Helper()
	rt, err := Open(Config{Library: library(tb)})
	if err != nil {
		tb.Fatal(err)
	}
	return rt
}

func TestOpenMayBeRepeated(t *testing.T) {
	t.Parallel()
	path := library(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			rt, err := Open(Config{Library: path})
			if err != nil {
				t.Error(err)
				return
			}
			if rt.Provider() != "cpu" || rt.Version() == "" {
				t.Errorf("got provider %q, version %q, want cpu and a version", rt.Provider(), rt.Version())
			}
		})
	}
	all.Wait()
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	path := library(t)
	open(t)
	tests := []struct {
		name string
		cfg  Config
		want string
	}{
		{"no path", Config{}, "no path"},
		{"another library", Config{Library: "/nowhere/libonnxruntime.so"}, "/nowhere/libonnxruntime.so"},
		{"unknown provider", Config{Library: path, Provider: "abacus"}, "abacus"},
	}
	for _, tt := range tests {
		if _, err := Open(tt.cfg); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want an error with %q", tt.name, err, tt.want)
		}
	}
}

// A GPU that cannot be had is an error that names it, never a silent CPU.
func TestOpenNamesAMissingGPU(t *testing.T) {
	t.Parallel()
	path := library(t)
	for _, p := range []Provider{CUDA, TensorRT} {
		rt, err := Open(Config{Library: path, Provider: p})
		switch {
		case err == nil && rt.Provider() != string(p):
			t.Errorf("asked for %s, got %s", p, rt.Provider())
		case err != nil && !strings.Contains(err.Error(), string(p)):
			t.Errorf("got %v, want the name %s in it", err, p)
		}
	}
}

// Auto takes the GPU where there is one; else it takes the CPU, and tells why.
func TestAuto(t *testing.T) {
	t.Parallel()
	path := library(t)
	_, missing := Open(Config{Library: path, Provider: CUDA})
	rt, err := Open(Config{Library: path, Provider: Auto})
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case missing == nil && rt.Provider() == string(CUDA) && rt.Fallback() == nil:
	case rt.Provider() != string(CPU):
		t.Errorf("got %s, want cpu: %v", rt.Provider(), missing)
	case missing != nil && (rt.Fallback() == nil || !strings.Contains(rt.Fallback().Error(), "cuda")):
		t.Errorf("got the fallback %v, want it to name cuda", rt.Fallback())
	}
	if rt, err := Open(Config{Library: path}); err != nil || rt.Fallback() != nil || rt.Provider() != string(CPU) {
		t.Errorf("the CPU as asked for: %s, %v, %v", rt.Provider(), rt.Fallback(), err)
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	for name, m := range bothWays(t, identity(10, 3, 32, 32), engine.ModelSpec{Input: "x", Outputs: []string{"y"}, FreeDims: []int{0, 2, 3}}) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var all sync.WaitGroup
			for n := range 2 * mostIdle {
				all.Go(func() { runIdentity(t, m, int64(1+n)) })
			}
			all.Wait()
			var bufs pixel.Buffers
			if err := m.Run(bufs.Tensor(1, 4, 2, 2), []*pixel.Tensor{bufs.Tensor(1, 4, 2, 2)}); err == nil {
				t.Error("four planes instead of three: got no error, want one")
			}
			if err := m.Run(bufs.Tensor(1, 3, 2, 2), []*pixel.Tensor{bufs.Tensor(1, 3, 2, 1)}); err == nil {
				t.Error("an output of another shape: got no error, want one")
			}
			runIdentity(t, m, 5) // a failure leaves nothing bound
		})
	}
}

// bothWays loads a model twice: to be run plainly, and with its values bound, as on a GPU.
func bothWays(tb testing.TB, model []byte, spec engine.ModelSpec) map[string]engine.Model {
	tb.Helper()
	all := map[string]engine.Model{}
	for _, name := range []string{"plain", "bound"} {
		m, err := open(tb).Load(name, model, spec)
		if err != nil {
			tb.Fatal(err)
		}
		if s := m.(*session); name == "bound" && s.bound == nil {
			s.bound = newBindings(s.ort, spec.Input, spec.Outputs)
		}
		tb.Cleanup(func() {
			if err := m.Close(); err != nil {
				tb.Error(err)
			}
		})
		all[name] = m
	}
	return all
}

// What a run costs beside what the model computes, which is nothing here.
func BenchmarkRun(b *testing.B) {
	for name, m := range bothWays(b, identity(10, 3, 32, 32), engine.ModelSpec{Input: "x", Outputs: []string{"y"}, FreeDims: []int{0, 2, 3}}) {
		b.Run(name, func(b *testing.B) {
			var bufs pixel.Buffers
			in, out := bufs.Tensor(1, 3, 112, 112), []*pixel.Tensor{bufs.Tensor(1, 3, 112, 112)}
			b.ReportAllocs()
			for b.Loop() {
				if err := m.Run(in, out); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func runIdentity(t *testing.T, m engine.Model, side int64) {
	t.Helper()
	in, out := &pixel.Tensor{Shape: []int64{1, 3, side, side}}, &pixel.Tensor{Shape: []int64{1, 3, side, side}}
	in.Data, out.Data = make([]float32, 3*side*side), make([]float32, 3*side*side)
	for i := range in.Data {
		in.Data[i] = float32(i) / float32(side)
	}
	if err := m.Run(in, []*pixel.Tensor{out}); err != nil {
		t.Error(err)
		return
	}
	if diff := cmp.Diff(in.Data, out.Data); diff != "" {
		t.Errorf("side %d (-want +got):\n%s", side, diff)
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	rt := open(t)
	tests := []struct {
		name  string
		model []byte
		spec  engine.ModelSpec
	}{
		{"no model", []byte("<html>"), engine.ModelSpec{Input: "x", Outputs: []string{"y"}}},
		{"wrong input", identity(1, 3, 4, 4), engine.ModelSpec{Input: "image", Outputs: []string{"y"}}},
		{"no nodes", message{}.bytes(modelGraph, message{}.bytes(graphInput, value("x", 1)).bytes(graphOutput, value("y", 1))),
			engine.ModelSpec{Input: "x", Outputs: []string{"y"}}},
	}
	for _, tt := range tests {
		// Only the runtime itself can tell that a graph has no nodes.
		if err := rt.Check(tt.name, tt.model, tt.spec); tt.name != "no nodes" && (err == nil || !strings.Contains(err.Error(), tt.name)) {
			t.Errorf("%s: Check: got %v, want an error that names the model", tt.name, err)
		}
		if _, err := rt.Load(tt.name, tt.model, tt.spec); err == nil || !strings.Contains(err.Error(), tt.name) {
			t.Errorf("%s: got %v, want an error that names the model", tt.name, err)
		}
	}
}
