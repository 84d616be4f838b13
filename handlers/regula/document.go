package regula

import (
	_ "embed"

	swagger "github.com/facekeep/facekeep/docs/swagger/regula"
	"github.com/facekeep/facekeep/handlers/apidoc"
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
	doc, err := apidoc.Parse(swagger.Document)
	if err != nil {
		return nil, err
	}
	doc.ExemplifyNulls()
	if err := doc.Exemplify(requestExamples); err != nil {
		return nil, err
	}
	for _, op := range doc.Operations() {
		documentFaults(op)
	}
	return doc.JSON()
}

// documentFaults adds the statuses that the contract leaves out. The operations that
// tell of the service itself have none of them, and ask for no key.
func documentFaults(op apidoc.Object) {
	if tags, _ := op["tags"].([]any); len(tags) == 1 && tags[0] == "health" {
		op["security"] = []any{}
		return
	}
	const schema = "OperationLog"
	op.AddFaults(schema, apidoc.Faults(map[string]string{"504": "The work was not finished in time."}))
	op.AddFaults(schema, apidoc.Refusals())
}
