package models

import (
	"errors"
	"io"
)

// State is what Verify found of a file.
type State string

// The states of a file.
const (
	OK      State = "ok"
	Missing State = "missing"
	Wrong   State = "wrong hash" // refused: the server does not start with it
	Failed  State = "unreadable"
)

// Status is one model file as it lies on this machine.
type Status struct {
	Model Model
	State State
	Path  string // where it was found; empty if missing
	Got   string // sha256 found, hex; empty if missing or unreadable
	Err   error  // why it is Wrong or Failed
}

// Verify reads every file of the manifest that dirs have, in manifest order. Of
// several files of one name, the first counts: it is the one the server takes.
func (m *Manifest) Verify(dirs []string) []Status {
	all := make([]Status, 0, len(m.Models))
	for _, model := range m.Models {
		all = append(all, model.verify(dirs))
	}
	return all
}

func (model Model) verify(dirs []string) Status {
	path, ok := Locate(model.File, dirs)
	if !ok {
		return Status{Model: model, State: Missing}
	}
	err := model.check(path, io.Discard)
	if err == nil {
		return Status{Model: model, State: OK, Path: path, Got: model.SHA256}
	}
	if wrong, ok := errors.AsType[*HashError](err); ok {
		return Status{Model: model, State: Wrong, Path: path, Got: wrong.Got, Err: err}
	}
	return Status{Model: model, State: Failed, Path: path, Err: err}
}
