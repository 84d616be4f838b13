// Package facesearch holds the generated OpenAPI 2.0 document of the face-search
// dialect. "make verify" regenerates it and compares.
package facesearch

import _ "embed"

// Document is the document as it was generated from the annotations of
// handlers/facesearch.
//
//go:embed facesearch_swagger.json
var Document string
