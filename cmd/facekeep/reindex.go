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
	fmt.Printf("%d rows wanted; %d missing, %d surplus, %d duplicate; %s\n",
		found.Rows, found.Missing, found.Surplus, found.Duplicate, time.Since(begun).Round(time.Millisecond))
	suits := true
	for _, k := range found.Kinds {
		if !k.Suits() {
			suits = false
			fmt.Printf("the index of %s is %s, and %s by its size\n", k.Label, k.Have, k.Want)
		}
	}
	if found.None() && suits {
		return nil
	}
	if c.Check {
		return face.Errorf(face.Unavailable, "the index differs from what the database and the configuration ask for")
	}
	fmt.Println("the index was mended")
	return nil
}
