package app_test

import (
	"slices"
	"sync/atomic"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/pixel"
)

// recorder is a runtime that can be told to note every run of its models, so that
// the same runs can be had again without anything around them.
type recorder struct {
	engine.Runtime

	noting atomic.Bool
	runs   []modelRun             // of one worker: nothing guards them
	gate   atomic.Pointer[func()] // called before each run, if there is one
}

// modelRun is one run of a model, with an input and outputs of its own.
type modelRun struct {
	model engine.Model
	in    *pixel.Tensor
	out   []*pixel.Tensor
}

// Load implements engine.Runtime.
func (r *recorder) Load(name string, model []byte, spec engine.ModelSpec) (engine.Model, error) {
	m, err := r.Runtime.Load(name, model, spec)
	return recordedModel{m, r}, err
}

type recordedModel struct {
	engine.Model

	by *recorder
}

// Run implements engine.Model.
func (m recordedModel) Run(in *pixel.Tensor, out []*pixel.Tensor) error {
	if gate := m.by.gate.Load(); gate != nil {
		(*gate)()
	}
	if m.by.noting.Load() {
		run := modelRun{model: m.Model, in: copied(in)}
		for _, t := range out {
			run.out = append(run.out, copied(t))
		}
		m.by.runs = append(m.by.runs, run)
	}
	return m.Model.Run(in, out)
}

func copied(t *pixel.Tensor) *pixel.Tensor {
	return &pixel.Tensor{Shape: slices.Clone(t.Shape), Data: slices.Clone(t.Data)}
}

// replay does the noted runs again.
func (r *recorder) replay() error {
	for _, run := range r.runs {
		if err := run.model.Run(run.in, run.out); err != nil {
			return err
		}
	}
	return nil
}
