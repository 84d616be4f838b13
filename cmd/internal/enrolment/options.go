package enrolment

import (
	"time"

	"github.com/facekeep/facekeep/face"
)

// Options say how people are enrolled.
type Options struct {
	Server    sender
	Report    *Report
	Watchlist string // id
	Create    bool   // the watchlist, if it is missing

	Concurrency int           // requests at a time, 1 to 1024
	Patience    time.Duration // with a request that the server has no room for; positive
	LargestFace bool          // of a picture that shows several; else such a picture is refused
	MinFaceSize int           // pixels of eye distance; 0: as the server has it
	Whole       bool          // a person with a bad picture is not enrolled at all

	Progress func() // hears of each picture that is done with in this run; may be nil
}

func (o *Options) validate() error {
	switch {
	case o.Watchlist == "":
		return face.Errorf(face.Invalid, "no watchlist is named")
	case o.Concurrency < 1 || o.Concurrency > 1024:
		return face.Errorf(face.Invalid, "want 1 to 1024 requests at a time, got %d", o.Concurrency)
	case o.Patience <= 0:
		return face.Errorf(face.Invalid, "want a positive time of patience, got %v", o.Patience)
	case o.MinFaceSize < 0:
		return face.Errorf(face.Invalid, "want a smallest face of 0 pixels or more, got %d", o.MinFaceSize)
	}
	return nil
}

func (o *Options) detector() *detector {
	d := detector{MinFaceSize: o.MinFaceSize}
	if o.LargestFace {
		d.MaxFaces = 1
	}
	if d == (detector{}) {
		return nil
	}
	return &d
}
