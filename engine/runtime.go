package engine

import (
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/engine/pixel"
)

// Runtime executes models.
type Runtime interface {
	// Load makes a model ready. It fails if the model does not fit the spec.
	Load(name string, model []byte, spec ModelSpec) (Model, error)
	// Check fails if a model does not fit the spec. It loads nothing.
	Check(name string, model []byte, spec ModelSpec) error
	// Provider names what executes the models: "cpu", "cuda", "tensorrt".
	Provider() string
	// Version is that of the runtime.
	Version() string
}

// ModelSpec says how a model is going to be run.
type ModelSpec struct {
	Input    string
	Outputs  []string
	FreeDims []int // dimensions of the input that the file fixes and that must be free
	// FreeShapes are constants [1, …] that the file reshapes to, and whose 1 is the
	// batch: they keep it at one even if dimension 0 of the input is free.
	FreeShapes []string
}

// Model is a loaded model. It may be run by many goroutines at once.
type Model interface {
	// Run reads in and writes out, one tensor for each output of the spec, each of
	// the shape that the model gives for this input.
	Run(in *pixel.Tensor, out []*pixel.Tensor) error
	// Close frees the model. No run may be under way.
	Close() error
}

// ModelSet is what the engine needs of a models.Set.
type ModelSet interface {
	Pack() models.Pack
	Model(role models.Role) (models.Model, bool)
	Read(role models.Role) ([]byte, error)
}
