package onnx

import (
	"fmt"
	"os"
	"sync"

	ort "github.com/yalue/onnxruntime_go"
)

// environment guards what the binding keeps once for the whole process: the
// loaded library and its environment. A package variable cannot be avoided here,
// because the binding has one. It stays until the process ends: sessions of
// several runtimes share it, and unloading a library whose threads have run is
// not safe.
var environment struct {
	mu      sync.Mutex
	library string // what it was made with; "" before
}

// useLibrary loads the library unless that has happened. A second library in one
// process is refused.
func useLibrary(path string) error {
	environment.mu.Lock()
	defer environment.mu.Unlock()
	switch environment.library {
	case path:
		return nil
	case "":
	default:
		return fmt.Errorf("ONNX Runtime is already loaded from %s, it cannot be loaded again from %s", environment.library, path)
	}
	keepSmall()
	if err := tellNobody(); err != nil {
		return err
	}
	ort.SetSharedLibraryPath(path)
	if err := ort.InitializeEnvironment(ort.WithLogLevelError()); err != nil {
		return fmt.Errorf("load ONNX Runtime from %s: %w", path, err)
	}
	if err := shareArena(); err != nil {
		return fmt.Errorf("load ONNX Runtime from %s: %w", path, err)
	}
	environment.library = path
	return nil
}

// tellNobody keeps ONNX Runtime from reporting to its makers what it does. The published
// builds do, over HTTPS, under a number of this machine that they keep in the home
// folder, unless this variable is set before the library begins. A server that knows
// faces tells nobody anything.
func tellNobody() error {
	if err := os.Setenv("ORT_DISABLE_TELEMETRY", "1"); err != nil {
		return fmt.Errorf("turn the reports of ONNX Runtime off: %w", err)
	}
	return nil
}

// shareArena makes the one arena of the CPU that all sessions take what they compute
// from, so that a model leaves its memory to the next one. It grows by what is asked
// for: by its default it grows by doubling.
func shareArena() error {
	const whole, sameAsRequested, usual = 0, 1, -1
	cfg, err := ort.NewArenaCfg(whole, sameAsRequested, usual, usual)
	if err != nil {
		return fmt.Errorf("configure the arena: %w", err)
	}
	defer cfg.Destroy()
	cpu, err := ort.GetMemoryInfo()
	if err != nil {
		return fmt.Errorf("configure the arena: %w", err)
	}
	if err := ort.CreateAndRegisterAllocator(cpu, cfg); err != nil {
		return fmt.Errorf("make the arena: %w", err)
	}
	return nil
}
