package apikey

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// maxWatchlists bounds the watchlists of one key, which are read with each
// request.
const maxWatchlists = 1000

func (r *Request) check(now time.Time) error {
	if err := checkText("name", r.Name, face.MaxNameLength); err != nil {
		return err
	}
	if _, err := uuid.Parse(r.Name); err == nil {
		return face.FieldErrorf("name", "name must not look like an id, or nobody could tell which is meant")
	}
	if _, err := face.ParseRole(r.Role.String()); err != nil {
		return err
	}
	if len(r.Watchlists) > maxWatchlists {
		return face.FieldErrorf("watchlist", "a key is for %d watchlists at most, or for all", maxWatchlists)
	}
	for _, id := range r.Watchlists {
		if err := checkText("watchlist", id, face.MaxIDLength); err != nil {
			return err
		}
	}
	if !r.ExpiresAt.IsZero() && !r.ExpiresAt.After(now) {
		return face.FieldErrorf("expires", "expires must be in the future")
	}
	return nil
}

func checkText(field, text string, limit int) error {
	if n := utf8.RuneCountInString(text); n < 1 || n > limit {
		return face.FieldErrorf(field, "%s must have 1 to %d characters", field, limit)
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		return face.FieldErrorf(field, "%s must be UTF-8 without control characters", field)
	}
	return nil
}

// distinct returns the ids, each once, in order.
func distinct(ids []string) []string {
	out := slices.Sorted(slices.Values(ids))
	return slices.Compact(out)
}
