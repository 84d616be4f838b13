package httpx

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// Bool is a boolean that clients also send as a string: true, false, "true",
// "False".
type Bool bool

// UnmarshalJSON reads one of the accepted forms.
func (b *Bool) UnmarshalJSON(text []byte) error {
	switch strings.ToLower(string(bytes.Trim(text, `"`))) {
	case "true":
		*b = true
	case "false":
		*b = false
	case "null": // as encoding/json: null changes nothing
	default:
		return &json.UnmarshalTypeError{Value: valueKind(text), Type: reflect.TypeFor[bool]()}
	}
	return nil
}

// Int is a 32-bit integer that clients also send with a fraction of zero: 40,
// 40.0, 4e1. A string is no integer.
type Int int32

// UnmarshalJSON reads one of the accepted forms.
func (n *Int) UnmarshalJSON(text []byte) error {
	if bytes.Equal(text, []byte("null")) {
		return nil
	}
	x, err := strconv.ParseFloat(string(text), 64)
	if err != nil || x != math.Trunc(x) || x < math.MinInt32 || x > math.MaxInt32 || valueKind(text) != "number" {
		value := valueKind(text)
		if value == "number" {
			value += " " + string(text)
		}
		return &json.UnmarshalTypeError{Value: value, Type: reflect.TypeFor[int32]()}
	}
	*n = Int(x)
	return nil
}

// valueKind returns encoding/json's word for the kind of a JSON value.
func valueKind(text []byte) string {
	if len(text) == 0 {
		return "null"
	}
	switch text[0] {
	case '"':
		return "string"
	case '{':
		return "object"
	case '[':
		return "array"
	case 't', 'f':
		return "bool"
	case 'n':
		return "null"
	}
	return "number"
}
