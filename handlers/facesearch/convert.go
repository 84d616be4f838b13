package facesearch

import (
	"encoding/json"
	"maps"
	"net/http"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// required returns a text that must be there, and not be empty.
func required(field string, text *string) (string, error) {
	if text == nil || *text == "" {
		return "", face.FieldErrorf(field, "%s is required", field)
	}
	return *text, nil
}

// pictureOf returns the file that a request holds. One that is absent is a fault of
// the request; one that is no base64 of a JPEG or PNG file cannot be decoded.
func pictureOf(field string, text *httpx.Base64) ([]byte, error) {
	if text == nil {
		return nil, face.FieldErrorf(field, "%s is required", field)
	}
	data, err := text.Bytes(field)
	if err != nil {
		return nil, pictureError{err}
	}
	switch http.DetectContentType(data) {
	case "image/jpeg", "image/png":
		return data, nil
	}
	return nil, pictureError{face.FieldErrorf(field, "%s is neither a JPEG nor a PNG file", field)}
}

// metadataOf tells a member's metadata with strings for values: what another dialect
// attached that is no string is told as JSON text.
func metadataOf(m face.Member) map[string]string {
	out := map[string]string{}
	for key, value := range m.Metadata() {
		out[key] = textOf(value)
	}
	return out
}

// textOf returns the text of a JSON string, and any other value as it is written.
func textOf(value json.RawMessage) string {
	var text string
	if len(value) > 0 && value[0] == '"' && json.Unmarshal(value, &text) == nil {
		return text
	}
	return string(value)
}

// mergeMetadata changes metadata key by key; nil deletes a key. What is not named
// stays as it is, whatever dialect attached it.
func mergeMetadata(m *face.Member, changes map[string]*string) {
	object := maps.Clone(m.Metadata())
	for key, value := range changes {
		delete(object, key)
		if value != nil {
			object[key] = jsonText(*value)
		}
	}
	m.SetMetadata(object)
}

// metadata returns strings as a member's metadata.
func metadata(values map[string]string) map[string]json.RawMessage {
	object := make(map[string]json.RawMessage, len(values))
	for key, value := range values {
		object[key] = jsonText(value)
	}
	return object
}

// jsonText writes a string as JSON, which cannot fail.
func jsonText(s string) json.RawMessage {
	text, _ := json.Marshal(s)
	return text
}
