// Package smartface holds the generated OpenAPI 2.0 document of the SmartFace
// dialect. "make verify" regenerates it and compares.
package smartface

import _ "embed"

// Document is the document as it was generated from the annotations of
// handlers/smartface.
//
//go:embed smartface_swagger.json
var Document string
