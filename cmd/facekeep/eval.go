package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/facekeep/facekeep/cmd/internal/app"
	"github.com/facekeep/facekeep/cmd/internal/evaluate"
	"github.com/facekeep/facekeep/cmd/internal/plots"
	"github.com/facekeep/facekeep/cmd/internal/progress"
	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/face"
)

// evalCmd groups the commands that measure accuracy.
type evalCmd struct {
	LFW       evalLFWCmd       `cmd:"" name:"lfw" help:"Compare labelled pairs: accuracy over folds, FNMR at fixed FMR, EER, and a DET plot."`
	Liveness  evalLivenessCmd  `cmd:"" help:"Show pictures of living people and attacks to a liveness check: APCER for each kind of attack, BPCER, and a plot."`
	Calibrate evalCalibrateCmd `cmd:"" help:"Fit the score scale to all pairs of different people in a folder."`
	Quality   evalQualityCmd   `cmd:"" help:"Ask whether quality foretells errors: FNMR when the pairs of the lowest quality are left out, and a plot."`
}

// evalFlags are what the evaluations have in common.
type evalFlags struct {
	Images      string  `help:"Folder of people: NAME/NAME_0001.jpg." required:"" type:"existingdir" placeholder:"DIR"`
	MinFaceSize float64 `help:"Smallest face that counts, in pixels of eye distance." default:"20" placeholder:"PX"`

	app.Engine `embed:""`
}

// open starts the engine, and returns the options of an evaluation with a
// progress bar on the terminal.
func (f *evalFlags) open(title string) (*engine.Engine, evaluate.Options, *progress.Bar, error) {
	images, err := evaluate.OpenImages(f.Images)
	if err != nil {
		return nil, evaluate.Options{}, nil, err
	}
	e, err := app.OpenEngine(&f.Engine)
	if err != nil {
		return nil, evaluate.Options{}, nil, err
	}
	bar := progress.Steps(os.Stderr, title, -1)
	return e, evaluate.Options{
		Engine: e, Images: images,
		Inspect:  face.InspectOptions{MinFaceSize: f.MinFaceSize},
		Progress: bar.SetOf,
	}, bar, nil
}

type evalLFWCmd struct {
	Pairs string `help:"Labelled pairs: a table (name_a, index_a, name_b, index_b, same, fold) or LFW's pairs.txt." required:"" type:"existingfile" placeholder:"FILE"`
	Plot  string `help:"Where to write the DET plot." default:"det.svg" placeholder:"FILE.svg"`

	evalFlags `embed:""`
}

// Run compares the pairs and reports.
func (c *evalLFWCmd) Run(ctx context.Context) error {
	pairs, err := readPairs(c.Pairs)
	if err != nil {
		return err
	}
	e, options, bar, err := c.open("pictures")
	if err != nil {
		return err
	}
	defer closeEngine(e)
	curves, err := engine.Calibrations()
	if err != nil {
		return err
	}
	v, err := evaluate.Verify(ctx, options, pairs, curves[e.Label()])
	if err != nil {
		return err
	}
	bar.Done()
	fmt.Println("template", e.Label())
	if err := v.Report(os.Stdout); err != nil {
		return err
	}
	if err := plots.DET(c.Plot, string(e.Label()), v.Curve); err != nil {
		return err
	}
	fmt.Println("DET plot:", c.Plot)
	return nil
}

// readPairs reads a list of labelled pairs.
func readPairs(name string) ([]evaluate.Pair, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	pairs, err := evaluate.ReadPairs(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return pairs, nil
}

type evalCalibrateCmd struct {
	Out string `help:"Where to write the calibration; the server takes it from engine/calibration when it is built." default:"calibration.json" placeholder:"FILE.json"`

	evalFlags `embed:""`
}

// Run fits the curve, reports, and writes the file.
func (c *evalCalibrateCmd) Run(ctx context.Context) error {
	e, options, bar, err := c.open("pictures")
	if err != nil {
		return err
	}
	defer closeEngine(e)
	begun := time.Now()
	fitted, err := evaluate.Calibrate(ctx, options, e.Label())
	if err != nil {
		return err
	}
	bar.Done()
	data, err := fitted.File()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(c.Out), 0o750); err != nil {
		return err
	}
	if err := os.WriteFile(c.Out, data, 0o600); err != nil {
		return err
	}
	if err := fitted.Report(os.Stdout); err != nil {
		return err
	}
	fmt.Printf("\nwrote %s in %s\n", c.Out, time.Since(begun).Round(time.Second))
	return nil
}

// closeEngine frees an engine whose work is done: a failure changes no result.
func closeEngine(e *engine.Engine) {
	if err := e.Close(); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "facekeep:", err)
	}
}
