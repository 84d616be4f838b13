package facesearch

import (
	_ "embed"
	"fmt"

	swagger "github.com/facekeep/facekeep/docs/swagger/facesearch"
	"github.com/facekeep/facekeep/handlers/apidoc"
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
	doc, err := apidoc.Parse(swagger.Document)
	if err != nil {
		return nil, err
	}
	for name, field := range map[string]string{
		"FaceSearchRequest": "face_base_64", "MultiFaceSearchRequest": "multi_face_img_base_64",
		"PersonRequest": "faces_base_64", "FaceRequest": "face_base_64",
	} {
		schema, err := doc.Definition(name)
		if err != nil {
			return nil, err
		}
		if err := showPicture(schema, field); err != nil {
			return nil, fmt.Errorf("generated document: %s: %w", name, err)
		}
	}
	for _, op := range doc.Operations() {
		op.AddFaults("Error", apidoc.Faults(map[string]string{"504": "The work was not finished in time."}))
	}
	return doc.JSON()
}

// showPicture makes the example picture that of a field of a schema, or of its items.
func showPicture(schema apidoc.Object, field string) error {
	properties, _ := schema["properties"].(map[string]any)
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
