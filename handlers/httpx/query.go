package httpx

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
)

// Query is the query of a request, with names in any case.
type Query struct {
	values url.Values
}

// ParseQuery reads the query of a request. It returns an Invalid error for one
// that is not URL-encoded, which net/http would drop in silence.
func ParseQuery(c *gin.Context) (Query, error) {
	values, err := url.ParseQuery(c.Request.URL.RawQuery)
	if err != nil {
		return Query{}, face.Wrap(face.Invalid, err, "the query of the address is not URL-encoded")
	}
	return Query{values: values}, nil
}

// Text returns the first value of a name and whether there is one.
func (q Query) Text(name string) (string, bool) {
	if v := q.values[name]; len(v) > 0 {
		return v[0], true
	}
	if v := q.values[q.spelling(name)]; len(v) > 0 {
		return v[0], true
	}
	return "", false
}

// Int returns an integer of a query, or the default without one. It returns an
// Invalid error unless it is within least and most.
func (q Query) Int(name string, def, least, most int) (int, error) {
	text, ok := q.Text(name)
	if !ok {
		return def, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, face.FieldErrorf(name, "%s must be an integer between %d and %d", name, least, most)
	}
	return n, nil
}

// Bool returns a boolean of a query, false without one.
func (q Query) Bool(name string) (bool, error) {
	text, ok := q.Text(name)
	switch {
	case !ok, strings.EqualFold(text, "false"):
		return false, nil
	case strings.EqualFold(text, "true"):
		return true, nil
	}
	return false, face.FieldErrorf(name, "%s must be true or false", name)
}

// With returns the query as text with a name set to a value, in the spelling
// the client used for it, and all else as it was.
func (q Query) With(name, value string) string {
	out := maps.Clone(q.values)
	spelling := name
	if _, ok := out[name]; !ok {
		if s := q.spelling(name); s != "" {
			spelling = s
		}
	}
	out[spelling] = []string{value}
	return out.Encode()
}

// spelling returns how the client spelt a name: of several ways the first in
// the order of the alphabet, so that the answer does not depend on chance.
func (q Query) spelling(name string) string {
	var found []string
	for k := range q.values {
		if strings.EqualFold(k, name) {
			found = append(found, k)
		}
	}
	if len(found) == 0 {
		return ""
	}
	return slices.Min(found)
}
