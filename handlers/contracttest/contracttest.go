// Package contracttest holds answers of the dialect to the documents that
// describe them. It is for tests.
package contracttest

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
)

// Names of documents.
const (
	Served   = "served document"
	Contract = "contract"
)

// Documents are what answers are held to, by name.
type Documents map[string]*openapi3.T

// Load reads the document that a server serves, in OpenAPI 2.0, and, where there
// is one, the file of the contract, in OpenAPI 3.0. Without the file the served
// document stands alone.
func Load(served []byte, contract string) (Documents, error) {
	var v2 openapi2.T
	if err := json.Unmarshal(served, &v2); err != nil {
		return nil, fmt.Errorf("%s: %w", Served, err)
	}
	v3, err := openapi2conv.ToV3(&v2)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", Served, err)
	}
	docs := Documents{Served: v3}
	if _, err := os.Stat(contract); err != nil {
		return docs, nil //nolint:nilerr // the contract need not be here
	}
	if docs[Contract], err = openapi3.NewLoader().LoadFromFile(contract); err != nil {
		return nil, fmt.Errorf("%s: %w", Contract, err)
	}
	return docs, nil
}
