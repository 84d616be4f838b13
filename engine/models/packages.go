package models

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// packages brings packages with the registries' own clients, so that mirrors,
// proxies and certificates configured for them hold here too. Each package is
// fetched once, whether that succeeds or not.
type packages struct {
	npm, python string
	limit       time.Duration
	progress    func(Event)

	scratch string             // holds the archives; empty until one is wanted
	pip     []string           // the command that is pip; nil until one is wanted
	archive map[string]archive // by package at its version
}

// archive is a fetched package, or why it could not be fetched.
type archive struct {
	path string
	err  error
}

func newPackages(o Options) *packages {
	return &packages{
		npm: o.NPM, python: o.Python, limit: o.PackageLimit, progress: o.Progress,
		archive: map[string]archive{},
	}
}

func (p *packages) close() {
	if p.scratch != "" {
		_ = os.RemoveAll(p.scratch) // a folder for temporary files: the system clears it too
	}
}

// extract brings a file out of its package.
func (p *puller) extract(ctx context.Context, e Entry) error {
	path, err := p.packages.get(ctx, e.Source)
	if err != nil {
		return err
	}
	return openMember(path, e.Source.Member, func(body io.Reader) error {
		return p.install(ctx, e, delivery{from: e.Source.String(), phase: Extracting, body: body})
	})
}

// get returns the path of a package's archive.
func (p *packages) get(ctx context.Context, s Source) (string, error) {
	key := string(s.Kind) + " " + s.spec()
	if a, ok := p.archive[key]; ok {
		return a.path, a.err
	}
	p.progress(Event{File: s.spec(), Phase: Fetching})
	path, err := p.fetch(ctx, s)
	if ctx.Err() == nil {
		p.archive[key] = archive{path: path, err: err}
	}
	return path, err
}

func (p *packages) fetch(ctx context.Context, s Source) (string, error) {
	dir, err := p.folder()
	if err != nil {
		return "", local(err)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, p.limit, fmt.Errorf("gave up after %s", p.limit))
	defer cancel()
	if s.Kind == NPM {
		err = p.npmPack(ctx, dir, s)
	} else {
		err = p.pipDownload(ctx, dir, s)
	}
	if err != nil {
		return "", err
	}
	return onlyFile(dir)
}

// folder makes an empty folder for one package.
func (p *packages) folder() (string, error) {
	if p.scratch == "" {
		dir, err := os.MkdirTemp("", "facekeep-models-*")
		if err != nil {
			return "", err
		}
		p.scratch = dir
	}
	return os.MkdirTemp(p.scratch, "package-*")
}

// npmPack downloads a Node package. Its scripts are not run. One retry is left
// of the client's, so that a closed network is soon known.
func (p *packages) npmPack(ctx context.Context, dir string, s Source) error {
	return runIn(ctx, dir, p.npm, "pack", "--ignore-scripts", "--no-update-notifier",
		"--fetch-retries=1", "--fetch-retry-mintimeout=1000", s.spec())
}

// pipDownload downloads a Python package: built ones only, because the others
// run code of their own, and without asking whether this Python could use it.
func (p *packages) pipDownload(ctx context.Context, dir string, s Source) error {
	if err := p.findPip(ctx); err != nil {
		return err
	}
	args := slices.Concat(p.pip[1:], []string{"download", "--no-deps", "--only-binary=:all:", "--ignore-requires-python",
		"--disable-pip-version-check", "--no-input", "--progress-bar=off", "--retries=1", "--dest=.", s.spec()})
	return runIn(ctx, dir, p.pip[0], args...)
}

// findPip finds pip in the Python there is, or else puts one into an environment
// of its own: distributions ship Python without it.
func (p *packages) findPip(ctx context.Context) error {
	if p.pip != nil {
		return nil
	}
	own := []string{p.python, "-m", "pip"}
	err := runIn(ctx, p.scratch, p.python, "-m", "pip", "--version")
	if err == nil {
		p.pip = own
		return nil
	}
	venv := filepath.Join(p.scratch, "venv")
	if venvErr := runIn(ctx, p.scratch, p.python, "-m", "venv", venv); venvErr != nil {
		return fmt.Errorf("no pip: %w", errors.Join(err, venvErr))
	}
	p.pip = []string{filepath.Join(venv, "bin", "python"), "-m", "pip"}
	return nil
}

// onlyFile returns the one archive a client left in dir.
func onlyFile(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	if len(entries) != 1 || !entries[0].Type().IsRegular() {
		names := make([]string, 0, len(entries))
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return "", fmt.Errorf("the package client left %d files (%s), want one", len(entries), strings.Join(names, ", "))
	}
	return filepath.Join(dir, entries[0].Name()), nil
}
