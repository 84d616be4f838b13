// Facekeep is a face identification server: it enrols people into watchlists
// by picture, and answers a picture with who is in it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/facekeep/facekeep/cmd/internal/app"
	"github.com/facekeep/facekeep/face"
)

// commands is the command line.
type commands struct {
	Serve   serveCmd         `cmd:"" help:"Run the server: REST API, Swagger page, metrics."`
	Health  healthCmd        `cmd:"" help:"Ask the server on this machine whether it can answer; for health checks of containers."`
	APIKey  apikeyCmd        `cmd:"" name:"apikey" help:"Make, list and revoke the keys that clients need where the server asks for them."`
	Enrol   enrolCmd         `cmd:"" help:"Enrol many people, from a folder or a table of pictures, on a server."`
	Models  modelsCmd        `cmd:"" help:"List, fetch and check the model files."`
	Reindex reindexCmd       `cmd:"" help:"Compare the shared index (Milvus) with the database (Postgres), and mend it."`
	Eval    evalCmd          `cmd:"" help:"Measure accuracy on labelled pictures, and fit the score scale."`
	Bench   benchCmd         `cmd:"" help:"Put load on a server: latencies, throughput, what its process uses."`
	Version kong.VersionFlag `help:"Print the version and exit." short:"v"`
}

const description = `A face identification server. Enrol people into watchlists by picture, then ask who is in a picture.

Run "facekeep models pull" once, then "facekeep serve" and open http://localhost:8098.
Every option of a command is also an environment variable, named behind its help.`

func main() {
	var cli commands
	parser := kong.Parse(&cli,
		kong.Name("facekeep"), kong.Description(description), kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}),
		kong.Vars{"version": "facekeep " + app.Version()},
	)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	parser.BindTo(ctx, (*context.Context)(nil))
	err := parser.Run()
	stop()
	if err != nil {
		os.Exit(fail(err))
	}
}

// fail writes an error for the person at the terminal and returns the exit
// status: 2 for a wrong call, 130 for an interrupted one, else 1.
func fail(err error) int {
	_, _ = fmt.Fprintln(os.Stderr, "facekeep:", err)
	switch {
	case errors.Is(err, context.Canceled):
		return 130
	case face.KindOf(err) == face.Invalid:
		return 2
	}
	return 1
}
