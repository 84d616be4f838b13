package smartface

import (
	_ "embed"
	"slices"

	swagger "github.com/facekeep/facekeep/docs/swagger/smartface"
	"github.com/facekeep/facekeep/handlers/apidoc"
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
	doc, err := apidoc.Parse(swagger.Document)
	if err != nil {
		return nil, err
	}
	doc.ExemplifyNulls()
	picture := map[string]any{"data": examplePicture}
	if err := doc.Exemplify(map[string]any{
		"ImageData": picture, "RegistrationImageData": picture,
		"AddNewFaceRequest": map[string]any{"imageData": map[string]any{"faceId": exampleFaceID, "data": examplePicture}},
	}); err != nil {
		return nil, err
	}
	for _, op := range doc.Operations() {
		documentFaults(op)
	}
	return doc.JSON()
}

// documentFaults adds the statuses that the contract leaves out, and the media type of
// their bodies. Version, which asks nobody else, has no faults of others.
func documentFaults(op apidoc.Object) {
	const problems, schema = "application/problem+json", "ProblemDetails"
	if media, _ := op["produces"].([]any); !slices.Contains(media, any(problems)) {
		op["produces"] = append(media, problems)
	}
	if len(op.Responses()) > 1 {
		op.AddFaults(schema, apidoc.Faults(map[string]string{"408": "Request has timed out."}))
	}
	op.AddFaults(schema, apidoc.Refusals())
}
