package load

import (
	"fmt"
	"time"

	"github.com/facekeep/facekeep/face"
)

// Plan says how much load there is, and for how long.
//
// A closed loop has a number of clients, each of which sends its next request when the
// last one is answered: a slow server gets less to do. An open loop sends at a rate,
// whatever the server does, as the world does. There a latency counts from the time at
// which a request was due, so that those that had to wait for others are not left out
// of the figures.
type Plan struct {
	Clients  int           // of a closed loop, 1 to 10,000; 0: an open loop
	Rate     float64       // requests a second of an open loop, up to 100,000; 0: a closed loop
	Duration time.Duration // in which requests begin; positive
}

// Validate refuses what is no plan.
func (p Plan) Validate() error {
	switch {
	case p.Duration <= 0:
		return face.Errorf(face.Invalid, "want a positive duration, got %v", p.Duration)
	case (p.Clients == 0) == (p.Rate == 0):
		return face.Errorf(face.Invalid, "want a number of clients or a rate")
	case p.Clients < 0 || p.Clients > 10_000:
		return face.Errorf(face.Invalid, "want 1 to 10,000 clients, got %d", p.Clients)
	case p.Rate < 0 || p.Rate > 100_000 || p.Rate != p.Rate:
		return face.Errorf(face.Invalid, "want a rate of up to 100,000 requests a second, got %g", p.Rate)
	}
	return nil
}

// String describes the plan for people.
func (p Plan) String() string {
	if p.Rate > 0 {
		return fmt.Sprintf("open loop, %g requests/s", p.Rate)
	}
	return fmt.Sprintf("closed loop, %d clients", p.Clients)
}
