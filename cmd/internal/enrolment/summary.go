package enrolment

import (
	"fmt"
	"sync"
)

// Summary counts what became of the pictures.
type Summary struct {
	Pictures map[Outcome]int // that were sent in this run
	Before   int             // that the report of an earlier run has as enrolled
	Without  int             // people of whom no picture is enrolled
}

// Complete says whether nothing is left to be done: everybody is enrolled, and what
// is missing is pictures that the server refuses.
func (s Summary) Complete() bool { return s.Pictures[Failed] == 0 && s.Without == 0 }

// String says it in a line.
func (s Summary) String() string {
	return fmt.Sprintf("%d enrolled, %d there already, %d of an earlier run, %d refused, %d failed; %d people without a picture",
		s.Pictures[Enrolled], s.Pictures[Existed], s.Before, s.Pictures[Refused], s.Pictures[Failed], s.Without)
}

// tally is a Summary in the making, safe for concurrent use.
type tally struct {
	mu  sync.Mutex
	sum Summary
}

func (t *tally) picture(o Outcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sum.Pictures[o]++
}

func (t *tally) before(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sum.Before += n
}

func (t *tally) without() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sum.Without++
}
