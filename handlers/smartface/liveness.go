package smartface

import (
	"math"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// defaultLivenessThreshold is what a score must be above to pass.
const defaultLivenessThreshold = 90

// livenessKinds are the kinds of checks, as resource ids name them, and in the order
// of answers.
var livenessKinds = []string{face.Distant: "distant", face.Nearby: "nearby"}

// spoofCheck is what a request asks of the liveness of faces.
type spoofCheck struct {
	checks     []face.LivenessCheck
	thresholds [2]float64 // by kind
}

// newSpoofCheck reads which kinds of checks a request asks for, and how. The
// configuration is checked even for a kind that is not asked for.
func newSpoofCheck(kinds []face.LivenessKind, c *spoofConditions) (spoofCheck, error) {
	var s spoofCheck
	if c == nil {
		c = &spoofConditions{}
	}
	s.thresholds = [2]float64{
		face.Distant: httpx.OrDefault(c.DistantThreshold, defaultLivenessThreshold),
		face.Nearby:  httpx.OrDefault(c.NearbyThreshold, defaultLivenessThreshold),
	}
	var met [2][]face.Condition
	for kind, text := range []*string{face.Distant: c.DistantConditions, face.Nearby: c.NearbyConditions} {
		var err error
		name := "spoofCheckConfig." + livenessKinds[kind] + "LivenessConditions"
		if met[kind], err = conditions(name, text, face.LivenessKind(kind)); err != nil {
			return s, err
		}
	}
	for _, kind := range kinds {
		s.checks = append(s.checks, face.LivenessCheck{
			Kind: kind, Conditions: met[kind], TellAll: bool(httpx.OrDefault(c.KeepEvaluating, false)),
		})
	}
	return s, nil
}

// result is the verdict on a face. A check passes with a score above its threshold;
// all of them that were asked for count.
func (s *spoofCheck) result(found []face.Liveness) spoofResult {
	all := spoofResult{Performed: len(found) > 0, Passed: len(found) > 0}
	for _, l := range found {
		check := &livenessCheck{
			Performed: l.Performed, Score: shownScore(l.Score), NotPerformedReasons: httpx.SliceOf(l.Unmet, newFailReason),
		}
		check.Passed = l.Performed && check.Score > s.thresholds[l.Kind]
		all.Performed, all.Passed = all.Performed && check.Performed, all.Passed && check.Passed
		switch l.Kind {
		case face.Distant:
			all.Distant = check
		case face.Nearby:
			all.Nearby = check
		}
	}
	return all
}

// shownScore is a score as it is written and compared: with two decimals.
func shownScore(score float64) float64 { return math.Round(score*100) / 100 }

func newFailReason(u face.Unmet) failReason {
	text := unmetText(u)
	return failReason{ReasonMessage: &text}
}
