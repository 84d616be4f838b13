package onnx

import (
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/facekeep/facekeep/engine"
)

// Field numbers of onnx.proto.
const (
	modelGraph = 7

	graphNode        = 1
	graphInitializer = 5
	graphInput       = 11
	graphOutput      = 12
	graphValueInfo   = 13

	valueName = 1
	valueType = 2

	typeTensor  = 1
	tensorShape = 2
	shapeDim    = 1
	dimParam    = 2
)

var errNoModel = errors.New("not an ONNX model")

// prepare makes sure that a model fits, and frees the dimensions and the shapes that are
// to be free.
func prepare(model []byte, spec engine.ModelSpec) ([]byte, error) {
	if err := fits(model, spec); err != nil {
		return nil, err
	}
	for _, name := range spec.FreeShapes {
		var err error
		if model, err = freeShape(model, name); err != nil {
			return nil, err
		}
	}
	if len(spec.FreeDims) == 0 {
		return model, nil
	}
	return freeDims(model, spec.Input, spec.FreeDims)
}

// fits makes sure that a model has the input and the outputs that it will be run with.
func fits(model []byte, spec engine.ModelSpec) error {
	inputs, outputs, err := names(model)
	if err != nil {
		return err
	}
	if !slices.Contains(inputs, spec.Input) {
		return fmt.Errorf("has no input %q, but %q", spec.Input, inputs)
	}
	for _, o := range spec.Outputs {
		if !slices.Contains(outputs, o) {
			return fmt.Errorf("has no output %q, but %q", o, outputs)
		}
	}
	return nil
}

// names returns the names of the graph's inputs and outputs.
func names(model []byte) (inputs, outputs []string, err error) {
	graphs := 0
	err = eachField(model, func(f field) error {
		if f.num != modelGraph || f.typ != protowire.BytesType {
			return nil
		}
		graphs++
		return eachField(f.body, func(f field) error {
			switch {
			case f.typ != protowire.BytesType:
			case f.num == graphInput:
				inputs = append(inputs, nameOf(f.body))
			case f.num == graphOutput:
				outputs = append(outputs, nameOf(f.body))
			}
			return nil
		})
	})
	if err == nil && graphs != 1 {
		err = errNoModel
	}
	return inputs, outputs, err
}

// freeDims returns the model with the given dimensions of one input made
// symbolic. What the model claims of the shapes of its outputs and of the values
// in between goes with it, because that no longer holds; the runtime works it out
// anew.
func freeDims(model []byte, input string, dims []int) ([]byte, error) {
	return rewriteGraph(model, func(f field) ([]byte, error) {
		switch {
		case f.num == graphValueInfo:
			return nil, nil
		case f.num == graphOutput:
			return f.rewritten(func(b []byte) ([]byte, error) { return freeValue(b, nil) })
		case f.num == graphInput && nameOf(f.body) == input:
			return f.rewritten(func(b []byte) ([]byte, error) { return freeValue(b, dims) })
		}
		return f.raw, nil
	})
}

// rewriteGraph changes the fields of the graph that hold bytes.
func rewriteGraph(model []byte, change func(field) ([]byte, error)) ([]byte, error) {
	return rewriteAt(model, []protowire.Number{modelGraph}, func(graph []byte) ([]byte, error) {
		return rewrite(graph, func(f field) ([]byte, error) {
			if f.typ != protowire.BytesType {
				return f.raw, nil
			}
			return change(f)
		})
	})
}

// freeValue frees dimensions of the tensor type of a ValueInfoProto: those
// listed, or all if dims is nil.
func freeValue(value []byte, dims []int) ([]byte, error) {
	path := []protowire.Number{valueType, typeTensor, tensorShape}
	return rewriteAt(value, path, func(shape []byte) ([]byte, error) {
		at := -1
		return rewrite(shape, func(f field) ([]byte, error) {
			if f.num != shapeDim || f.typ != protowire.BytesType {
				return f.raw, nil
			}
			at++
			if dims == nil {
				return f.with(nil), nil
			}
			if !slices.Contains(dims, at) {
				return f.raw, nil
			}
			var dim []byte
			dim = protowire.AppendTag(dim, dimParam, protowire.BytesType)
			dim = protowire.AppendString(dim, fmt.Sprintf("dim%d", at))
			return f.with(dim), nil
		})
	})
}
