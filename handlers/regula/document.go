package regula

import (
	_ "embed"
	"encoding/json"
	"fmt"

	swagger "github.com/facekeep/facekeep/docs/swagger/regula"
)

// examplePicture is a portrait in the public domain, small.
//
//go:embed example.jpg
var examplePicture []byte

// requestExamples are whole bodies that run as they stand. []byte is base64 in
// JSON.
var requestExamples = map[string]any{
	"PersonFields":            map[string]any{"name": "Ann", "externalId": "e1", "metadata": map[string]any{"room": "12"}},
	"PersonToUpdateFields":    map[string]any{"name": "Ann", "metadata": map[string]any{"room": "14"}},
	"GroupToCreate":           map[string]any{"name": "Employees", "metadata": map[string]any{"floor": 3}},
	"UpdateGroup":             map[string]any{"addItems": []string{}, "removeItems": []string{}},
	"AddImageToPersonRequest": map[string]any{"image": map[string]any{"content": examplePicture}},
	"SearchRequest": map[string]any{
		"image": map[string]any{"content": examplePicture}, "groupIds": []string{}, "threshold": defaultThreshold, "limit": 10,
	},
	"MatchRequest": map[string]any{
		"images": []map[string]any{{"index": 1, "data": examplePicture}, {"index": 2, "data": examplePicture}},
	},
	"DetectRequest": map[string]any{
		"image": examplePicture,
		"processParam": map[string]any{
			"onlyCentralFace":   true,
			"outputImageParams": map[string]any{"crop": map[string]any{"type": 0, "size": []int{150, 200}}},
			"quality":           map[string]any{"config": []map[string]any{{"name": "Yaw", "range": []float64{-10, 10}}, {"name": "MouthOpen"}, {"name": "BackgroundUniformity"}}},
			"attributes":        map[string]any{"config": []map[string]any{{"name": "Age"}, {"name": "Mouth"}}},
		},
	},
}

// Document returns the OpenAPI 2.0 document of the dialect as it is served:
// the generated one, with examples of requests that run as they stand, null in those
// of answers where no value is given, and the statuses that every server answers with
// some day.
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
	for name, example := range requestExamples {
		if doc.Definitions[name] == nil {
			return nil, fmt.Errorf("generated document: no definition of %s", name)
		}
		doc.Definitions[name]["example"] = example
	}
	for _, operations := range doc.Paths {
		for _, op := range operations {
			op.documentFaults()
		}
	}
	all["definitions"], all["paths"] = doc.Definitions, doc.Paths
	return json.Marshal(all)
}

// documented is an operation in the document.
type documented map[string]any

// documentFaults adds the statuses that the contract leaves out. The operations
// that tell of the service itself have none of them, and ask for no key.
func (op documented) documentFaults() {
	responses, _ := op["responses"].(map[string]any)
	if tags, _ := op["tags"].([]any); len(tags) == 1 && tags[0] == "health" {
		op["security"] = []any{}
		return
	}
	for status, says := range map[string]string{
		"413": "The request body is over its limit.", "500": "There was a fault in the server.",
		"503": "Too many requests, or a part of the server is not there: see Retry-After.",
		"504": "The work was not finished in time.",
	} {
		if _, there := responses[status]; !there && (status != "413" || op["consumes"] != nil) {
			responses[status] = map[string]any{"description": says, "schema": map[string]any{"$ref": "#/definitions/OperationLog"}}
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
