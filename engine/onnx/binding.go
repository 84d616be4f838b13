package onnx

import (
	"fmt"

	ort "github.com/yalue/onnxruntime_go"
)

// bindings are ways into a session and out of it that are used again. What is bound goes
// to the device when it is bound, and what comes out goes to where it is bound as soon as
// it is there; a plain run works that out anew each time. On the CPU there is nothing to work
// out, and a plain run is a microsecond or two faster.
type bindings struct {
	session *ort.DynamicAdvancedSession
	inputs  []string
	outputs []string
	idle    chan *ort.IoBinding
}

// mostIdle is how many bindings are kept for the next run. More are made if more runs are
// made at a time, and thrown away after.
const mostIdle = 8

func newBindings(s *ort.DynamicAdvancedSession, input string, outputs []string) *bindings {
	return &bindings{session: s, inputs: []string{input}, outputs: outputs, idle: make(chan *ort.IoBinding, mostIdle)}
}

// run runs the session with values bound. They are bound to nothing when it returns.
func (b *bindings) run(in, out []ort.Value) error {
	binding, err := b.take()
	if err != nil {
		return fmt.Errorf("bind: %w", err)
	}
	defer b.putBack(binding)
	for i, v := range in {
		if err := binding.BindInput(b.inputs[i], v); err != nil {
			return fmt.Errorf("bind %s: %w", b.inputs[i], err)
		}
	}
	for i, v := range out {
		if err := binding.BindOutput(b.outputs[i], v); err != nil {
			return fmt.Errorf("bind %s: %w", b.outputs[i], err)
		}
	}
	return b.session.RunWithBinding(binding)
}

func (b *bindings) take() (*ort.IoBinding, error) {
	select {
	case binding := <-b.idle:
		return binding, nil
	default:
		return b.session.CreateIoBinding()
	}
}

func (b *bindings) putBack(binding *ort.IoBinding) {
	binding.ClearBoundInputs()
	binding.ClearBoundOutputs()
	select {
	case b.idle <- binding:
	default:
		_ = binding.Destroy() // it cannot fail
	}
}

// close frees the bindings. No run may be under way.
func (b *bindings) close() {
	for len(b.idle) > 0 {
		_ = (<-b.idle).Destroy() // it cannot fail
	}
}
