package gallery

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/facekeep/facekeep/face"
)

// checkWatchlist returns an Invalid error unless w can be stored.
func checkWatchlist(w face.Watchlist) error {
	for _, t := range []struct {
		field, value string
		limit        int
	}{
		{"id", w.ID, face.MaxIDLength},
		{"displayName", w.DisplayName, face.MaxNameLength},
		{"fullName", w.FullName, face.MaxNameLength},
	} {
		if err := checkText(t.field, t.value, t.limit, ""); err != nil {
			return err
		}
	}
	if w.Threshold < 0 || w.Threshold > 100 {
		return face.FieldErrorf("threshold", "threshold must be between 0 and 100, but is %d", w.Threshold)
	}
	if !isColor(w.PreviewColor) {
		return face.FieldErrorf("previewColor", "previewColor must look like #01a or #012abc")
	}
	return checkMetadata(len(w.Metadata))
}

// checkMember returns an Invalid error unless m can be stored.
func checkMember(m face.Member) error {
	if err := checkText("id", m.ID, face.MaxIDLength, ""); err != nil {
		return err
	}
	for _, t := range []struct {
		field   string
		value   *string
		limit   int
		allowed string
	}{
		{"displayName", m.DisplayName, face.MaxNameLength, ""},
		{"fullName", m.FullName, face.MaxNameLength, ""},
		{"note", m.Note, face.MaxNoteLength, "\t\r\n"},
	} {
		if t.value == nil {
			continue
		}
		if err := checkText(t.field, *t.value, t.limit, t.allowed); err != nil {
			return err
		}
	}
	if m.ExternalID != nil {
		if err := checkText("externalId", *m.ExternalID, face.MaxIDLength, ""); err != nil {
			return err
		}
	}
	if err := checkMetadata(len(m.Extra)); err != nil {
		return err
	}
	return checkLabels(m.Labels)
}

// checkMetadata returns an Invalid error if so many bytes of metadata are too many.
func checkMetadata(n int) error {
	if n > face.MaxMetadata {
		return face.FieldErrorf("metadata", "metadata has %d bytes, at most %d are allowed", n, face.MaxMetadata)
	}
	return nil
}

// maxLabels bounds the labels of one member.
const maxLabels = 1000

func checkLabels(labels []face.Label) error {
	if len(labels) > maxLabels {
		return face.FieldErrorf("labels", "there are %d labels, at most %d are allowed", len(labels), maxLabels)
	}
	for i, l := range labels {
		if err := checkText(fmt.Sprintf("labels[%d].key", i), l.Key, face.MaxLabelKeyLength, ""); err != nil {
			return err
		}
		if err := checkText(fmt.Sprintf("labels[%d].value", i), l.Value, face.MaxLabelValueLength, "\t\r\n"); err != nil {
			return err
		}
	}
	return nil
}

// checkText returns an Invalid error unless s is at most limit characters of
// text, with no control characters but the allowed ones.
func checkText(field, s string, limit int, allowed string) error {
	if !utf8.ValidString(s) {
		return face.FieldErrorf(field, "%s is not valid UTF-8", field)
	}
	if n := utf8.RuneCountInString(s); n > limit {
		return face.FieldErrorf(field, "%s has %d characters, at most %d are allowed", field, n, limit)
	}
	forbidden := func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune(allowed, r) }
	if i := strings.IndexFunc(s, forbidden); i >= 0 {
		return face.FieldErrorf(field, "%s holds a control character", field)
	}
	return nil
}

// isColor reports whether s is "#" and three or six hexadecimal digits.
func isColor(s string) bool {
	digits, ok := strings.CutPrefix(s, "#")
	if !ok || len(digits) != 3 && len(digits) != 6 {
		return false
	}
	return strings.Trim(digits, "0123456789abcdefABCDEF") == ""
}

// maxIDs bounds the ids that one call names.
const maxIDs = 10000

// checkIDs returns an Invalid error unless there is at least one id, and not
// absurdly many.
func checkIDs(field string, ids []string) error {
	if len(ids) == 0 {
		return face.FieldErrorf(field, "%s must hold at least one id", field)
	}
	return checkFewIDs(field, ids)
}

func checkFewIDs(field string, ids []string) error {
	if len(ids) > maxIDs {
		return face.FieldErrorf(field, "%s holds %d ids, at most %d are allowed", field, len(ids), maxIDs)
	}
	return nil
}
