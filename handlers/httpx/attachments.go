package httpx

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
)

// attachments are the files that a JSON text holds as base64, decoded. encoding/json
// looks at each byte of a text several times, which for a picture takes as long as a
// model. So its text is taken out first, and what is left is read as JSON.
type attachments [][]byte

const (
	// leastAttachment is the length of text below which a detour does not pay.
	leastAttachment = 4096

	// placeholder begins what stands in the text in place of an attachment; its number
	// follows. It is no base64, so that none is ever mistaken for a file.
	placeholder = `"\u0000attachment `
)

// detach takes the attachments out of a JSON text. There are none if it has no string
// that is one without doubt: base64 in one piece, perhaps a data URL.
func detach(text []byte) (short []byte, files attachments) {
	from := 0
	for i := 0; i < len(text); i++ {
		if text[i] != '"' {
			continue
		}
		n := stringEnd(text[i+1:])
		if n > leastAttachment {
			if file, ok := wholeBase64(text[i+1 : i+n]); ok {
				short = append(append(short, text[from:i]...), placeholder...)
				short = append(strconv.AppendInt(short, int64(len(files)), 10), '"')
				files = append(files, file)
				from = i + n + 1
			}
		}
		i += n
	}
	short = append(short, text[from:]...)
	if bytes.Count(short, []byte(placeholder)) != len(files) {
		return nil, nil // a client wrote one of its own
	}
	return short, files
}

// wholeBase64 decodes the content of a JSON string, unless there is anything in it
// that JSON or base64 would have to look at closer.
func wholeBase64(text []byte) ([]byte, bool) {
	if len(text) > 0 && text[0] == 'd' {
		const longestHead = 64
		comma := bytes.IndexByte(text[:min(len(text), longestHead)], ',')
		if comma < 0 || bytes.ContainsFunc(text[:comma], func(r rune) bool { return r < ' ' || r > '~' || r == '\\' }) {
			return nil, false
		}
		rest, err := cutDataURL(text)
		if err != nil || len(rest) == len(text) {
			return nil, false
		}
		text = rest
	}
	if bytes.IndexByte(text, '\n') >= 0 || bytes.IndexByte(text, '\r') >= 0 { // base64 skips them, JSON may not have them
		return nil, false
	}
	file, err := decodeLetters(text)
	return file, err == nil
}

// into decodes the short text into req, a pointer to a struct, and puts the files into
// the fields that they were the text of. It reports whether that went without any
// doubt; if not, req is as it was.
func (files attachments) into(req any, short []byte) bool {
	v := reflect.ValueOf(req).Elem()
	before := reflect.New(v.Type()).Elem()
	before.Set(v)
	if json.Unmarshal(short, req) == nil && files.attach(v) == len(files) {
		return true
	}
	v.Set(before)
	return false
}

// attach puts the files into every Base64 that stands for one, and returns how many
// there were.
func (files attachments) attach(v reflect.Value) int {
	n := 0
	switch v.Kind() { //nolint:exhaustive // the kinds that can hold a Base64
	case reflect.Pointer:
		if !v.IsNil() {
			n = files.attach(v.Elem())
		}
	case reflect.Slice, reflect.Array:
		if e := v.Type().Elem().Kind(); e == reflect.Struct || e == reflect.Pointer {
			for i := range v.Len() {
				n += files.attach(v.Index(i))
			}
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[Base64]() {
			return attachTo(v, files)
		}
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() || v.Type().Field(i).Anonymous {
				n += files.attach(f)
			}
		}
	}
	return n
}

// attachTo puts the file into a Base64 that stands for one, and returns 1 if it does.
func attachTo(v reflect.Value, files attachments) int {
	if !v.CanSet() {
		return 0
	}
	b, ok := reflect.TypeAssert[*Base64](v.Addr())
	if !ok || b.file == 0 || b.file > len(files) {
		return 0
	}
	*b = Base64{data: files[b.file-1]}
	return 1
}

// attachmentNumber returns which attachment, from 1, a JSON string stands for; 0 if
// none.
func attachmentNumber(text []byte) int {
	digits, ok := bytes.CutPrefix(text, []byte(placeholder))
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(string(bytes.TrimSuffix(digits, []byte(`"`))))
	if err != nil || n < 0 {
		return 0
	}
	return n + 1
}
