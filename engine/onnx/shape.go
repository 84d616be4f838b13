package onnx

import (
	"encoding/binary"
	"fmt"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// Field numbers of onnx.proto, and values of its enumerations.
const (
	nodeInput     = 1
	nodeOutput    = 2
	nodeOperator  = 4
	nodeAttribute = 5

	attributeName   = 1
	attributeInt    = 3
	attributeTensor = 5

	tensorType  = 2
	tensorInts  = 7
	tensorName  = 8
	tensorBytes = 9

	typeInt64 = 7
)

// freeShape frees the batch of a constant shape [1, …] that the graph reshapes to: a
// 0 in the place of its 1 says that the dimension is that of what is reshaped. It is an
// error if there is no such constant, or if something else is done with it.
func freeShape(model []byte, name string) ([]byte, error) {
	s := fixedShape{name: name}
	out, err := rewriteGraph(model, s.free)
	switch {
	case err != nil:
		return nil, fmt.Errorf("shape %q: %w", name, err)
	case s.made != 1 || s.uses == 0:
		return nil, fmt.Errorf("shape %q: the model has %d such constants and reshapes to it %d times, want it to be one shape that is used", name, s.made, s.uses)
	}
	return out, nil
}

// fixedShape is a constant shape of a graph, how often the graph makes it, and how often
// it reshapes to it.
type fixedShape struct {
	name       string
	made, uses int
}

// free returns a field of the graph with the shape freed, if it makes it.
func (s *fixedShape) free(f field) ([]byte, error) {
	switch {
	case f.num == graphNode:
		return s.freeNode(f)
	case f.num == graphInitializer && stringOf(f.body, tensorName) == s.name:
		s.made++
		return f.rewritten(freeBatch)
	}
	return f.raw, nil
}

func (s *fixedShape) freeNode(f field) ([]byte, error) {
	n, err := parseNode(f.body)
	if err != nil {
		return nil, err
	}
	uses, err := n.reshapesTo(s.name)
	if err != nil {
		return nil, err
	}
	s.uses += uses
	if n.operator == "Constant" && slices.Equal(n.outputs, []string{s.name}) {
		s.made++
		return f.rewritten(freeConstant)
	}
	return f.raw, nil
}

// node is what matters here of a NodeProto.
type node struct {
	operator        string
	inputs, outputs []string
	allowZero       bool // a 0 in a shape is no reference to what is reshaped
}

func parseNode(body []byte) (n node, err error) {
	err = eachField(body, func(f field) error {
		switch {
		case f.typ != protowire.BytesType:
		case f.num == nodeInput:
			n.inputs = append(n.inputs, string(f.body))
		case f.num == nodeOutput:
			n.outputs = append(n.outputs, string(f.body))
		case f.num == nodeOperator:
			n.operator = string(f.body)
		case f.num == nodeAttribute && stringOf(f.body, attributeName) == "allowzero":
			n.allowZero = intOf(f.body, attributeInt) != 0
		}
		return nil
	})
	return n, err
}

// reshapesTo returns 1 if the node reshapes to a shape, 0 if it does not use it. Any
// other use is an error.
func (n *node) reshapesTo(shape string) (int, error) {
	for i, input := range n.inputs {
		switch {
		case input != shape:
		case n.operator == "Reshape" && i == 1 && !n.allowZero:
			return 1, nil
		default:
			return 0, fmt.Errorf("input %d of a %s is no shape whose batch can be freed", i, n.operator)
		}
	}
	return 0, nil
}

// freeConstant is freeBatch of the tensor of a Constant node.
func freeConstant(body []byte) ([]byte, error) {
	tensors := 0
	out, err := rewriteAt(body, []protowire.Number{nodeAttribute, attributeTensor}, func(tensor []byte) ([]byte, error) {
		tensors++
		return freeBatch(tensor)
	})
	if err == nil && tensors != 1 {
		err = fmt.Errorf("its constant holds %d tensors, want one", tensors)
	}
	return out, err
}

// freeBatch puts 0 in the place of the 1 that the numbers of a TensorProto begin with.
func freeBatch(tensor []byte) ([]byte, error) {
	shape, err := int64s(tensor)
	if err != nil {
		return nil, err
	}
	if intOf(tensor, tensorType) != typeInt64 || len(shape) < 2 || shape[0] != 1 {
		return nil, fmt.Errorf("got the numbers %v, want 64-bit ones: 1 and the rest of a shape", shape)
	}
	out, err := rewrite(tensor, func(f field) ([]byte, error) {
		if f.num == tensorInts || f.num == tensorBytes {
			return nil, nil
		}
		return f.raw, nil
	})
	if err != nil {
		return nil, err
	}
	data := make([]byte, 8, 8*len(shape))
	for _, d := range shape[1:] {
		data = binary.LittleEndian.AppendUint64(data, uint64(d))
	}
	return protowire.AppendBytes(protowire.AppendTag(out, tensorBytes, protowire.BytesType), data), nil
}

// int64s returns the numbers of a TensorProto of 64-bit ones, in any of the three ways
// that it may hold them.
func int64s(tensor []byte) ([]int64, error) {
	var all []int64
	err := eachField(tensor, func(f field) error {
		switch {
		case f.num == tensorBytes && f.typ == protowire.BytesType:
			for b := f.body; len(b) >= 8; b = b[8:] {
				all = append(all, int64(binary.LittleEndian.Uint64(b)))
			}
		case f.num == tensorInts && f.typ == protowire.BytesType:
			for b := f.body; len(b) > 0; {
				v, n := protowire.ConsumeVarint(b)
				if n < 0 {
					return fmt.Errorf("%w: %w", errNoModel, protowire.ParseError(n))
				}
				all, b = append(all, int64(v)), b[n:]
			}
		case f.num == tensorInts && f.typ == protowire.VarintType:
			all = append(all, f.varint)
		}
		return nil
	})
	return all, err
}
