package main

import (
	"context"
	"fmt"
	"os"

	"github.com/facekeep/facekeep/cmd/internal/app"
	"github.com/facekeep/facekeep/cmd/internal/evaluate"
	"github.com/facekeep/facekeep/cmd/internal/plots"
	"github.com/facekeep/facekeep/cmd/internal/progress"
	"github.com/facekeep/facekeep/face"
)

type evalLivenessCmd struct {
	Live        string  `help:"Folder of pictures of living people, folders in it included." required:"" type:"existingdir" placeholder:"DIR"`
	Attack      string  `help:"Folder of attacks; a folder in it is a kind of attack." required:"" type:"existingdir" placeholder:"DIR"`
	Kind        string  `help:"Which check: distant or nearby. Its conditions are not asked for." enum:"distant,nearby" default:"distant"`
	Threshold   float64 `help:"A score above it passes." default:"90"`
	Limit       int     `help:"Most live pictures, and most attacks, evenly chosen; 0 takes all." default:"0" placeholder:"N"`
	Plot        string  `help:"Where to write a plot of APCER and BPCER." default:"liveness.svg" placeholder:"FILE.svg"`
	MinFaceSize float64 `help:"Smallest face that counts, in pixels of eye distance." default:"20" placeholder:"PX"`

	app.Engine `embed:""`
}

// Run shows the pictures to the check and reports.
func (c *evalLivenessCmd) Run(ctx context.Context) error {
	live, err := evaluate.OpenImages(c.Live)
	if err != nil {
		return err
	}
	attacks, err := evaluate.OpenImages(c.Attack)
	if err != nil {
		return err
	}
	e, err := app.OpenEngine(&c.Engine)
	if err != nil {
		return err
	}
	defer closeEngine(e)
	bar := progress.Steps(os.Stderr, "pictures", -1)
	kind := map[string]face.LivenessKind{"distant": face.Distant, "nearby": face.Nearby}[c.Kind]
	found, err := evaluate.CheckLiveness(ctx, evaluate.LivenessOptions{
		Engine: e, Live: live, Attacks: attacks, Limit: c.Limit, Kind: kind,
		Inspect: face.InspectOptions{MinFaceSize: c.MinFaceSize}, Progress: bar.SetOf,
	})
	if err != nil {
		return err
	}
	bar.Done()
	title := fmt.Sprintf("%s liveness, %s", c.Kind, e.Describe().Liveness)
	fmt.Println(title)
	if err := found.Report(os.Stdout, c.Threshold); err != nil {
		return err
	}
	if err := plots.Liveness(c.Plot, title, found.Rates); err != nil {
		return err
	}
	fmt.Println("plot:", c.Plot)
	return nil
}
