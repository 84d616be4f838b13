package smartface

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	swagger "github.com/facekeep/facekeep/docs/swagger/smartface"
)

// examplePicture is a portrait in the public domain, small, in which exactly one
// face counts with the default settings.
//
//go:embed example.jpg
var examplePicture []byte

// exampleFaceID is what the example of AddNewFace calls its face, so that the
// examples of the operations on faces have one to speak of.
const exampleFaceID = "497f6eca-6276-4993-bfeb-53cbbbba6f08"

// Document returns the OpenAPI 2.0 document of the dialect as it is served:
// the generated one, with a real picture in the examples of requests, so that
// they run as they stand, and null in those of answers where no value is given.
func Document() ([]byte, error) {
	var doc struct {
		Definitions map[string]map[string]any
		Paths       map[string]map[string]documented
	}
	var all map[string]any
	for _, v := range []any{&all, &doc} {
		if err := json.Unmarshal([]byte(swagger.Document), v); err != nil {
			return nil, fmt.Errorf("generated document: %w", err)
		}
	}
	for _, schema := range doc.Definitions {
		exemplifyNulls(schema)
	}
	for _, name := range []string{"ImageData", "RegistrationImageData"} {
		if doc.Definitions[name] == nil {
			return nil, fmt.Errorf("generated document: no definition of %s", name)
		}
		doc.Definitions[name]["example"] = map[string]any{"data": examplePicture} // []byte is base64 in JSON
	}
	if doc.Definitions["AddNewFaceRequest"] == nil {
		return nil, errors.New("generated document: no definition of AddNewFaceRequest")
	}
	doc.Definitions["AddNewFaceRequest"]["example"] = map[string]any{
		"imageData": map[string]any{"faceId": exampleFaceID, "data": examplePicture},
	}
	all["definitions"] = doc.Definitions
	for _, operations := range doc.Paths {
		for _, op := range operations {
			op.documentFaults()
		}
	}
	all["paths"] = doc.Paths
	return json.Marshal(all)
}

// documented is an operation in the document.
type documented map[string]any

// refusals are the statuses of a server that asks for keys.
var refusals = map[string]string{
	"401": "No API key was given, or none that is valid.", "403": "The API key does not allow this.",
}

// faults are the statuses that every server has some day.
var faults = map[string]string{
	"408": "Request has timed out.", "413": "The request body is over its limit.",
	"500": "There was a fault in the server.", "503": "Too many requests, or a part of the server is not there: see Retry-After.",
}

// documentFaults adds the statuses that the contract leaves out, and the media type of
// their bodies: a client that is generated from the document can read them. Version,
// which asks nobody else, has no faults of others.
func (op documented) documentFaults() {
	const problems = "application/problem+json"
	if media, _ := op["produces"].([]any); !slices.Contains(media, any(problems)) {
		op["produces"] = append(media, problems)
	}
	responses, _ := op["responses"].(map[string]any)
	if len(responses) > 1 {
		op.document(responses, faults)
	}
	op.document(responses, refusals)
}

func (op documented) document(responses map[string]any, statuses map[string]string) {
	for status, says := range statuses {
		if _, there := responses[status]; !there && (status != "413" || op["consumes"] != nil) {
			responses[status] = map[string]any{"description": says, "schema": map[string]any{"$ref": "#/definitions/ProblemDetails"}}
		}
	}
}

// exemplifyNulls gives null as the example of what may be null and has no
// example of its own: the page would make up a value.
func exemplifyNulls(schema map[string]any) {
	properties, _ := schema["properties"].(map[string]any)
	for _, p := range properties {
		property, _ := p.(map[string]any)
		_, has := property["example"]
		if nullable, _ := property["x-nullable"].(bool); nullable && !has && property["items"] == nil {
			property["example"] = nil
		}
	}
}
