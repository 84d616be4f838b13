package httpx

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// locate returns the JSON path of the value that a type error is about, with
// its place in arrays, which encoding/json leaves out: images[1].data, where it
// says images.data. It walks the text again, which an error may cost.
func locate(body []byte, e *json.UnmarshalTypeError) string {
	w := walker{dec: json.NewDecoder(bytes.NewReader(body)), want: e.Field, kind: kindOf(e.Value)}
	w.dec.UseNumber()
	if w.value("", "") {
		return w.found
	}
	return e.Field
}

func kindOf(value string) string {
	kind, _, _ := strings.Cut(value, " ")
	return kind
}

// walker looks for the first value of a kind whose path without places in
// arrays is the wanted one, in any case.
type walker struct {
	dec        *json.Decoder
	want, kind string
	found      string
}

// value reads one value and reports whether the search is over.
func (w *walker) value(path, plain string) bool {
	tok, err := w.dec.Token()
	if err != nil {
		return true
	}
	if strings.EqualFold(plain, w.want) && tokenKind(tok) == w.kind && plain != "" {
		w.found = path
		return true
	}
	switch tok {
	case json.Delim('{'):
		return w.object(path, plain)
	case json.Delim('['):
		return w.array(path, plain)
	}
	return false
}

func (w *walker) object(path, plain string) bool {
	for w.dec.More() {
		name, err := w.dec.Token()
		if err != nil {
			return true
		}
		field, _ := name.(string)
		if w.value(join(path, field), join(plain, field)) {
			return true
		}
	}
	_, err := w.dec.Token()
	return err != nil
}

func (w *walker) array(path, plain string) bool {
	for i := 0; w.dec.More(); i++ {
		if w.value(fmt.Sprintf("%s[%d]", path, i), plain) {
			return true
		}
	}
	_, err := w.dec.Token()
	return err != nil
}

func join(path, field string) string {
	if path == "" {
		return field
	}
	return path + "." + field
}

// tokenKind returns encoding/json's own word for the kind of a value.
func tokenKind(tok json.Token) string {
	switch t := tok.(type) {
	case json.Delim:
		if t == '{' {
			return "object"
		}
		return "array"
	case bool:
		return "bool"
	case json.Number:
		return "number"
	case string:
		return "string"
	}
	return "null"
}
