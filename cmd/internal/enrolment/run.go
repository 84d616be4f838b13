package enrolment

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/facekeep/facekeep/face"
)

// run is one run over all people.
type run struct {
	Options
	api   api
	slots chan struct{} // one for each request, and the pictures in it
	tally tally
}

// Run enrols people, each with all pictures, onto a watchlist. What the report has as
// enrolled is left out, and what the server has is left as it is: a member that exists
// gets the pictures that it lacks. Memory holds one picture for each request under way
// (all of a person's, if o.Whole).
//
// An error ends the run: the server cannot be reached any more or does not let the
// client in, the watchlist is missing, the report cannot be written. Pictures that are
// refused do not. Beside an error, the summary is of what was done.
func Run(ctx context.Context, people []Person, o Options) (Summary, error) {
	if err := o.validate(); err != nil {
		return Summary{}, err
	}
	r := &run{
		Options: o, api: api{server: o.Server, patience: o.Patience}, slots: make(chan struct{}, o.Concurrency),
		tally: tally{sum: Summary{Pictures: map[Outcome]int{}}},
	}
	if err := r.api.watchlist(ctx, o.Watchlist, o.Create); err != nil {
		return r.tally.sum, err
	}
	err := r.people(ctx, people)
	return r.tally.sum, err
}

func (r *run) people(ctx context.Context, people []Person) error {
	g, group := errgroup.WithContext(ctx)
	g.SetLimit(r.Concurrency)
	for _, p := range people {
		if group.Err() != nil {
			break // what ended it is what Wait returns
		}
		g.Go(func() error { return r.person(group, p) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}

// person enrols what is left of a person.
func (r *run) person(ctx context.Context, p Person) error {
	left := r.Report.Left(p)
	enrolled := len(p.Pictures) - len(left)
	r.tally.before(enrolled)
	if len(left) == 0 {
		return nil
	}
	there, err := r.pictures(ctx, p, left, enrolled > 0)
	if err == nil && !there {
		r.tally.without()
	}
	return err
}

// pictures enrols pictures of a person and reports whether the person is a member
// then. One after the other is tried until the member is there, the rest at a time.
func (r *run) pictures(ctx context.Context, p Person, left []Picture, there bool) (bool, error) {
	if r.Whole {
		return r.whole(ctx, p)
	}
	for len(left) > 0 && !there {
		outcome, err := r.picture(ctx, p, left[0], false)
		if err != nil {
			return false, err
		}
		left, there = left[1:], outcome.Done()
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(r.Concurrency)
	for _, picture := range left {
		g.Go(func() error {
			_, err := r.picture(ctx, p, picture, true)
			return err
		})
	}
	return there, g.Wait()
}

// picture enrols one picture of a person, who is a member already or not, and reports
// it.
func (r *run) picture(ctx context.Context, p Person, picture Picture, member bool) (Outcome, error) {
	free, err := r.slot(ctx)
	if err != nil {
		return Failed, err
	}
	defer free()
	begun := time.Now()
	line := Line{Item: picture.Item, Member: p.ID}
	data, err := read(picture.Path)
	if err != nil {
		line.Outcome, line.Reason = Failed, face.MessageOf(err)
		return line.Outcome, r.add(line, begun)
	}
	if line.Outcome, line.Reason, err = r.store(ctx, p, newImage(p.ID, data), member); err != nil {
		return Failed, err
	}
	return line.Outcome, r.add(line, begun)
}

// slot waits for its turn; what it returns ends it.
func (r *run) slot(ctx context.Context) (free func(), err error) {
	select {
	case r.slots <- struct{}{}:
		return func() { <-r.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (r *run) add(l Line, begun time.Time) error {
	l.Millis = time.Since(begun).Milliseconds()
	if err := r.Report.Add(l); err != nil {
		return err
	}
	r.tally.picture(l.Outcome)
	if r.Progress != nil {
		r.Progress()
	}
	return nil
}
