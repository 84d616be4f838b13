package smartface

import (
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// timeOrNull is null for the zero time.
func timeOrNull(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	text := httpx.TimeText(t)
	return &text
}

// required returns a text that must be there; "" is there.
func required(field string, text *string) (string, error) {
	if text == nil {
		return "", face.FieldErrorf(field, "%s is required", field)
	}
	return *text, nil
}

// requiredID is required for an id, which cannot be "".
func requiredID(field string, id *string) (string, error) {
	if id == nil || *id == "" {
		return "", face.FieldErrorf(field, "%s is required and must not be empty", field)
	}
	return *id, nil
}

// requiredUUID is required for an id that we made.
func requiredUUID(field string, text *string) (uuid.UUID, error) {
	if text == nil {
		return uuid.Nil, face.FieldErrorf(field, "%s is required", field)
	}
	id, err := uuid.Parse(*text)
	if err != nil {
		return uuid.Nil, face.FieldErrorf(field, "%s must be a UUID", field)
	}
	return id, nil
}

// integer returns an integer of a request within bounds, or the default.
func integer(field string, n *httpx.Int, def, least, most int) (int, error) {
	v := int(httpx.OrDefault(n, httpx.Int(def)))
	if v < least || v > most {
		return 0, face.FieldErrorf(field, "%s must be between %d and %d, and is %d", field, least, most, v)
	}
	return v, nil
}

// idText writes a UUID, null for none.
func idText(id uuid.UUID) *string {
	if id == uuid.Nil {
		return nil
	}
	text := id.String()
	return &text
}

func newLabels(labels []face.Label) []label {
	return httpx.SliceOf(labels, func(l face.Label) label { return label{Key: &l.Key, Value: &l.Value} })
}

func labelsOf(labels []label) []face.Label {
	return httpx.SliceOf(labels, func(l label) face.Label {
		return face.Label{Key: httpx.OrDefault(l.Key, ""), Value: httpx.OrDefault(l.Value, "")}
	})
}
