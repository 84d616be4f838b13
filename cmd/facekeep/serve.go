package main

import (
	"context"
	"os"

	"github.com/facekeep/facekeep/cmd/internal/app"
)

// serveCmd runs the server.
type serveCmd struct {
	app.Config `embed:""`
}

// Run serves until it is told to stop.
func (c *serveCmd) Run(ctx context.Context) error {
	app.LimitHeap()
	log := app.Logger(os.Stderr, c.LogLevel, c.LogFormat)
	app.GiveBack(ctx, log)
	server, err := app.Open(ctx, &c.Config, log)
	if err != nil {
		return err
	}
	app.GiveBack(ctx, log)
	return server.Run(ctx)
}
