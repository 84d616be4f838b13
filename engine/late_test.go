package engine

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// withEyes is the complete set and a model that no plain search runs.
func withEyes(file string) fakeSet {
	s := completeSet()
	s[models.EyeState] = file
	return s
}

// cpuRuntime is a fakeRuntime that says it is the CPU.
type cpuRuntime struct {
	*fakeRuntime

	mu sync.Mutex
}

func (*cpuRuntime) Provider() string { return "cpu" }

func (r *cpuRuntime) Load(name string, data []byte, s ModelSpec) (Model, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.fakeRuntime.Load(name, data, s)
}

func newCPU() *cpuRuntime {
	rt := &cpuRuntime{fakeRuntime: fakeModels()}
	rt.models["fr_eye.onnx"] = constant(1)
	return rt
}

func TestModelsAreLoadedAtNeed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		rt    Runtime
		open  func(Runtime) int
		start int
	}{
		{"cpu", newCPU(), func(rt Runtime) int { return rt.(*cpuRuntime).open }, 4},              //nolint:forcetypeassert // made above
		{"gpu", newCPU().fakeRuntime, func(rt Runtime) int { return rt.(*fakeRuntime).open }, 5}, //nolint:forcetypeassert // made above
	} {
		e, err := New(Config{}, withEyes("fr_eye.onnx"), tt.rt, nil, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if got := tt.open(tt.rt); got != tt.start {
			t.Errorf("%s: got %d models after the start, want %d", tt.name, got, tt.start)
		}
		var runs sync.WaitGroup
		for range 8 {
			runs.Go(func() {
				if err := e.nets.eyes.models[0].Run(numbers(), []*pixel.Tensor{numbers()}); err != nil {
					t.Errorf("%s: run: %v", tt.name, err)
				}
			})
		}
		runs.Wait()
		if got := tt.open(tt.rt); got != 5 {
			t.Errorf("%s: got %d models after runs at once, want 5", tt.name, got)
		}
		if err := e.Close(); err != nil || tt.open(tt.rt) != 0 {
			t.Errorf("%s: Close: got %v and %d models open, want none", tt.name, err, tt.open(tt.rt))
		}
		if err := e.nets.eyes.models[0].Run(numbers(), []*pixel.Tensor{numbers()}); tt.name == "cpu" && face.KindOf(err) != face.Unavailable {
			t.Errorf("run after Close: got %v, want Unavailable", err)
		}
	}
}

// A model that is not run at start is refused there all the same.
func TestNewRefusesAModelForLater(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, file, want string }{
		{"unreadable", "unreadable.onnx", "disk on fire"},
		{"another one", "misfit.onnx", "misfit.onnx"},
	} {
		rt := newCPU()
		_, err := New(Config{}, withEyes(tt.file), rt, nil, slog.New(slog.DiscardHandler))
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "eye") {
			t.Errorf("%s: got %v, want an error with %q and the role", tt.name, err, tt.want)
		}
		if rt.open != 0 {
			t.Errorf("%s: got %d models left open, want none", tt.name, rt.open)
		}
	}
}

// Where a model cannot be loaded when it is needed, each request is told, and the first
// one after the cause is gone is answered.
func TestLateModelTriesAgain(t *testing.T) {
	t.Parallel()
	cause, loads := errors.New("disk on fire"), 0
	m := &lateModel{load: func() (Model, error) {
		if loads++; loads < 3 {
			return nil, fmt.Errorf("load: %w", cause)
		}
		return constant(1), nil
	}}
	for n := range 2 {
		if err := m.Run(nil, nil); !errors.Is(err, cause) || face.KindOf(err) != face.Unavailable {
			t.Errorf("run %d: got %v, want Unavailable because of the disk", n, err)
		}
	}
	for range 2 {
		if err := m.Run(nil, nil); err != nil {
			t.Errorf("run after the disk is mended: %v", err)
		}
	}
	if loads != 3 {
		t.Errorf("got %d loads, want 3", loads)
	}
}

// numbers is a tensor for a model that does not care.
func numbers() *pixel.Tensor { return &pixel.Tensor{Shape: []int64{1, 1}, Data: make([]float32, 1)} }
