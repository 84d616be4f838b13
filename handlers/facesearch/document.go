package facesearch

import (
	_ "embed"
	"encoding/json"
	"fmt"

	swagger "github.com/facekeep/facekeep/docs/swagger/facesearch"
)

// examplePicture is a portrait in the public domain, small, in which there is one
// face.
//
//go:embed example.jpg
var examplePicture []byte

// Document returns the OpenAPI 2.0 document of the dialect as it is served: the
// generated one, with a real picture in the examples of requests, so that they run as
// they stand, and the statuses that every server answers with some day.
func Document() ([]byte, error) {
	var doc struct {
		Definitions map[string]definition
		Paths       map[string]map[string]documented
	}
	var all map[string]any
	for _, v := range []any{&all, &doc} {
		if err := json.Unmarshal([]byte(swagger.Document), v); err != nil {
			return nil, fmt.Errorf("generated document: %w", err)
		}
	}
	for name, field := range map[string]string{
		"FaceSearchRequest": "face_base_64", "MultiFaceSearchRequest": "multi_face_img_base_64",
		"PersonRequest": "faces_base_64", "FaceRequest": "face_base_64",
	} {
		if err := doc.Definitions[name].showPicture(field); err != nil {
			return nil, fmt.Errorf("generated document: %s: %w", name, err)
		}
	}
	for _, operations := range doc.Paths {
		for _, op := range operations {
			op.documentFaults()
		}
	}
	all["definitions"], all["paths"] = doc.Definitions, doc.Paths
	return json.Marshal(all)
}

// definition is a schema of the document.
type definition map[string]any

// showPicture makes the example picture that of a field, or of its items.
func (d definition) showPicture(field string) error {
	properties, _ := d["properties"].(map[string]any)
	property, _ := properties[field].(map[string]any)
	if property == nil {
		return fmt.Errorf("no field %s", field)
	}
	if property["type"] == "array" {
		property["example"] = [][]byte{examplePicture} // []byte is base64 in JSON
	} else {
		property["example"] = examplePicture
	}
	return nil
}

// documented is an operation in the document.
type documented map[string]any

// documentFaults adds the statuses that the contract leaves out, so that a client that
// is generated from the document can read them.
func (op documented) documentFaults() {
	responses, _ := op["responses"].(map[string]any)
	for status, says := range map[string]string{
		"413": "The request body is over its limit.", "500": "There was a fault in the server.",
		"503": "Too many requests, or a part of the server is not there: see Retry-After.",
		"504": "The work was not finished in time.",
	} {
		if status != "413" || op["consumes"] != nil {
			responses[status] = map[string]any{"description": says, "schema": map[string]any{"$ref": "#/definitions/Error"}}
		}
	}
}
