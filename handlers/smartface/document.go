package smartface

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"

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
	var doc struct{ Definitions map[string]map[string]any }
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
	return json.Marshal(all)
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
