// Package apidoc completes the generated OpenAPI 2.0 document of a dialect before it is
// served: with examples that run as they stand, and with what the annotations of
// handlers would have to say again and again.
package apidoc

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Document is a document under way.
type Document struct {
	Definitions map[string]Object
	Paths       map[string]map[string]Object // operations by path and method

	all map[string]any
}

// Object is a JSON object: a schema, an operation.
type Object map[string]any

// Parse reads a generated document.
func Parse(generated string) (*Document, error) {
	d := &Document{}
	for _, v := range []any{&d.all, d} {
		if err := json.Unmarshal([]byte(generated), v); err != nil {
			return nil, fmt.Errorf("generated document: %w", err)
		}
	}
	return d, nil
}

// JSON writes the document.
func (d *Document) JSON() ([]byte, error) {
	all := maps.Clone(d.all)
	all["definitions"], all["paths"] = d.Definitions, d.Paths
	return json.Marshal(all)
}

// Definition returns a schema by its name; that there is none is an error.
func (d *Document) Definition(name string) (Object, error) {
	if d.Definitions[name] == nil {
		return nil, fmt.Errorf("generated document: no definition of %s", name)
	}
	return d.Definitions[name], nil
}

// Exemplify gives definitions whole examples. Bytes in them are written as base64.
func (d *Document) Exemplify(examples map[string]any) error {
	for name, example := range examples {
		schema, err := d.Definition(name)
		if err != nil {
			return err
		}
		schema["example"] = example
	}
	return nil
}

// ExemplifyNulls gives null as the example of what may be null and has no example of
// its own: the page would make up a value.
func (d *Document) ExemplifyNulls() {
	for _, schema := range d.Definitions {
		properties, _ := schema["properties"].(map[string]any)
		for _, p := range properties {
			property, _ := p.(map[string]any)
			_, has := property["example"]
			if nullable, _ := property["x-nullable"].(bool); nullable && !has && property["items"] == nil {
				property["example"] = nil
			}
		}
	}
}

// Operations returns all operations.
func (d *Document) Operations() []Object {
	var out []Object
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(d.Paths[path])) {
			out = append(out, d.Paths[path][method])
		}
	}
	return out
}

// Faults are what every server answers some day, by status: those that contracts leave
// out. A body over its limit (413) is for operations that take one.
func Faults(more map[string]string) map[string]string {
	out := map[string]string{
		"413": "The request body is over its limit.", "500": "There was a fault in the server.",
		"503": "Too many requests, or a part of the server is not there: see Retry-After.",
	}
	maps.Copy(out, more)
	return out
}

// Refusals are what a server answers that asks for keys, by status.
func Refusals() map[string]string {
	return map[string]string{
		"401": "No API key was given, or none that is valid.", "403": "The API key does not allow this.",
	}
}

// AddFaults documents faults of an operation, as far as it does not itself, with the
// schema of their bodies: a client that is generated from the document can read them.
func (op Object) AddFaults(schema string, faults map[string]string) {
	responses := op.Responses()
	for status, says := range faults {
		if _, there := responses[status]; !there && (status != "413" || op["consumes"] != nil) {
			responses[status] = map[string]any{"description": says, "schema": map[string]any{"$ref": "#/definitions/" + schema}}
		}
	}
}

// Responses returns the responses of an operation, by status.
func (op Object) Responses() map[string]any {
	responses, _ := op["responses"].(map[string]any)
	return responses
}
