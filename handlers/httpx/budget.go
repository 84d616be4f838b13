package httpx

import (
	"sync/atomic"

	"github.com/facekeep/facekeep/face"
)

// Budget bounds the memory that the bodies of all requests under way take
// together. Without it, a few dozen clients with bodies just under the limit
// would take all the memory there is.
type Budget struct{ free atomic.Int64 }

// NewBudget returns a budget of so many bytes, and of at least 4 MiB: small
// bodies must not have to wait for each other.
func NewBudget(bytes int64) *Budget {
	b := new(Budget)
	b.free.Store(max(bytes, 16*budgetStep))
	return b
}

// budgetStep is what a body takes from the budget at a time, so that a client
// that announces much and sends little takes little.
const budgetStep = 256 << 10

// share is the part of a budget that one body has taken.
type share struct {
	of    *Budget // nil: no bound
	taken int64
}

// cover takes as much as a body of n bytes needs. Where the budget is used up it
// returns an Overloaded error.
func (s *share) cover(n int64) error {
	for s.of != nil && s.taken < n {
		if s.of.free.Add(-budgetStep) < 0 {
			s.of.free.Add(budgetStep)
			return face.Errorf(face.Overloaded, "too many large requests are under way: try again soon")
		}
		s.taken += budgetStep
	}
	return nil
}

// giveBack returns all that was taken.
func (s *share) giveBack() {
	if s.of != nil {
		s.of.free.Add(s.taken)
		s.taken = 0
	}
}
