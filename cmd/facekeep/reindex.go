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

// Help implements kong's HelpProvider.
func (*reindexCmd) Help() string {
	return `Puts what is missing, removes surplus and duplicates, and gives the index the kind that its size
asks for (--milvus-index from --milvus-flat-below templates on). Servers may go on meanwhile. While the
kind is changed, they search in memory if the gallery has at most their FACEKEEP_EXACT_LIMIT templates
(such galleries they change by themselves), and refuse searches (503) if it has more: some minutes for
some millions.`
}

// Run compares, and mends unless it is told not to. Servers may go on meanwhile.
func (c *reindexCmd) Run(ctx context.Context) error {
	bar := progress.Steps(os.Stderr, "rows", -1)
	begun := time.Now()
	found, err := app.Reindex(ctx, &c.Production, !c.Check, bar.SetOf)
	if err != nil {
		return err
	}
	bar.Done()
	suits := true
	for _, k := range found.Kinds {
		if !k.Suits() {
			suits = false
			fmt.Printf("the index of %s is %s, and %s by its size\n", k.Label, k.Have, k.Want)
		}
	}
	took := time.Since(begun).Seconds()
	fmt.Printf("%d rows in %.1f s (%.0f rows/s): %d missing, %d surplus, %d duplicate\n",
		found.Rows, took, float64(found.Rows)/took, found.Missing, found.Surplus, found.Duplicate)
	if c.Check && (!found.None() || !suits) {
		return face.Errorf(face.Unavailable, "the index differs from what the database and the configuration ask for")
	}
	return nil
}
