package httpx

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"

	"github.com/emmansun/base64"

	"github.com/facekeep/facekeep/face"
)

// Base64 is a file that came as base64 text: the standard alphabet, with or
// without padding and white space, with or without a "data:…;base64," prefix.
// Whether the text is good is asked by Bytes, which can name the field.
type Base64 struct {
	data []byte
	bad  error
	file int // number of the attachment that it stands for until that is put in, from 1
}

// UnmarshalJSON decodes the text straight from the request body.
func (b *Base64) UnmarshalJSON(text []byte) error {
	*b = Base64{}
	if bytes.Equal(text, []byte("null")) {
		return nil
	}
	if valueKind(text) != "string" {
		return &json.UnmarshalTypeError{Value: valueKind(text), Type: reflect.TypeFor[string]()}
	}
	b.file = attachmentNumber(text)
	raw, err := unquote(text)
	if err != nil {
		return err
	}
	b.data, b.bad = decodeBase64(raw)
	return nil
}

// Empty reports whether there is no text, or an empty one.
func (b *Base64) Empty() bool { return b.bad == nil && len(b.data) == 0 }

// Bytes returns the file, or an Invalid error about the given field when the
// text was empty, absent or not base64. The caller owns the bytes.
func (b *Base64) Bytes(field string) ([]byte, error) {
	if b.bad != nil {
		e := face.FieldErrorf(field, "%s is not valid base64", field)
		e.Err = b.bad
		return nil, e
	}
	if len(b.data) == 0 {
		return nil, face.FieldErrorf(field, "image data is empty: %s must hold a picture as base64", field)
	}
	return b.data, nil
}

// unquote returns the content of a JSON string, without a copy where it has no
// escapes.
func unquote(text []byte) ([]byte, error) {
	if bytes.IndexByte(text, '\\') < 0 {
		return text[1 : len(text)-1], nil
	}
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, err
	}
	return []byte(s), nil
}

var errDataURL = errors.New("a data URL that is not base64")

func decodeBase64(text []byte) ([]byte, error) {
	text, err := cutDataURL(bytes.TrimSpace(text))
	if err != nil {
		return nil, err
	}
	if bytes.IndexByte(text, ' ') >= 0 || bytes.IndexByte(text, '\t') >= 0 { // line breaks are the decoder's to skip
		text = bytes.Map(dropBlank, text)
	}
	return decodeLetters(text)
}

// decodeLetters is decodeBase64 for text that has nothing but base64 in it, and line
// breaks.
func decodeLetters(text []byte) ([]byte, error) {
	unpadded := bytes.TrimRight(text, "=\r\n")
	if bytes.Count(text[len(unpadded):], []byte("=")) > 2 {
		return nil, base64.CorruptInputError(len(unpadded))
	}
	out := make([]byte, base64.RawStdEncoding.DecodedLen(len(unpadded)))
	n, err := base64.RawStdEncoding.Decode(out, unpadded)
	if err != nil {
		return nil, err
	}
	return out[:n], nil
}

func cutDataURL(text []byte) ([]byte, error) {
	const scheme = "data:"
	if len(text) < len(scheme) || !bytes.EqualFold(text[:len(scheme)], []byte(scheme)) {
		return text, nil
	}
	head, rest, found := bytes.Cut(text, []byte(","))
	if !found || !bytes.HasSuffix(bytes.ToLower(head), []byte(";base64")) {
		return nil, errDataURL
	}
	return rest, nil
}

func dropBlank(r rune) rune {
	if r == ' ' || r == '\t' {
		return -1
	}
	return r
}
