package main_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestSwaggerExamplesRun sends the request bodies that the Swagger page offers,
// as they stand, in the order that the page suggests.
func TestSwaggerExamplesRun(t *testing.T) {
	t.Parallel()
	s := start(t, embedded(t))
	doc := want[swaggerDoc](s, http.StatusOK, "GET", "/swagger/smartface/doc.json", nil)
	for _, op := range []struct {
		method, path string
		status       int
	}{
		{"put", "/api/v1/Watchlists", 200},
		{"post", "/api/v1/Watchlists", 201},
		{"post", "/api/v1/WatchlistMembers/Register", 201},
		{"put", "/api/v1/WatchlistMembers", 200},
		{"post", "/api/v1/WatchlistMembers", 201},
		{"post", "/api/v1/WatchlistMembers/UnlinkFromWatchlist", 204},
		{"post", "/api/v1/WatchlistMembers/LinkToWatchlist", 204},
		{"post", "/api/v1/WatchlistMembers/{id}/AddNewFace", 201},
		{"post", "/api/v1/WatchlistMembers/{id}/AddFaceFromSystem", 409}, // it is the member's already
		{"post", "/api/v1/WatchlistMembers/{id}/RemoveFace", 204},
		{"post", "/api/v1/Faces/Verify", 200},
		{"post", "/api/v1/Watchlists/Search", 200},
	} {
		body := doc.example(t, op.method, op.path)
		path := strings.Replace(op.path, "{id}", doc.pathExample(op.method, op.path, "id"), 1)
		status, answer, err := s.call(strings.ToUpper(op.method), path, body)
		if err != nil || status != op.status {
			t.Fatalf("%s %s with its example: status %d, want %d (%v): %.500s", op.method, op.path, status, op.status, err, answer)
		}
		if op.path == "/api/v1/Watchlists/Search" && !strings.Contains(string(answer), `"watchlistMemberId":"barack"`) {
			t.Errorf("the example search does not find the example person: %s", answer)
		}
	}
}

// swaggerDoc is what the test reads of the document.
type swaggerDoc struct {
	Paths       map[string]map[string]swaggerOp
	Definitions map[string]swaggerSchema
}

type swaggerOp struct {
	Parameters []struct {
		In      string
		Name    string
		Example any
		Schema  swaggerSchema
	}
}

type swaggerSchema struct {
	Ref        string `json:"$ref"`
	Type       string
	Example    any
	Default    any
	Enum       []any
	Items      *swaggerSchema
	AllOf      []swaggerSchema
	Properties map[string]swaggerSchema
}

// example returns the body that the page shows for an operation.
func (d swaggerDoc) example(t *testing.T, method, path string) any {
	t.Helper()
	for _, p := range d.Paths[path][method].Parameters {
		if p.In == "body" {
			return d.sample(p.Schema)
		}
	}
	t.Fatalf("%s %s has no body in the document", method, path)
	return nil
}

// pathExample returns what the page fills in for a parameter of a path.
func (d swaggerDoc) pathExample(method, path, name string) string {
	for _, p := range d.Paths[path][method].Parameters {
		if p.In == "path" && p.Name == name {
			return fmt.Sprint(p.Example)
		}
	}
	return ""
}

// sample makes a value of a schema as Swagger UI does.
func (d swaggerDoc) sample(s swaggerSchema) any {
	switch {
	case s.Ref != "":
		return d.sample(d.Definitions[strings.TrimPrefix(s.Ref, "#/definitions/")])
	case s.Example != nil:
		return s.Example
	case len(s.AllOf) > 0:
		return d.sample(s.AllOf[0])
	case s.Default != nil:
		return s.Default
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Items != nil:
		return []any{d.sample(*s.Items)}
	case s.Properties != nil:
		out := map[string]any{}
		for name, p := range s.Properties {
			out[name] = d.sample(p)
		}
		return out
	}
	return map[string]any{"boolean": true, "integer": 0, "number": 0, "string": "string"}[s.Type]
}
