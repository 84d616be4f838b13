package contracttest

import (
	"encoding/json"
	"mime"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// Answer is what a server answered.
type Answer struct {
	Method string
	Route  string // the path as the documents have it
	Status int
	Header http.Header
	Body   []byte
}

// Check holds an answer to every document: a success is documented and keeps its
// schema, an error is a problem that tells something.
func (d Documents) Check(tb testing.TB, a Answer) {
	tb.Helper()
	d.CheckAs(tb, a, Problems)
}

// CheckAs is Check where errors look like an envelope.
func (d Documents) CheckAs(tb testing.TB, a Answer, errors Envelope) {
	tb.Helper()
	for name, doc := range d {
		a.checkBody(tb, name, a.schema(tb, doc, errors.Schema))
	}
	if a.Status >= http.StatusBadRequest {
		errors.Check(tb, a)
	}
}

// schema returns the schema of the body, nil for none. Statuses of errors that an
// operation does not document are problems.
func (a Answer) schema(tb testing.TB, doc *openapi3.T, otherwise string) *openapi3.Schema {
	tb.Helper()
	problem := doc.Components.Schemas[otherwise].Value
	item := doc.Paths.Find(a.Route)
	if item == nil || item.GetOperation(a.Method) == nil {
		return problem
	}
	res := item.GetOperation(a.Method).Responses.Status(a.Status)
	if res == nil {
		if a.Status < http.StatusBadRequest {
			tb.Errorf("%s %s: status %d is not documented", a.Method, a.Route, a.Status)
		}
		return problem
	}
	for _, content := range res.Value.Content {
		return content.Schema.Value
	}
	if a.Status >= http.StatusBadRequest {
		return problem
	}
	return nil
}

func (a Answer) checkBody(tb testing.TB, name string, schema *openapi3.Schema) {
	tb.Helper()
	media, _, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
	switch {
	case schema == nil || a.Status == http.StatusNoContent:
		if len(a.Body) > 0 || a.Header.Get("Content-Type") != "" {
			tb.Errorf("%s: %s %s: status %d with a body: %s", name, a.Method, a.Route, a.Status, a.Body)
		}
	case schema.Format == "binary":
		if !slices.Contains([]string{"image/jpeg", "image/png", "image/webp"}, media) {
			tb.Errorf("%s: %s %s: content type %q, want that of a picture", name, a.Method, a.Route, media)
		}
	case !strings.HasSuffix(media, "json") || err != nil:
		tb.Fatalf("%s: %s %s: content type %q of %s, want JSON", name, a.Method, a.Route, media, a.Body)
	default:
		a.checkJSON(tb, name, schema)
	}
}

func (a Answer) checkJSON(tb testing.TB, name string, schema *openapi3.Schema) {
	tb.Helper()
	var value any
	if err := json.Unmarshal(a.Body, &value); err != nil {
		tb.Fatalf("%s: %s %s: body %s: %v", name, a.Method, a.Route, a.Body, err)
	}
	if err := schema.VisitJSON(value, openapi3.MultiErrors()); err != nil {
		tb.Errorf("%s: %s %s: status %d: %s\ndoes not keep the schema: %v", name, a.Method, a.Route, a.Status, a.Body, err)
	}
}
