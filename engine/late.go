package engine

import (
	"slices"
	"sync"

	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// eager reports whether the model of a role is loaded at start: those that every
// search runs. All others are loaded when they are first run, because each takes some
// MiB that a server whose clients never ask for it can do without.
func eager(role models.Role) bool {
	return slices.Contains([]models.Role{models.Detector, models.Extractor, models.Age, models.Gender}, role)
}

// lateModel is a model that is loaded when it is first run.
type lateModel struct {
	load func() (Model, error)

	mu     sync.Mutex
	model  Model // nil before
	closed bool
}

// Run implements Model. Where the model cannot be loaded the error is Unavailable, and
// the next run tries again.
func (l *lateModel) Run(in *pixel.Tensor, out []*pixel.Tensor) error {
	m, err := l.loaded()
	if err != nil {
		return err
	}
	return m.Run(in, out)
}

// loaded returns the model. Runs that come meanwhile wait.
func (l *lateModel) loaded() (Model, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed:
		return nil, face.Errorf(face.Unavailable, "the server is stopping")
	case l.model != nil:
		return l.model, nil
	}
	m, err := l.load()
	if err != nil {
		return nil, face.Wrap(face.Unavailable, err, "a model that this request needs cannot be loaded")
	}
	l.model = m
	return m, nil
}

// Close implements Model.
func (l *lateModel) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	if l.model == nil {
		return nil
	}
	m := l.model
	l.model = nil
	return m.Close()
}
