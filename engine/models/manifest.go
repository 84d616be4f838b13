package models

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/facekeep/facekeep/face"
)

//go:embed manifest.json
var manifestJSON []byte

// Manifest is every model file the project knows.
type Manifest struct {
	Required []Role  `json:"required"` // the roles without which the server does not start
	Models   []Model `json:"models"`
}

// Model is one file of the manifest.
type Model struct {
	File    string        `json:"file"`           // its name in a models folder, without a path
	Packs   map[Pack]Role `json:"packs"`          // the packs it belongs to, and its role in each
	Family  string        `json:"family"`         // what feeds it and reads it: files of one family are handled alike
	Input   string        `json:"input"`          // for people: name, shape, colour order, range
	Output  string        `json:"output"`         // for people: names and meaning
	Licence string        `json:"licence"`        // SPDX identifier, or "none stated"
	Note    string        `json:"note,omitempty"` // what a user should know before relying on it
	Source  Source        `json:"source"`
	SHA256  string        `json:"sha256"` // of the whole file, 64 hex digits in lower case
	Size    int64         `json:"size"`   // bytes
}

// Entry is a model in its role within one pack.
type Entry struct {
	Model

	Role     Role
	Required bool // the server does not start without it
}

// Load returns the manifest the program was built with. It fails only if the
// build is broken.
func Load() (*Manifest, error) { return parse(manifestJSON) }

func parse(data []byte) (*Manifest, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var m Manifest
	if err := dec.Decode(&m); err != nil {
		return nil, fmt.Errorf("models manifest: %w", err)
	}
	if err := m.validate(); err != nil {
		return nil, fmt.Errorf("models manifest: %w", err)
	}
	return &m, nil
}

// Pack returns the entries of a pack, the required ones first. The kind of the
// error is Invalid when there is no such pack.
func (m *Manifest) Pack(name Pack) ([]Entry, error) {
	var required, optional []Entry
	for _, model := range m.Models {
		role, ok := model.Packs[name]
		if !ok {
			continue
		}
		if slices.Contains(m.Required, role) {
			required = append(required, Entry{Model: model, Role: role, Required: true})
			continue
		}
		optional = append(optional, Entry{Model: model, Role: role})
	}
	entries := slices.Concat(required, optional)
	if len(entries) == 0 {
		return nil, face.Errorf(face.Invalid, "unknown model pack %q: want %q, %q, or none to choose by what is there", name, Standard, Registry)
	}
	return entries, nil
}
