// Package regula holds the generated OpenAPI 2.0 document of the Regula
// dialect. "make verify" regenerates it and compares.
package regula

import _ "embed"

// Document is the document as it was generated from the annotations of
// handlers/regula.
//
//go:embed regula_swagger.json
var Document string
