package models

import (
	"fmt"
	"maps"
	"slices"

	"github.com/facekeep/facekeep/face"
)

// Set is the files of one pack as they were found on this machine. It is what
// the server starts with; it does not change and may be shared.
type Set struct {
	pack  Pack
	files map[Role]located
}

// located is a model and where it lies.
type located struct {
	model Model
	path  string
}

// Resolve finds the files of a pack in dirs. Automatic takes the standard pack
// if all it requires is there, else the registry pack. Files that are not
// required may be absent. The bytes are checked when they are read, not here.
// Where required files are missing, the error is of the kind Unavailable and
// holds a *MissingError.
func (m *Manifest) Resolve(pack Pack, dirs []string) (Set, error) {
	wanted := []Pack{pack}
	if pack == Automatic {
		wanted = []Pack{Standard, Registry}
	}
	missing := &MissingError{Dirs: dirs}
	for _, name := range wanted {
		set, lacks, err := m.find(name, dirs)
		if err != nil {
			return Set{}, err
		}
		if len(lacks) == 0 {
			return set, nil
		}
		missing.Packs = append(missing.Packs, MissingFiles{Pack: name, Entries: lacks})
	}
	return Set{}, face.Wrap(face.Unavailable, missing, "model files are missing")
}

// find returns what there is of a pack, and the required entries that are not.
func (m *Manifest) find(pack Pack, dirs []string) (Set, []Entry, error) {
	entries, err := m.Pack(pack)
	if err != nil {
		return Set{}, nil, err
	}
	set := Set{pack: pack, files: make(map[Role]located, len(entries))}
	var lacks []Entry
	for _, e := range entries {
		path, ok := Locate(e.File, dirs)
		switch {
		case ok:
			set.files[e.Role] = located{model: e.Model, path: path}
		case e.Required:
			lacks = append(lacks, e)
		}
	}
	return set, lacks, nil
}

// Pack returns the name of the pack; never Automatic.
func (s Set) Pack() Pack { return s.pack }

// Has says whether there is a file for a role.
func (s Set) Has(role Role) bool {
	_, ok := s.files[role]
	return ok
}

// Roles returns the roles there are files for, sorted by name.
func (s Set) Roles() []Role { return slices.Sorted(maps.Keys(s.files)) }

// Model returns what the manifest says of the file for a role: its family tells
// how to feed it.
func (s Set) Model(role Role) (Model, bool) {
	f, ok := s.files[role]
	return f.model, ok
}

// Path returns where the file for a role was found, or "".
func (s Set) Path(role Role) string { return s.files[role].path }

// Read returns the bytes of the file for a role. A file that is not the one of
// the manifest is refused with a *HashError. The kind of the error is NotFound
// when there is no file for the role.
func (s Set) Read(role Role) ([]byte, error) {
	f, ok := s.files[role]
	if !ok {
		return nil, face.Errorf(face.NotFound, "the %s pack has no model for %s here", s.pack, role)
	}
	data, err := f.model.readChecked(f.path)
	if err != nil {
		return nil, fmt.Errorf("model for %s: %w", role, err)
	}
	return data, nil
}
