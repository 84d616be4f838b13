package main

import (
	"context"
	"fmt"
	"math"
	"os"

	"github.com/facekeep/facekeep/cmd/internal/evaluate"
	"github.com/facekeep/facekeep/cmd/internal/plots"
	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/face"
)

type evalQualityCmd struct {
	Pairs     string  `help:"Labelled pairs, as for eval lfw. Without it, all pairs of pictures of one person are compared." type:"existingfile" placeholder:"FILE"`
	PerPerson int     `help:"Without --pairs: how many pictures of a person are used." default:"10" placeholder:"N"`
	FMR       float64 `help:"False match rate of the threshold, on the score scale of the template label." name:"fmr" default:"0.001" placeholder:"RATE"`
	Plot      string  `help:"Where to write the error-versus-discard plot." default:"edc.svg" placeholder:"FILE.svg"`

	evalFlags `embed:""`
}

// Validate is called by the command line parser.
func (c *evalQualityCmd) Validate() error {
	if !(c.FMR > 0 && c.FMR < 1) || c.PerPerson < 2 {
		return face.Errorf(face.Invalid, "--fmr must lie between 0 and 1, and --per-person be at least 2")
	}
	return nil
}

// Run compares the pairs and reports how FNMR falls with the quality asked for.
func (c *evalQualityCmd) Run(ctx context.Context) error {
	e, options, bar, err := c.open("pictures")
	if err != nil {
		return err
	}
	defer closeEngine(e)
	pairs, err := c.pairs(options)
	if err != nil {
		return err
	}
	curves, err := engine.Calibrations()
	if err != nil {
		return err
	}
	curve, err := curves.For(e.Label())
	if err != nil {
		return err
	}
	q, err := evaluate.RateQuality(ctx, options, pairs, curve.Cosine(face.Score(-10*math.Log10(c.FMR))))
	if err != nil {
		return err
	}
	bar.Done()
	fmt.Printf("template %s, FMR %.0e\n", e.Label(), c.FMR)
	if err := q.Report(os.Stdout); err != nil {
		return err
	}
	if err := plots.EDC(c.Plot, fmt.Sprintf("%s, FMR %.0e", e.Label(), c.FMR), q.Discard); err != nil {
		return err
	}
	fmt.Println("error-versus-discard plot:", c.Plot)
	return nil
}

func (c *evalQualityCmd) pairs(o evaluate.Options) ([]evaluate.Pair, error) {
	if c.Pairs == "" {
		return evaluate.MatedPairs(o, c.PerPerson)
	}
	return readPairs(c.Pairs)
}
