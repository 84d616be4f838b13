package engine

import (
	"context"
	"math"
	"time"

	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/face"
)

// liveness are the models of passive liveness.
type liveness struct {
	spoof  *spoofModel // nil if there is none: then nothing can be checked
	attack *spoofModel // tells prints from replays as well; nil if there is none
}

// liveness loads the models of passive liveness that the set has.
func (l *loader) liveness() (n liveness, err error) {
	if n.spoof, err = l.spoofModel(models.Liveness, map[string]int64{"antispoofing": 2, "fr_liveness": 3}); err != nil {
		return n, err
	}
	n.attack, err = l.spoofModel(models.LivenessPrintReplay, map[string]int64{"antispoofing": 3})
	return n, err
}

// all returns the models that there are.
func (n *liveness) all() []*spoofModel {
	var all []*spoofModel
	for _, m := range []*spoofModel{n.spoof, n.attack} {
		if m != nil {
			all = append(all, m)
		}
	}
	return all
}

// evidence is what each model says of one face, in log odds that it is live.
type evidence []float64

// of returns how likely a face is live by the rule of a kind. Distant faces are small
// and seldom at their best, so that the models make up for each other's doubts;
// somebody who holds a face to the camera on purpose has to convince each of them.
func (e evidence) of(kind face.LivenessKind) float64 {
	least, sum := math.Inf(1), 0.0
	for _, odds := range e {
		least, sum = min(least, odds), sum+odds
	}
	if kind == face.Nearby {
		return least
	}
	return sum / float64(len(e))
}

// evenScore is the score of a face that is as likely live as not. It is what clients
// use as threshold unless they know better.
const evenScore = 90

// livenessScore returns log odds on the scale 0…100, where even odds are evenScore.
func livenessScore(logOdds float64) float64 {
	const prior = evenScore / (100. - evenScore)
	return 100 / (1 + math.Exp(-logOdds)/prior)
}

// liveness makes the checks that the options ask for. The models run only for faces
// that meet the conditions of a check.
func (i *inspection) liveness(ctx context.Context, all []subject) error {
	if len(i.opts.Liveness) == 0 {
		return nil
	}
	var ready []subject
	for _, s := range all {
		if i.check(s.f) {
			ready = append(ready, s)
		}
	}
	if len(ready) == 0 {
		return nil
	}
	seen, err := i.evidence(ctx, ready)
	if err != nil {
		return err
	}
	for n, s := range ready {
		for k := range s.f.Liveness {
			if l := &s.f.Liveness[k]; len(l.Unmet) == 0 {
				l.Performed, l.Score = true, livenessScore(seen[n].of(l.Kind))
			}
		}
	}
	return nil
}

// check checks the conditions of all checks of a face, and reports whether those of one
// are met.
func (i *inspection) check(f *face.Inspected) (ready bool) {
	f.Liveness = make([]face.Liveness, len(i.opts.Liveness))
	for n := range i.opts.Liveness {
		check := &i.opts.Liveness[n]
		f.Liveness[n] = face.Liveness{Kind: check.Kind, Unmet: check.Unmet(&f.Finding)}
		ready = ready || len(f.Liveness[n].Unmet) == 0
	}
	return ready
}

// evidence asks every model about faces.
func (i *inspection) evidence(ctx context.Context, ready []subject) ([]evidence, error) {
	defer i.since(stageLiveness, time.Now())
	w, h := i.src.Size()
	seen, windows := make([]evidence, len(ready)), make([]face.Box, len(ready))
	for _, m := range i.nets.liveness.all() {
		for n, s := range ready {
			windows[n] = m.window(s.d.box, w, h)
		}
		odds, err := m.logOdds(ctx, i.img.Image, i.img.FromPicture, windows)
		if err != nil {
			return nil, err
		}
		for n, o := range odds {
			seen[n] = append(seen[n], o)
		}
	}
	return seen, nil
}

// livenessScale returns the scale of the picture at which the models see all that
// they can of a face.
func (i *inspection) livenessScale(d *detection) float64 {
	if len(i.opts.Liveness) == 0 {
		return 0
	}
	var scale float64
	w, h := i.src.Size()
	for _, m := range i.nets.liveness.all() {
		window := m.window(d.box, w, h)
		scale = max(scale, spoofSide/min(window.W, window.H))
	}
	return scale
}
