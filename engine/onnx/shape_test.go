package onnx

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/pixel"
)

// operation returns a NodeProto.
func operation(operator string, inputs []string, output string, attributes ...message) message {
	var m message
	for _, in := range inputs {
		m = m.bytes(nodeInput, []byte(in))
	}
	m = m.bytes(nodeOutput, []byte(output)).bytes(nodeOperator, []byte(operator))
	for _, a := range attributes {
		m = m.bytes(nodeAttribute, a)
	}
	return m
}

// shape returns a TensorProto of 64-bit numbers, as bytes.
func shape(name string, dims ...int64) message {
	var data []byte
	for _, d := range dims {
		data = binary.LittleEndian.AppendUint64(data, uint64(d))
	}
	return message{}.varint(1, uint64(len(dims))).varint(tensorType, typeInt64).bytes(tensorName, []byte(name)).bytes(tensorBytes, data)
}

// shapeOfInts is shape, as numbers.
func shapeOfInts(name string, dims ...int64) message {
	var packed []byte
	for _, d := range dims {
		packed = protowire.AppendVarint(packed, uint64(d))
	}
	return message{}.varint(1, uint64(len(dims))).varint(tensorType, typeInt64).bytes(tensorInts, packed).bytes(tensorName, []byte(name))
}

// constantNode returns a Constant node that gives a tensor.
func constantNode(output string, tensor message) message {
	return operation("Constant", nil, output, message{}.bytes(attributeName, []byte("value")).bytes(attributeTensor, tensor).varint(20, 4))
}

// flattener returns a model that reshapes its input x of 1 × 2 × 2 to the shape s and
// gives that as y. fields are more of the graph: what makes s.
func flattener(fields message) []byte {
	graph := slices.Concat(fields, message{}.bytes(graphNode, operation("Reshape", []string{"x", "s"}, "y")).bytes(2, []byte("g")).
		bytes(graphInput, value("x", 1, 2, 2)).bytes(graphOutput, value("y", 1, 4)))
	opset := message{}.bytes(1, nil).varint(2, 14)
	return message{}.varint(1, 8).bytes(modelGraph, graph).bytes(8, opset)
}

func freeSpec() engine.ModelSpec {
	return engine.ModelSpec{Input: "x", Outputs: []string{"y"}, FreeDims: []int{0}, FreeShapes: []string{"s"}}
}

// A shape that fixed the batch at one lets any batch through.
func TestFreeShape(t *testing.T) {
	t.Parallel()
	rt := open(t)
	tests := []struct {
		name   string
		fields message
	}{
		{"initializer of bytes", message{}.bytes(graphInitializer, shape("s", 1, -1))},
		{"initializer of numbers", message{}.bytes(graphInitializer, shapeOfInts("s", 1, -1))},
		{"constant", message{}.bytes(graphNode, constantNode("s", shape("", 1, -1)))},
	}
	for _, tt := range tests {
		m, err := rt.Load(tt.name, flattener(tt.fields), freeSpec())
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		in := &pixel.Tensor{Shape: []int64{3, 2, 2}, Data: []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}}
		out := &pixel.Tensor{Shape: []int64{3, 4}, Data: make([]float32, 12)}
		if err := m.Run(in, []*pixel.Tensor{out}); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(in.Data, out.Data); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestFreeShapeRefuses(t *testing.T) {
	t.Parallel()
	good := message{}.bytes(graphInitializer, shape("s", 1, -1))
	ints := message{}.bytes(attributeName, []byte("value_ints")).varint(8, 1).varint(8, 4)
	allowZero := message{}.bytes(attributeName, []byte("allowzero")).varint(attributeInt, 1)
	tests := []struct {
		name   string
		fields message
		want   string
	}{
		{"computed", message{}.bytes(graphNode, operation("Shape", []string{"x"}, "s")), "0 such constants"},
		{"twice", slices.Concat(good, good), "2 such constants"},
		{"another batch", message{}.bytes(graphInitializer, shape("s", 2, -1)), "[2 -1]"},
		{"one number", message{}.bytes(graphInitializer, shape("s", 1)), "[1]"},
		{"no 64-bit numbers", message{}.bytes(graphInitializer, shape("s", 1, -1).varint(tensorType, 6)), "64-bit"},
		{"no tensor", message{}.bytes(graphNode, operation("Constant", nil, "s", ints)), "0 tensors"},
		{"added as well", slices.Concat(good, message{}.bytes(graphNode, operation("Add", []string{"s", "s"}, "z"))), "Add"},
		{"zero means zero", slices.Concat(good, message{}.bytes(graphNode, operation("Reshape", []string{"x", "s"}, "z", allowZero))), "Reshape"},
		{"broken", message{}.bytes(graphInitializer, slices.Concat(shape("s", 1, -1), message{0x80})), "not an ONNX model"},
	}
	for _, tt := range tests {
		if _, err := prepare(flattener(tt.fields), freeSpec()); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want an error with %q", tt.name, err, tt.want)
		}
	}
	unused := freeSpec()
	unused.FreeShapes = []string{"other"}
	model := flattener(slices.Concat(good, message{}.bytes(graphInitializer, shape("other", 1, -1))))
	if _, err := prepare(model, unused); err == nil || !strings.Contains(err.Error(), "0 times") {
		t.Errorf("a shape that nothing uses: got %v, want an error with 0 times", err)
	}
}

// Freeing a shape never panics, and what it has freed it does not free again.
func FuzzFreeShape(f *testing.F) {
	f.Add(flattener(message{}.bytes(graphInitializer, shape("s", 1, -1))))
	f.Add(flattener(message{}.bytes(graphInitializer, shapeOfInts("s", 1, -1))))
	f.Add(flattener(message{}.bytes(graphNode, constantNode("s", shape("", 1, -1)))))
	f.Fuzz(func(t *testing.T, model []byte) {
		got, err := freeShape(model, "s")
		if err != nil {
			return
		}
		if _, err := freeShape(got, "s"); err == nil {
			t.Error("got no error for a shape that is free already, want one")
		}
	})
}
