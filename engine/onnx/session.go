package onnx

import (
	"fmt"

	ort "github.com/yalue/onnxruntime_go"

	"github.com/facekeep/facekeep/engine/pixel"
)

// session is one loaded model. It implements engine.Model.
type session struct {
	name  string
	ort   *ort.DynamicAdvancedSession
	bound *bindings // nil on the CPU
}

// Run implements engine.Model. The library reads and writes the tensors where
// they lie.
func (s *session) Run(in *pixel.Tensor, out []*pixel.Tensor) error {
	values := make([]ort.Value, 0, 1+len(out))
	defer func() {
		for _, v := range values {
			_ = v.Destroy() // it cannot fail
		}
	}()
	for _, t := range append([]*pixel.Tensor{in}, out...) {
		v, err := ort.NewTensor(ort.Shape(t.Shape), t.Data)
		if err != nil {
			return fmt.Errorf("model %s: %w", s.name, err)
		}
		values = append(values, v)
	}
	run := s.ort.Run
	if s.bound != nil {
		run = s.bound.run
	}
	if err := run(values[:1], values[1:]); err != nil {
		return fmt.Errorf("model %s: %w", s.name, err)
	}
	return nil
}

// Close implements engine.Model.
func (s *session) Close() error {
	if s.bound != nil {
		s.bound.close()
	}
	return s.ort.Destroy()
}
