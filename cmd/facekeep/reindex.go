package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/facekeep/facekeep/cmd/internal/app"
	"github.com/facekeep/facekeep/cmd/internal/progress"
	"github.com/facekeep/facekeep/face"
)

// reindexCmd holds a shared index to the database.
type reindexCmd struct {
	Check bool `help:"Only count what differs; the exit status is 1 if anything does."`

	app.Production `embed:""`
}

// Run compares, and mends unless it is told not to. Servers may go on meanwhile.
func (c *reindexCmd) Run(ctx context.Context) error {
	bar := progress.Steps(os.Stderr, "rows", -1)
	begun := time.Now()
	drift, err := app.Reindex(ctx, &c.Production, !c.Check, bar.SetOf)
	if err != nil {
		return err
	}
	bar.Done()
	fmt.Printf("%d rows wanted; %d missing, %d surplus, %d duplicate; %s\n",
		drift.Rows, drift.Missing, drift.Surplus, drift.Duplicate, time.Since(begun).Round(time.Millisecond))
	if drift.None() {
		return nil
	}
	if c.Check {
		return face.Errorf(face.Unavailable, "the index differs from the database")
	}
	fmt.Println("the index was mended")
	return nil
}
