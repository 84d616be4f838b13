package engine

import (
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

// evidence is what each model says of one face, in log odds that it is live. It is
// gathered when a check first wants it.
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

// liveness makes the checks that the options ask for of one face. The models run only
// for a face that meets the conditions of a check.
func (i *inspection) liveness(d *detection, f *face.Finding) ([]face.Liveness, error) {
	if len(i.opts.Liveness) == 0 {
		return nil, nil
	}
	results := make([]face.Liveness, len(i.opts.Liveness))
	var seen evidence
	for n := range i.opts.Liveness {
		check := &i.opts.Liveness[n]
		results[n] = face.Liveness{Kind: check.Kind, Unmet: check.Unmet(f)}
		if len(results[n].Unmet) > 0 {
			continue
		}
		if seen == nil {
			var err error
			if seen, err = i.evidence(d); err != nil {
				return nil, err
			}
		}
		results[n].Performed, results[n].Score = true, livenessScore(seen.of(check.Kind))
	}
	return results, nil
}

// evidence asks every model about one face.
func (i *inspection) evidence(d *detection) (evidence, error) {
	defer i.since(stageLiveness, time.Now())
	w, h := i.src.Size()
	all := i.nets.liveness.all()
	seen := make(evidence, 0, len(all))
	for _, m := range all {
		odds, err := m.logOdds(i.img.Image, i.img.FromPicture, m.window(d.box, w, h))
		if err != nil {
			return nil, err
		}
		seen = append(seen, odds)
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
