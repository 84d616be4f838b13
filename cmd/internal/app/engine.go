package app

import (
	"io"
	"log/slog"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/batch"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/engine/onnx"
	"github.com/facekeep/facekeep/engine/picture"
	"github.com/facekeep/facekeep/face"
)

// OpenEngine finds the model files and libraries and starts an engine, for a
// command that is no server: nothing is logged and no metrics are kept. The
// caller closes it.
func OpenEngine(cfg *Engine) (*engine.Engine, error) {
	return openEngine(cfg, nil, slog.New(slog.DiscardHandler))
}

// openEngine is OpenEngine with metrics (none if reg is nil) and a log.
func openEngine(cfg *Engine, reg prometheus.Registerer, log *slog.Logger) (*engine.Engine, error) {
	manifest, err := models.Load()
	if err != nil {
		return nil, err
	}
	dirs, err := ModelDirs(cfg.ModelsDir)
	if err != nil {
		return nil, err
	}
	set, err := manifest.Resolve(models.Pack(cfg.ModelPack), dirs)
	if err != nil {
		return nil, err
	}
	library := libraryPath(cfg.ONNXRuntime, "libonnxruntime.so")
	if library == "" {
		return nil, face.Errorf(face.Unavailable, "libonnxruntime.so was not found in lib/ here or beside the program: "+
			`run "make deps", or name it by --onnxruntime (FACEKEEP_ONNXRUNTIME)`)
	}
	runtime, err := onnx.Open(onnx.Config{Library: library, Provider: onnx.Provider(cfg.Provider)})
	if err != nil {
		return nil, err
	}
	e, err := engine.New(engine.Config{
		Batch: batch.Config{Workers: cfg.Workers, Queue: cfg.Queue},
		Picture: picture.Config{
			Library: turboPath(cfg.TurboJPEG),
			Limits:  picture.Limits{MaxPixels: cfg.MaxPixels * 1e6},
		},
	}, set, runtime, reg, log)
	if why := runtime.Fallback(); why != nil {
		log.Warn("no GPU can be used: models run on the CPU", slog.Any("error", why))
	}
	return e, err
}

// turboPath returns the libjpeg-turbo that the project fetched for itself, if
// it did; otherwise the system's is taken if there is one.
func turboPath(configured string) string {
	if path := libraryPath(configured, "libturbojpeg.so.0"); path != "" {
		return path
	}
	return picture.AnyLibrary
}

// Logger returns a log that writes lines of a level ("debug" … "error") and a
// format ("text" or "json"). Passwords in addresses are the caller's to keep out.
func Logger(w io.Writer, level, format string) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(strings.ToUpper(level))); err != nil {
		l = slog.LevelInfo
	}
	opts := &slog.HandlerOptions{Level: l}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}
