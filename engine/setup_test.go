package engine_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/engine/onnx"
	"github.com/facekeep/facekeep/engine/picture"
)

// above looks for a path in the working directory and everything above it.
func above(tb testing.TB, path string) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		p := filepath.Join(dir, path)
		if _, err := os.Stat(p); err == nil {
			return p
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

// newRuntime loads ONNX Runtime, or skips the test where it is not there.
func newRuntime(tb testing.TB) *onnx.Runtime {
	tb.Helper()
	lib := os.Getenv("FACEKEEP_ONNXRUNTIME")
	if lib == "" {
		lib = above(tb, "lib/libonnxruntime.so")
	}
	if lib == "" {
		tb.Skip("no lib/libonnxruntime.so here: run make build, or set FACEKEEP_ONNXRUNTIME")
	}
	rt, err := onnx.Open(onnx.Config{Library: lib})
	if err != nil {
		tb.Fatal(err)
	}
	return rt
}

// modelSet finds the models of a pack, or skips the test where they are not there.
func modelSet(tb testing.TB, pack models.Pack) models.Set {
	tb.Helper()
	m, err := models.Load()
	if err != nil {
		tb.Fatal(err)
	}
	var dirs []string
	for _, dir := range []string{os.Getenv("FACEKEEP_MODELS_DIR"), above(tb, "models/MobileFaceNet.onnx"), above(tb, "models/fr_feature.onnx"), above(tb, "shared/models/README.md")} {
		if filepath.Ext(dir) != "" {
			dir = filepath.Dir(dir)
		}
		if dir != "" {
			dirs = append(dirs, dir)
		}
	}
	set, err := m.Resolve(pack, dirs)
	if err != nil {
		tb.Skipf("no models of the %s pack here (set FACEKEEP_MODELS_DIR): %v", pack, err)
	}
	return set
}

// newEngine makes an engine with the real models of a pack.
func newEngine(tb testing.TB, pack models.Pack, cfg engine.Config) *engine.Engine {
	tb.Helper()
	e, err := engine.New(cfg, modelSet(tb, pack), newRuntime(tb), nil, slog.New(slog.DiscardHandler))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := e.Close(); err != nil {
			tb.Error(err)
		}
	})
	return e
}

// read returns the bytes of a test picture below one of the given folders, or
// skips the test where it is not there.
func read(tb testing.TB, path string) []byte {
	tb.Helper()
	p := above(tb, path)
	if p == "" {
		tb.Skipf("no %s here", path)
	}
	data, err := os.ReadFile(p)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// goDecoder is a configuration without libjpeg-turbo.
func goDecoder() engine.Config {
	return engine.Config{Picture: picture.Config{Library: picture.NoLibrary}}
}
