package main

import (
	"context"
	"errors"

	"github.com/facekeep/facekeep/cmd/internal/load"
)

type benchSearchCmd struct {
	Watchlist   []string `help:"Id of a watchlist to search; may be given several times. Without it, all." sep:"none" placeholder:"ID"`
	LargestFace bool     `help:"Search for the largest face of a picture alone."`
	Features    bool     `help:"Ask for all that a search tells of a face; with --no-features, for as little as can be." default:"true" negatable:""`
	Form        string   `help:"What the server speaks: smartface; or peer, the form of the service that Facekeep is compared with (POST /search)." enum:"smartface,peer" default:"smartface"`

	benchFlags `embed:""`
}

// Run puts the load on.
func (c *benchSearchCmd) Run(ctx context.Context) error {
	client, pictures, err := c.prepare()
	if err != nil {
		return err
	}
	defer client.Close()
	target, err := load.Search(client, pictures, load.SearchOptions{
		Watchlists: c.Watchlist, LargestFace: c.LargestFace, NoFeatures: !c.Features, Peer: c.Form == "peer",
	})
	if err != nil {
		return err
	}
	return c.run(ctx, "search", client, target, len(pictures))
}

type benchVerifyCmd struct {
	benchFlags `embed:""`
}

// Run puts the load on.
func (c *benchVerifyCmd) Run(ctx context.Context) error {
	client, pictures, err := c.prepare()
	if err != nil {
		return err
	}
	defer client.Close()
	target, err := load.Verify(client, pictures)
	if err != nil {
		return err
	}
	return c.run(ctx, "verify", client, target, len(pictures))
}

type benchEnrolCmd struct {
	Keep bool `help:"Leave the members and their watchlist, bench-…, where they are."`

	benchFlags `embed:""`
}

// Run puts the load on, and removes what it made, also after an interruption.
func (c *benchEnrolCmd) Run(ctx context.Context) error {
	client, pictures, err := c.prepare()
	if err != nil {
		return err
	}
	defer client.Close()
	made, err := load.Enrol(ctx, client, pictures)
	if err != nil {
		return err
	}
	err = c.run(ctx, "enrol", client, made.Target, len(pictures))
	if !c.Keep {
		err = errors.Join(err, made.Remove(context.WithoutCancel(ctx)))
	}
	return err
}
