package engine

import (
	"errors"
	"fmt"

	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// networks are the models of an engine, ready to run.
type networks struct {
	label     face.TemplateLabel
	detector  *detector
	extractor *extractor
	age       *attribute // nil if there is no model
	gender    *attribute // likewise, and so on
	mask      *mask
	outliner  *outliner
	eyes      *eyes
	poser     *poser
	liveness  liveness
	loaded    []Model
}

// loader loads models one after the other and remembers them all.
type loader struct {
	set    ModelSet
	rt     Runtime
	bufs   *pixel.Buffers
	loaded []Model
}

func loadNetworks(set ModelSet, rt Runtime, bufs *pixel.Buffers) (networks, error) {
	l := &loader{set: set, rt: rt, bufs: bufs}
	n, err := l.all()
	n.loaded = l.loaded
	if err != nil {
		return networks{}, errors.Join(err, n.close())
	}
	return n, nil
}

func (l *loader) all() (n networks, err error) {
	var detectorName, extractorName string
	// The largest comes first: loading a model takes several times its size in passing.
	if n.age, err = l.attribute(models.Age, ageSpec()); err != nil {
		return n, err
	}
	if n.detector, detectorName, err = l.detector(); err != nil {
		return n, err
	}
	if n.extractor, extractorName, err = l.extractor(); err != nil {
		return n, err
	}
	n.label = templateLabel(detectorName, extractorName)
	if n.gender, err = l.attribute(models.Gender, genderSpec()); err != nil {
		return n, err
	}
	if n.mask, err = l.mask(); err != nil {
		return n, err
	}
	if n.outliner, err = l.outliner(); err != nil {
		return n, err
	}
	if n.eyes, err = l.eyes(); err != nil {
		return n, err
	}
	if n.poser, err = l.poser(); err != nil {
		return n, err
	}
	n.liveness, err = l.liveness()
	return n, err
}

// load makes the model of a role ready; false if the set has none. One that not every
// search runs is read and checked, and loaded when it is first run: on the CPU, where
// that takes some hundredths of a second. A GPU may take minutes.
func (l *loader) load(role models.Role, spec func(models.Model) (ModelSpec, error)) (m Model, ok bool, err error) {
	file, ok := l.set.Model(role)
	if !ok {
		return nil, false, nil
	}
	s, err := spec(file)
	if err != nil {
		return nil, true, err
	}
	if eager(role) || l.rt.Provider() != "cpu" {
		m, err = l.loadNow(role, file.File, s)
	} else {
		m, err = l.loadLater(role, file.File, s)
	}
	if err != nil {
		return nil, true, err
	}
	m = l.gathered(m)
	l.loaded = append(l.loaded, m)
	return m, true, nil
}

func (l *loader) loadNow(role models.Role, name string, s ModelSpec) (Model, error) {
	data, err := l.set.Read(role)
	if err != nil {
		return nil, fmt.Errorf("load the %s model: %w", role, err)
	}
	m, err := l.rt.Load(name, data, s)
	if err != nil {
		return nil, fmt.Errorf("load the %s model: %w", role, err)
	}
	return m, nil
}

func (l *loader) loadLater(role models.Role, name string, s ModelSpec) (Model, error) {
	data, err := l.set.Read(role)
	if err == nil {
		err = l.rt.Check(name, data, s)
	}
	if err != nil {
		return nil, fmt.Errorf("check the %s model: %w", role, err)
	}
	return &lateModel{load: func() (Model, error) { return l.loadNow(role, name, s) }}, nil
}

// optional loads the model of a role that has one form only; nil if the set has none.
func (l *loader) optional(role models.Role, spec ModelSpec) (Model, error) {
	m, _, err := l.load(role, func(models.Model) (ModelSpec, error) { return spec, nil })
	return m, err
}

func (n *networks) close() error {
	errs := make([]error, 0, len(n.loaded))
	for _, m := range n.loaded {
		errs = append(errs, m.Close())
	}
	n.loaded = nil
	return errors.Join(errs...)
}
