package eval

import (
	"maps"
	"math"
	"slices"
)

// NoResponse is the score of a presentation that the liveness check did not classify,
// because no face was found or a condition was not met.
const NoResponse = -1

// Presentation is one picture shown to a liveness check, whose truth is known. Terms
// follow ISO/IEC 30107-3.
type Presentation struct {
	Attack string  // kind of attack; "" for a bona fide presentation, of a living person
	Score  float64 // 0…100, or NoResponse; above a threshold it is taken for bona fide
}

// Presentations answer for every threshold how often a liveness check errs.
type Presentations struct {
	bonaFide shown
	attacks  map[string]*shown
}

// shown are presentations of one kind.
type shown struct {
	scores []float64 // ascending, of those that were classified
	silent int
}

// NewPresentations sorts presentations.
func NewPresentations(all []Presentation) *Presentations {
	p := &Presentations{attacks: make(map[string]*shown)}
	for _, one := range all {
		s := &p.bonaFide
		if one.Attack != "" {
			if p.attacks[one.Attack] == nil {
				p.attacks[one.Attack] = new(shown)
			}
			s = p.attacks[one.Attack]
		}
		if one.Score == NoResponse {
			s.silent++
			continue
		}
		s.scores = append(s.scores, one.Score)
	}
	slices.Sort(p.bonaFide.scores)
	for _, s := range p.attacks {
		slices.Sort(s.scores)
	}
	return p
}

// BonaFide counts the bona fide presentations that were classified, and those that
// were not.
func (p *Presentations) BonaFide() (classified, silent int) {
	return len(p.bonaFide.scores), p.bonaFide.silent
}

// Attacks returns the kinds of attacks in order of name.
func (p *Presentations) Attacks() []string { return slices.Sorted(maps.Keys(p.attacks)) }

// Attack counts the attacks of a kind that were classified, and those that were not.
func (p *Presentations) Attack(kind string) (classified, silent int) {
	if s := p.attacks[kind]; s != nil {
		return len(s.scores), s.silent
	}
	return 0, 0
}

// BPCER returns the part of bona fide presentations that are taken for attacks, 0…1;
// NaN if none was classified.
func (p *Presentations) BPCER(threshold float64) float64 { return 1 - p.bonaFide.accepted(threshold) }

// APCER returns the part of attacks of a kind that are taken for bona fide, 0…1; NaN
// if none was classified.
func (p *Presentations) APCER(kind string, threshold float64) float64 {
	if s := p.attacks[kind]; s != nil {
		return s.accepted(threshold)
	}
	return math.NaN()
}

// WorstAPCER returns the kind of attack that succeeds most often, and how often: what
// the standard calls the APCER of a check. Without attacks it is "" and NaN.
func (p *Presentations) WorstAPCER(threshold float64) (kind string, rate float64) {
	rate = math.NaN()
	for _, k := range p.Attacks() {
		if r := p.APCER(k, threshold); r > rate || math.IsNaN(rate) && !math.IsNaN(r) {
			kind, rate = k, r
		}
	}
	return kind, rate
}

// accepted returns the part of the scores that are above a threshold.
func (s *shown) accepted(threshold float64) float64 {
	first, _ := slices.BinarySearchFunc(s.scores, threshold, func(score, t float64) int {
		if score > t {
			return 1
		}
		return -1
	})
	return float64(len(s.scores)-first) / float64(len(s.scores))
}

// Thresholds returns the thresholds at which a rate changes, ascending, and one below
// all scores.
func (p *Presentations) Thresholds() []float64 {
	all := append([]float64{NoResponse}, p.bonaFide.scores...)
	for _, s := range p.attacks {
		all = append(all, s.scores...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// EER returns the rate at which BPCER and the worst APCER meet, and its threshold; NaN
// unless there are scores of both.
func (p *Presentations) EER() (rate, threshold float64) {
	rate, threshold = math.NaN(), math.NaN()
	best := math.Inf(1)
	for _, t := range p.Thresholds() {
		_, apcer := p.WorstAPCER(t)
		bpcer := p.BPCER(t)
		if d := math.Abs(apcer - bpcer); d < best {
			best, rate, threshold = d, (apcer+bpcer)/2, t
		}
	}
	return rate, threshold
}
