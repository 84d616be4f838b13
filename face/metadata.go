package face

import (
	"encoding/json"
	"maps"
	"slices"
	"unicode/utf8"
)

// Metadata returns the labels of a member and its Extra as one JSON object, for
// dialects that attach objects to people instead of labels: a label is a string,
// labels of one key are an array of strings. Where a key is in both, the labels are
// told, which every dialect can change.
func (m Member) Metadata() map[string]json.RawMessage {
	object := map[string]json.RawMessage{}
	if len(m.Extra) > 0 {
		_ = json.Unmarshal(m.Extra, &object) // it was made by SetMetadata
	}
	values := map[string][]string{}
	for _, l := range m.Labels {
		values[l.Key] = append(values[l.Key], l.Value)
	}
	for key, all := range values {
		if len(all) == 1 {
			object[key] = mustMarshal(all[0])
		} else {
			object[key] = mustMarshal(all)
		}
	}
	return object
}

// SetMetadata replaces the labels of a member and its Extra by a JSON object, so
// that Metadata returns it again: strings, and arrays of two strings or more, become
// labels as far as labels may be so long; the rest becomes Extra.
func (m *Member) SetMetadata(object map[string]json.RawMessage) {
	m.Labels, m.Extra = nil, nil
	extra := map[string]json.RawMessage{}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		values, ok := labelValues(key, object[key])
		if !ok {
			extra[key] = object[key]
			continue
		}
		for _, v := range values {
			m.Labels = append(m.Labels, Label{Key: key, Value: v})
		}
	}
	if len(extra) > 0 {
		m.Extra = mustMarshal(extra)
	}
}

// labelValues returns the values of the labels that a value of metadata becomes;
// false if it becomes none.
func labelValues(key string, value json.RawMessage) ([]string, bool) {
	var one string
	var many []string
	switch {
	case len(value) == 0 || utf8.RuneCountInString(key) > MaxLabelKeyLength:
		return nil, false
	case value[0] == '"' && json.Unmarshal(value, &one) == nil:
		many = []string{one}
	case value[0] == '[' && isStrings(value) && json.Unmarshal(value, &many) == nil && len(many) > 1:
	default:
		return nil, false
	}
	for _, v := range many {
		if utf8.RuneCountInString(v) > MaxLabelValueLength || !plain(v) {
			return nil, false
		}
	}
	return many, plain(key)
}

// isStrings reports whether a JSON array holds strings alone: null would be read as
// an empty one.
func isStrings(array json.RawMessage) bool {
	var values []json.RawMessage
	return json.Unmarshal(array, &values) == nil &&
		!slices.ContainsFunc(values, func(v json.RawMessage) bool { return len(v) == 0 || v[0] != '"' })
}

// plain reports whether a text may be a label: it has no control characters.
func plain(text string) bool {
	for _, r := range text {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return false
		}
	}
	return true
}

// mustMarshal encodes what is made of strings and of JSON, which cannot fail.
func mustMarshal(v any) json.RawMessage {
	out, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return out
}
