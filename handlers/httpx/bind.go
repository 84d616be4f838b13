package httpx

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
)

// maxDepth is how deep a JSON body may nest. The deepest request of any dialect
// has six levels; the rest is room for fields that are ignored.
const maxDepth = 64

// BindJSON reads the body of a request as one JSON object into req, a pointer to
// a struct, whatever content type the client named. Unknown fields are ignored,
// names match in any case, and of a name given twice the last one counts, as in
// encoding/json. It returns an Invalid error that names the field by its JSON
// path where it can, or TooLarge when the body is over the limit of BodyLimit.
func BindJSON(c *gin.Context, req any) error {
	start := time.Now()
	defer func() { face.TimingOf(c.Request.Context()).Add("body", time.Since(start)) }()
	body := bodies.Get().(*bytes.Buffer)
	defer giveBack(body)
	if err := readBody(body, c.Request); err != nil {
		return err
	}
	return decodeJSON(body.Bytes(), req)
}

// bodies keeps the memory of bodies for the next ones. Nothing that is decoded from
// a body points into it.
var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }} //nolint:gochecknoglobals // memory, and no state

// giveBack puts the memory of a body into the pool, unless it is huge.
func giveBack(body *bytes.Buffer) {
	if body.Cap() <= 2*firstRead {
		body.Reset()
		bodies.Put(body)
	}
}

// byteOrderMark is what some clients put before UTF-8 text.
var byteOrderMark = []byte("\xef\xbb\xbf")

func decodeJSON(body []byte, req any) error {
	body = bytes.TrimPrefix(body, byteOrderMark)
	if err := checkText(body); err != nil {
		return err
	}
	if short, files := detach(body); len(files) > 0 && files.into(req, short) {
		return nil
	}
	err := json.Unmarshal(body, req)
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return typeError(body, e)
	}
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		return &face.Error{Kind: face.Invalid, Msg: face.Errorf(face.Invalid,
			"the request body is not valid JSON: %s at byte %d", e.Error(), e.Offset).Msg, Err: err}
	}
	return face.Wrap(face.Invalid, err, "the request body cannot be read as JSON")
}

// checkText refuses what encoding/json would let through or mend in silence:
// bytes that are not UTF-8 (it would replace them, and two ids could become
// one), a body that is no object, and nesting without end.
func checkText(body []byte) error {
	trimmed := bytes.TrimLeft(body, " \t\r\n")
	switch {
	case len(trimmed) == 0:
		return face.Errorf(face.Invalid, "the request body is empty, and a JSON object was expected")
	case trimmed[0] != '{':
		return face.Errorf(face.Invalid, "the request body must be a JSON object")
	case !utf8.Valid(body):
		return face.Errorf(face.Invalid, "the request body is not UTF-8 text")
	case depth(trimmed) > maxDepth:
		return face.Errorf(face.Invalid, "the request body nests deeper than %d levels", maxDepth)
	}
	return nil
}

// depth returns the deepest nesting of JSON text, which may be malformed: then
// it is that of any prefix a parser would accept, or more.
func depth(text []byte) int {
	now, deepest := 0, 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			now++
			deepest = max(deepest, now)
		case '}', ']':
			now--
		case '"':
			i += stringEnd(text[i+1:])
		}
	}
	return deepest
}

// stringEnd returns the length of a JSON string's content and closing quote: the
// first quote with an even number of backslashes before it closes.
func stringEnd(text []byte) int {
	for i := 0; i < len(text); {
		n := bytes.IndexByte(text[i:], '"')
		if n < 0 {
			return len(text)
		}
		before := text[i : i+n]
		if slashes := n - len(bytes.TrimRight(before, `\`)); slashes%2 == 0 {
			return i + n + 1
		}
		i += n + 1
	}
	return len(text)
}

// typeError puts a JSON value of a wrong type into words of JSON, not of Go.
func typeError(body []byte, e *json.UnmarshalTypeError) error {
	field := locate(body, e)
	if field == "" {
		return face.Wrap(face.Invalid, e, "the request body must be a JSON object")
	}
	out := face.FieldErrorf(field, "%s must be %s, not %s", field, wanted(e.Type), got(e.Value))
	out.Err = e
	return out
}

func wanted(t reflect.Type) string {
	if t == nil {
		return "something else"
	}
	switch t.Kind() { //nolint:exhaustive // the kinds that requests are made of
	case reflect.Pointer:
		return wanted(t.Elem())
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Slice, reflect.Array:
		return "an array"
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Int32:
		return "an integer of 32 bits"
	case reflect.Int, reflect.Int64:
		return "an integer"
	}
	return "a number"
}

// got turns encoding/json's word for a value ("string", "number 40.5") into
// one with an article.
func got(value string) string {
	switch kind, rest, _ := strings.Cut(value, " "); kind {
	case "array", "object":
		return "an " + kind
	case "bool":
		return "true or false"
	case "number":
		if rest != "" && len(rest) <= 32 {
			return rest
		}
		return "a number"
	default:
		return "a " + kind
	}
}

// firstRead bounds what a client can make us allocate by its word alone, its
// Content-Length, before it has sent anything.
const firstRead = 4 << 20

func readBody(body *bytes.Buffer, r *http.Request) error {
	body.Grow(int(min(max(r.ContentLength, 0), firstRead)) + bytes.MinRead)
	_, err := body.ReadFrom(r.Body)
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*face.Error](err); ok {
		return err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return face.Wrap(face.Invalid, err, "the request body ends before its stated length")
	}
	if r.Context().Err() != nil {
		return face.Wrap(face.Canceled, err, "the client went away")
	}
	return face.Wrap(face.Invalid, err, "the request body cannot be read")
}
