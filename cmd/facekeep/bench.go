package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"time"

	"github.com/facekeep/facekeep/cmd/internal/load"
	"github.com/facekeep/facekeep/cmd/internal/plots"
	"github.com/facekeep/facekeep/cmd/internal/remote"
	"github.com/facekeep/facekeep/face"
)

// benchCmd groups the commands that put load on a server.
type benchCmd struct {
	Search benchSearchCmd `cmd:"" help:"Ask who is in a picture, again and again."`
	Verify benchVerifyCmd `cmd:"" help:"Ask whether two pictures show the same person."`
	Enrol  benchEnrolCmd  `cmd:"" help:"Make members from pictures, on a watchlist of their own that is removed in the end."`
}

// benchFlags are what the loads have in common.
type benchFlags struct {
	Images   string        `help:"Folder of pictures; those in folders below count, too." required:"" type:"existingdir" placeholder:"DIR"`
	Pictures int           `help:"Take the first N pictures, by name." default:"200" placeholder:"N"`
	Clients  int           `help:"Closed loop: so many clients, each of which waits for its answer." xor:"loop" placeholder:"N"`
	Rate     float64       `help:"Open loop: so many requests a second, whatever the server does; latencies count from when a request was due." xor:"loop" placeholder:"R"`
	Duration time.Duration `help:"Time in which requests begin." default:"30s"`
	WarmUp   time.Duration `help:"Time before it that does not count." default:"2s"`
	Every    time.Duration `help:"Length of a window of --samples and --plot. Without it, a thirtieth of the duration, from 1s to 10s." placeholder:"TIME"`
	PID      int           `name:"pid" help:"Process of the server, to see what it uses. Without it, whoever listens on the port, if the server is on this machine." placeholder:"N"`
	JSON     string        `name:"json" help:"Write everything to a file as JSON." placeholder:"FILE"`
	Samples  string        `help:"Write latencies, memory and goroutines by window to a file as CSV." placeholder:"FILE.csv"`
	Plot     string        `help:"Draw them." placeholder:"FILE.svg"`

	remoteFlags `embed:""`
}

func (f *benchFlags) plan() load.Plan {
	p := load.Plan{Clients: f.Clients, Rate: f.Rate, Duration: f.Duration}
	if p.Clients == 0 && p.Rate == 0 {
		p.Clients = 4
	}
	return p
}

func (f *benchFlags) every() time.Duration {
	if f.Every > 0 {
		return f.Every
	}
	return min(max((f.Duration/30).Round(time.Second), time.Second), 10*time.Second)
}

// prepare reads the pictures and makes the client.
func (f *benchFlags) prepare() (*remote.Client, [][]byte, error) {
	if err := f.plan().Validate(); err != nil {
		return nil, nil, err
	}
	if f.Pictures < 1 || f.WarmUp < 0 || f.Every < 0 {
		return nil, nil, face.Errorf(face.Invalid, "--pictures, --warm-up, --every: want at least 1 picture, and no times below 0")
	}
	pictures, err := load.Pictures(f.Images, f.Pictures)
	if err != nil {
		return nil, nil, err
	}
	client, err := f.open()
	return client, pictures, err
}

// run puts the load on a target, reports, and writes the files. A run that was
// interrupted is reported as far as it came.
func (f *benchFlags) run(ctx context.Context, operation string, client *remote.Client, target *load.Target, pictures int) error {
	if err := target.Try(ctx); err != nil {
		return err
	}
	if warm := f.plan(); f.WarmUp > 0 {
		warm.Duration = f.WarmUp
		if _, _, err := load.Run(ctx, warm, target.Send); err != nil {
			return err
		}
	}
	process, err := f.process(client)
	if err != nil {
		return err
	}
	monitor, err := load.Watch(ctx, process, client, f.every())
	if err != nil {
		return fmt.Errorf("watch the server: %w", err)
	}
	samples, took, ended := load.Run(ctx, f.plan(), target.Send)
	result := load.Result{
		Operation: operation, URL: client.URL(), Plan: f.plan().String(), Pictures: pictures, Summary: load.Summarise(samples, took),
	}
	usage, use, err := monitor.Finish(context.WithoutCancel(ctx), result.Served)
	if err != nil {
		return errors.Join(ended, fmt.Errorf("the server's process: %w", err))
	}
	result.Server, result.Windows = use, load.Windows(samples, min(took, f.Duration), f.every(), usage)
	result.Steady = load.Steadiness(result.Windows, f.every())
	return errors.Join(ended, result.Report(os.Stdout), f.write(result))
}

// process finds the server's process, nil if it is not to be seen.
func (f *benchFlags) process(client *remote.Client) (load.Process, error) {
	if f.PID > 0 {
		return load.ProcessOf(f.PID)
	}
	port, ok := localPort(client.URL())
	if !ok {
		return nil, nil
	}
	found, err := load.ListenerOn(port)
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "what the server uses is not known:", face.MessageOf(err))
		return nil, nil
	}
	return found, nil
}

// localPort returns the port of an address on this machine.
func localPort(address string) (int, bool) {
	u, err := url.Parse(address)
	if err != nil {
		return 0, false
	}
	if ip := net.ParseIP(u.Hostname()); u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return 0, false
	}
	if u.Port() == "" {
		return map[string]int{"http": 80, "https": 443}[u.Scheme], true
	}
	port, err := strconv.Atoi(u.Port())
	return port, err == nil
}

// write writes the files that were asked for.
func (f *benchFlags) write(r load.Result) error {
	var errs []error
	if f.JSON != "" {
		data, err := json.MarshalIndent(r, "", "  ")
		if err == nil {
			err = os.WriteFile(f.JSON, append(data, '\n'), 0o600)
		}
		errs = append(errs, err)
	}
	if f.Samples != "" {
		errs = append(errs, writeSamples(f.Samples, r.Windows))
	}
	if f.Plot != "" {
		errs = append(errs, plots.Load(f.Plot, fmt.Sprintf("%s, %s", r.Operation, r.Plan), loadPoints(r.Windows, f.every())))
	}
	return errors.Join(errs...)
}

func writeSamples(path string, windows []load.Window) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(load.WriteWindows(file, windows), file.Close())
}

func loadPoints(windows []load.Window, every time.Duration) []plots.LoadPoint {
	out := make([]plots.LoadPoint, len(windows))
	for i, w := range windows {
		out[i] = plots.LoadPoint{
			Seconds: w.End, P50: w.Latency.P50, P99: w.Latency.P99, Throughput: float64(w.Served) / every.Seconds(),
			RSS: float64(w.RSS) / (1 << 20), Goroutines: float64(w.Goroutines),
		}
	}
	return out
}
