package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/facekeep/facekeep/cmd/internal/enrolment"
	"github.com/facekeep/facekeep/cmd/internal/progress"
	"github.com/facekeep/facekeep/face"
)

// enrolCmd enrols many people on a server.
type enrolCmd struct {
	Source      string        `arg:"" help:"Folder of people, or table of pictures (CSV)." name:"DIR|CSV"`
	Watchlist   string        `help:"Id of the watchlist to enrol them onto." required:"" placeholder:"ID"`
	Create      bool          `help:"Make the watchlist if it is missing. Without it, that is an error."`
	Concurrency int           `help:"Requests at a time." default:"4" placeholder:"N"`
	Report      string        `help:"What became of each picture, as JSON lines. Where it exists, the run goes on from it." default:"enrolment.jsonl" placeholder:"FILE"`
	OneEach     bool          `help:"Make every picture a member of its own, whose id is its path in the folder or table."`
	SkipBad     bool          `help:"Enrol a person by the pictures that are accepted. With --no-skip-bad, a person is enrolled by all pictures, in one request, or not at all." default:"true" negatable:""`
	LargestFace bool          `help:"Of a picture that shows several people, enrol the largest face. Without it, such a picture is refused."`
	MinFaceSize int           `help:"Smallest face that counts, in pixels of eye distance. 0: as the server has it (35)." default:"0" placeholder:"PX"`
	Patience    time.Duration `help:"How long to go on with a request that the server has no room for, or that does not reach it." default:"5m"`

	remoteFlags `embed:""`
}

// Help implements kong's HelpProvider.
func (*enrolCmd) Help() string {
	return `A folder holds a sub-folder for each person (NAME/*.jpg), or pictures beside each other (NAME.jpg,
NAME_1.jpg); a table has the columns path and id, perhaps name, and one for each label. The id of a member is
NAME, or that of the table. A member that is there gets the pictures that it lacks, and nothing is enrolled
twice: a run that was ended, in whatever way, is taken up by the same command, which also tries again what was
refused or failed. The exit status is 1 if a picture failed or somebody is left without any; pictures that the
server refuses (no face, several) are in the report.`
}

// Run enrols what the report does not have as enrolled.
func (c *enrolCmd) Run(ctx context.Context) error {
	people, err := c.people()
	if err != nil {
		return err
	}
	client, err := c.open()
	if err != nil {
		return err
	}
	defer client.Close()
	report, err := enrolment.OpenReport(c.Report, enrolment.Head{URL: client.URL(), Watchlist: c.Watchlist})
	if err != nil {
		return err
	}
	bar := progress.Steps(os.Stderr, "pictures", picturesLeft(people, report))
	sum, err := enrolment.Run(ctx, people, enrolment.Options{
		Server: client, Report: report, Watchlist: c.Watchlist, Create: c.Create,
		Concurrency: c.Concurrency, Patience: c.Patience, LargestFace: c.LargestFace, MinFaceSize: c.MinFaceSize,
		Whole: !c.SkipBad, Progress: func() { bar.Add(1) },
	})
	bar.Done()
	fmt.Println(sum)
	if err := errors.Join(err, report.Close()); err != nil {
		if len(sum.Pictures) > 0 {
			err = fmt.Errorf("%w (the same command goes on from here)", err)
		}
		return err
	}
	if !sum.Complete() {
		return face.Errorf(face.Unavailable, "not everything was enrolled: see %s", c.Report)
	}
	return nil
}

// people lists whom the source holds.
func (c *enrolCmd) people() ([]enrolment.Person, error) {
	info, err := os.Stat(c.Source)
	if err != nil {
		return nil, face.Wrap(face.Invalid, err, c.Source+" is neither a folder nor a table of pictures")
	}
	var people []enrolment.Person
	if info.IsDir() {
		var others int
		if people, others, err = enrolment.Folder(c.Source); others > 0 {
			_, _ = fmt.Fprintf(os.Stderr, "%d files that are no pictures were left out\n", others)
		}
	} else {
		people, err = enrolment.Table(c.Source)
	}
	if c.OneEach {
		people = enrolment.EachAlone(people)
	}
	return people, err
}

func picturesLeft(people []enrolment.Person, report *enrolment.Report) (n int64) {
	for _, p := range people {
		n += int64(len(report.Left(p)))
	}
	return n
}
