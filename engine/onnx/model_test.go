package onnx

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/facekeep/facekeep/engine"
)

// message builds protobuf messages for tests.
type message []byte

func (m message) bytes(num protowire.Number, b []byte) message {
	return protowire.AppendBytes(protowire.AppendTag(m, num, protowire.BytesType), b)
}

func (m message) varint(num protowire.Number, v uint64) message {
	return protowire.AppendVarint(protowire.AppendTag(m, num, protowire.VarintType), v)
}

// value returns a ValueInfoProto of float32 with a shape.
func value(name string, dims ...uint64) []byte {
	var shape message
	for _, d := range dims {
		shape = shape.bytes(shapeDim, message{}.varint(1, d))
	}
	tensor := message{}.varint(1, 1).bytes(tensorShape, shape)
	return message{}.bytes(valueName, []byte(name)).bytes(valueType, message{}.bytes(typeTensor, tensor))
}

// identity returns a model that copies its input x, of a fixed shape, to its
// output y.
func identity(dims ...uint64) []byte {
	node := message{}.bytes(1, []byte("x")).bytes(2, []byte("mid")).bytes(4, []byte("Identity"))
	node2 := message{}.bytes(1, []byte("mid")).bytes(2, []byte("y")).bytes(4, []byte("Identity"))
	graph := message{}.bytes(1, node).bytes(1, node2).bytes(2, []byte("g")).
		bytes(graphInput, value("x", dims...)).bytes(graphOutput, value("y", dims...)).
		bytes(graphValueInfo, value("mid", dims...))
	opset := message{}.bytes(1, nil).varint(2, 13)
	return message{}.varint(1, 8).bytes(modelGraph, graph).bytes(8, opset)
}

// shapeOf returns the dimensions of a value of the graph: numbers, or symbols.
func shapeOf(t *testing.T, model []byte, kind protowire.Number, name string) []any {
	t.Helper()
	var dims []any
	walk := func(msg []byte, num protowire.Number, visit func([]byte)) {
		if err := eachField(msg, func(f field) error {
			if f.num == num {
				visit(f.body)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	walk(model, modelGraph, func(graph []byte) {
		walk(graph, kind, func(v []byte) {
			if nameOf(v) != name {
				return
			}
			walk(v, valueType, func(typ []byte) {
				walk(typ, typeTensor, func(tensor []byte) {
					walk(tensor, tensorShape, func(shape []byte) {
						walk(shape, shapeDim, func(dim []byte) { dims = append(dims, dimension(t, dim)) })
					})
				})
			})
		})
	})
	return dims
}

func dimension(t *testing.T, dim []byte) any {
	t.Helper()
	var d any
	if err := eachField(dim, func(f field) error {
		switch {
		case f.num == dimParam:
			d = string(f.body)
		case f.typ == protowire.VarintType:
			_, _, n := protowire.ConsumeTag(f.raw)
			v, _ := protowire.ConsumeVarint(f.raw[n:])
			d = int(v)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestPrepareFreesDimensions(t *testing.T) {
	t.Parallel()
	spec := engine.ModelSpec{Input: "x", Outputs: []string{"y"}, FreeDims: []int{0, 2, 3}}
	got, err := prepare(identity(10, 3, 32, 32), spec)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]any{"dim0", 3, "dim2", "dim3"}, shapeOf(t, got, graphInput, "x")); diff != "" {
		t.Errorf("input (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]any{nil, nil, nil, nil}, shapeOf(t, got, graphOutput, "y")); diff != "" {
		t.Errorf("output (-want +got):\n%s", diff)
	}
	if dims := shapeOf(t, got, graphValueInfo, "mid"); dims != nil {
		t.Errorf("got a shape %v in between, want none", dims)
	}
}

func TestPrepareLeavesAModelAlone(t *testing.T) {
	t.Parallel()
	model := identity(1, 3, 4, 4)
	got, err := prepare(model, engine.ModelSpec{Input: "x", Outputs: []string{"y"}})
	if err != nil || !bytes.Equal(got, model) {
		t.Errorf("got another model (error %v), want the same", err)
	}
}

func TestPrepareRefuses(t *testing.T) {
	t.Parallel()
	good := identity(1, 3, 4, 4)
	tests := []struct {
		name  string
		model []byte
		spec  engine.ModelSpec
	}{
		{"empty", nil, engine.ModelSpec{Input: "x"}},
		{"no protobuf", []byte("<html>"), engine.ModelSpec{Input: "x"}},
		{"cut short", good[:len(good)/2], engine.ModelSpec{Input: "x"}},
		{"two graphs", slices.Concat(good, good), engine.ModelSpec{Input: "x"}},
		{"another input", good, engine.ModelSpec{Input: "images"}},
		{"another output", good, engine.ModelSpec{Input: "x", Outputs: []string{"scores"}}},
	}
	for _, tt := range tests {
		if _, err := prepare(tt.model, tt.spec); err == nil {
			t.Errorf("%s: got no error, want one", tt.name)
		}
	}
}

// Rewriting without a change gives the same fields, whatever the bytes.
func FuzzPrepare(f *testing.F) {
	f.Add(identity(10, 3, 32, 32))
	f.Add(identity())
	f.Add([]byte{0x3a, 0x80})
	f.Fuzz(func(t *testing.T, model []byte) {
		got, err := freeDims(model, "x", []int{0, 2, 3})
		if err != nil {
			return
		}
		again, err := freeDims(got, "x", []int{0, 2, 3})
		if err != nil {
			t.Fatalf("got %v for a model that was rewritten once, want no error", err)
		}
		if !bytes.Equal(got, again) {
			t.Error("rewriting twice differs from once")
		}
		_, _ = prepare(model, engine.ModelSpec{Input: "x", Outputs: []string{"y"}, FreeDims: []int{0}}) // must not panic
	})
}
