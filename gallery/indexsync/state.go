package indexsync

import (
	"context"
	"time"

	"github.com/facekeep/facekeep/face"
)

// stateTimeout is how long State waits for the index: as long as a search may.
const stateTimeout = time.Second

// State says how searches are answered: "" is by the index, anything else is what
// is wrong while they are answered all the same. It returns an Unavailable error
// if they would be refused.
func (s *Shared) State(ctx context.Context) (detail string, err error) {
	switch {
	case s.outage.on() || !s.answers(ctx):
		detail = "away"
	case !s.trusted():
		detail = "not known to be complete"
	default:
		return "", nil
	}
	if s.exact.ready(s.fresh) == nil {
		fits, err := s.from.RowsAtMost(ctx, s.cfg.ExactLimit)
		if err != nil {
			return "", err
		}
		if !fits {
			return "", face.Errorf(face.Unavailable, "%s, and the gallery is too large to be searched in memory", detail)
		}
	}
	return detail + ": searching in memory", nil
}

// answers asks the index itself, if it can be asked: nobody may have searched for
// a while.
func (s *Shared) answers(ctx context.Context) bool {
	if s.cfg.Check == nil {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, stateTimeout)
	defer cancel()
	return s.cfg.Check(ctx) == nil
}
