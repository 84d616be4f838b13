package onnx

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// field is one field of a protobuf message.
type field struct {
	num  protowire.Number
	typ  protowire.Type
	raw  []byte // with its tag
	body []byte // of a field of bytes: the bytes themselves

	varint int64 // of a field that is a varint
}

// with returns the field, tag and all, with another body.
func (f field) with(body []byte) []byte {
	out := protowire.AppendTag(make([]byte, 0, len(body)+16), f.num, protowire.BytesType)
	return protowire.AppendBytes(out, body)
}

// rewritten returns the field with its body changed by a function.
func (f field) rewritten(change func([]byte) ([]byte, error)) ([]byte, error) {
	body, err := change(f.body)
	if err != nil {
		return nil, err
	}
	return f.with(body), nil
}

// eachField calls a function for every field of a message.
func eachField(msg []byte, visit func(field) error) error {
	for len(msg) > 0 {
		num, typ, tag := protowire.ConsumeTag(msg)
		if tag < 0 {
			return fmt.Errorf("%w: %w", errNoModel, protowire.ParseError(tag))
		}
		n := protowire.ConsumeFieldValue(num, typ, msg[tag:])
		if n < 0 {
			return fmt.Errorf("%w: %w", errNoModel, protowire.ParseError(n))
		}
		f := field{num: num, typ: typ, raw: msg[:tag+n]}
		switch typ {
		case protowire.BytesType:
			f.body, _ = protowire.ConsumeBytes(msg[tag:])
		case protowire.VarintType:
			v, _ := protowire.ConsumeVarint(msg[tag:])
			f.varint = int64(v)
		case protowire.Fixed32Type, protowire.Fixed64Type, protowire.StartGroupType, protowire.EndGroupType:
		}
		if err := visit(f); err != nil {
			return err
		}
		msg = msg[tag+n:]
	}
	return nil
}

// rewrite returns a message with every field replaced by what a function makes
// of it, tag included; nothing drops it.
func rewrite(msg []byte, change func(field) ([]byte, error)) ([]byte, error) {
	out := make([]byte, 0, len(msg)+64)
	err := eachField(msg, func(f field) error {
		b, err := change(f)
		out = append(out, b...)
		return err
	})
	return out, err
}

// rewriteAt changes the message that lies at a path of field numbers.
func rewriteAt(msg []byte, path []protowire.Number, change func([]byte) ([]byte, error)) ([]byte, error) {
	if len(path) == 0 {
		return change(msg)
	}
	return rewrite(msg, func(f field) ([]byte, error) {
		if f.num != path[0] || f.typ != protowire.BytesType {
			return f.raw, nil
		}
		return f.rewritten(func(b []byte) ([]byte, error) { return rewriteAt(b, path[1:], change) })
	})
}

// nameOf returns the name of a ValueInfoProto, or "".
func nameOf(value []byte) string { return stringOf(value, valueName) }

// stringOf returns the string in a field of a message, or "".
func stringOf(msg []byte, num protowire.Number) string {
	s := ""
	// A message that does not parse has no string; who needs it whole says so.
	_ = eachField(msg, func(f field) error {
		if f.num == num && f.typ == protowire.BytesType {
			s = string(f.body)
		}
		return nil
	})
	return s
}

// intOf returns the number in a field of a message, or 0.
func intOf(msg []byte, num protowire.Number) int64 {
	var v int64
	_ = eachField(msg, func(f field) error { // as for stringOf
		if f.num == num && f.typ == protowire.VarintType {
			v = f.varint
		}
		return nil
	})
	return v
}
