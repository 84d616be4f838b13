package onnx

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"sync"

	ort "github.com/yalue/onnxruntime_go"

	"github.com/facekeep/facekeep/engine"
)

// Provider is what executes the models.
type Provider string

// The providers. A GPU provider needs a build of ONNX Runtime that has it.
const (
	CPU      Provider = "cpu"
	CUDA     Provider = "cuda"
	TensorRT Provider = "tensorrt"
	// Auto is CUDA where that can be had, else the CPU: see Runtime.Fallback.
	Auto Provider = "auto"
)

// Config says how models are run.
type Config struct {
	Library  string   // path of libonnxruntime.so
	Provider Provider // "" is CPU
	Device   int      // number of the GPU
}

// Runtime loads models. It implements engine.Runtime.
type Runtime struct {
	cfg Config

	mu       sync.Mutex
	auto     bool  // and no model has been loaded yet
	fallback error // why auto became the CPU
}

// Open loads the library, once for the process, and makes sure that the provider
// can be had: a GPU that was asked for and is not there is an error, never a
// silent CPU. Only Auto falls back, and says so.
func Open(cfg Config) (*Runtime, error) {
	if cfg.Provider == "" {
		cfg.Provider = CPU
	}
	if cfg.Library == "" {
		return nil, errors.New("no path of the ONNX Runtime library is given")
	}
	path, err := filepath.Abs(cfg.Library)
	if err != nil {
		return nil, fmt.Errorf("find ONNX Runtime: %w", err)
	}
	if err := useLibrary(path); err != nil {
		return nil, err
	}
	r := &Runtime{cfg: cfg}
	if cfg.Provider == Auto {
		r.auto, r.cfg.Provider = true, CUDA
		if err := r.tryOptions(); err != nil {
			r.fallBack(err)
		}
	}
	if err := r.tryOptions(); err != nil {
		return nil, err
	}
	return r, nil
}

// fallBack makes the CPU of Auto.
func (r *Runtime) fallBack(why error) { r.auto, r.fallback, r.cfg.Provider = false, why, CPU }

// tryOptions makes the options of a session, to see whether they can be had.
func (r *Runtime) tryOptions() error {
	opts, err := r.options()
	if err != nil {
		return err
	}
	return opts.Destroy()
}

// Fallback returns why models run on the CPU though Auto was asked for; nil if they do
// not, or it was not. It is known once a model is loaded: a library that knows CUDA may
// find no device.
func (r *Runtime) Fallback() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.fallback
}

// Provider returns what executes the models: "cpu", "cuda" or "tensorrt". Of Auto it is
// known once a model is loaded.
func (r *Runtime) Provider() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return string(r.cfg.Provider)
}

// Version returns the version of the library.
func (r *Runtime) Version() string { return ort.GetVersion() }

// Load implements engine.Runtime.
func (r *Runtime) Load(name string, model []byte, spec engine.ModelSpec) (engine.Model, error) {
	model, err := prepare(model, spec)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", name, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	giveBack()
	defer giveBack()
	made, err := r.session(name, model, spec)
	if err != nil && r.auto {
		r.fallBack(err)
		made, err = r.session(name, model, spec)
	}
	r.auto = false
	return made, err
}

// Check implements engine.Runtime.
func (r *Runtime) Check(name string, model []byte, spec engine.ModelSpec) error {
	if err := fits(model, spec); err != nil {
		return fmt.Errorf("model %s: %w", name, err)
	}
	return nil
}

// session loads a model onto the provider.
func (r *Runtime) session(name string, model []byte, spec engine.ModelSpec) (engine.Model, error) {
	opts, err := r.options()
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", name, err)
	}
	defer func() { _ = opts.Destroy() }() // fails only if it is nil
	s, err := ort.NewDynamicAdvancedSessionWithONNXData(model, []string{spec.Input}, spec.Outputs, opts)
	if err != nil {
		return nil, fmt.Errorf("model %s on %s: %w", name, r.cfg.Provider, err)
	}
	made := &session{name: name, ort: s}
	if r.cfg.Provider != CPU {
		made.bound = newBindings(s, spec.Input, spec.Outputs)
	}
	return made, nil
}

// options returns the options of a session: the workers are the parallelism, so
// a run stays on its own thread. The plan of memory that fits one shape only is
// of no use when shapes change.
func (r *Runtime) options() (*ort.SessionOptions, error) {
	o, err := ort.NewSessionOptions()
	if err != nil {
		return nil, fmt.Errorf("session options: %w", err)
	}
	if err := errors.Join(
		o.SetIntraOpNumThreads(1),
		o.SetInterOpNumThreads(1),
		o.SetMemPattern(false),
		o.AddSessionConfigEntry("session.use_env_allocators", "1"),
		o.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"),
		o.AddSessionConfigEntry("session.inter_op.allow_spinning", "0"),
		r.appendProvider(o),
	); err != nil {
		_ = o.Destroy() // the first error is the one to tell
		return nil, fmt.Errorf("session options: %w", err)
	}
	return o, nil
}

func (r *Runtime) appendProvider(o *ort.SessionOptions) error {
	var err error
	switch r.cfg.Provider {
	case CPU:
		return nil
	case CUDA:
		err = r.appendCUDA(o)
	case TensorRT:
		err = r.appendTensorRT(o)
	case Auto: // is one of the others by now
		fallthrough
	default:
		return fmt.Errorf("unknown provider %q: want cpu, cuda, tensorrt or auto", r.cfg.Provider)
	}
	if err != nil {
		return fmt.Errorf("provider %s, device %d: %w", r.cfg.Provider, r.cfg.Device, err)
	}
	return nil
}

func (r *Runtime) appendCUDA(o *ort.SessionOptions) error {
	c, err := ort.NewCUDAProviderOptions()
	if err != nil {
		return err
	}
	defer func() { _ = c.Destroy() }() // fails only if it is nil
	if err := c.Update(r.device()); err != nil {
		return err
	}
	return o.AppendExecutionProviderCUDA(c)
}

func (r *Runtime) appendTensorRT(o *ort.SessionOptions) error {
	t, err := ort.NewTensorRTProviderOptions()
	if err != nil {
		return err
	}
	defer func() { _ = t.Destroy() }() // fails only if it is nil
	if err := t.Update(r.device()); err != nil {
		return err
	}
	if err := o.AppendExecutionProviderTensorRT(t); err != nil {
		return err
	}
	return r.appendCUDA(o) // for what TensorRT cannot do
}

func (r *Runtime) device() map[string]string {
	return map[string]string{"device_id": strconv.Itoa(r.cfg.Device)}
}
