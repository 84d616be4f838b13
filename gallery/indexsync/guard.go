package indexsync

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/facekeep/facekeep/face"
)

// Counts is what a guard compares: how many rows of each label the database wants
// in the index, how many changes are not applied yet, and how many rows the index
// holds; counted in this order, so that a row on its way is in the second number.
type Counts struct {
	Want    map[face.TemplateLabel]int
	Backlog int
	Have    map[face.TemplateLabel]int
}

// missing returns how many rows are missing that no pending change explains, and
// of how many. Deletions during the count look like missing rows.
func (c Counts) missing() (missing, of int) {
	for label, want := range c.Want {
		missing += max(want-c.Backlog-c.Have[label], 0)
		of += want
	}
	return missing, of
}

// guard looks whether a shared index holds what it should, and has it mended.
// Until the first good look, and while more than a few rows are missing, the index
// is not trusted: searches go through memory, or are refused where the gallery is
// too large for that.
type guard struct {
	count func(ctx context.Context) (Counts, error)
	mend  func(ctx context.Context) (Drift, error)
	log   *slog.Logger

	missing prometheus.Gauge
	trusted atomic.Bool
}

const (
	lookEvery   = time.Minute
	lookAgain   = time.Second // while the index is not trusted
	lookTimeout = 30 * time.Second

	fewRows = 100 // so many missing, or one in fewPart, may come from deletions under way
	fewPart = 100
)

// run looks now and then until the context ends, and mends what is amiss.
func (g *guard) run(ctx context.Context) {
	looks := 0 // in a row that found rows missing
	for pause := time.Duration(0); ; {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		pause = lookEvery
		switch missing, of, err := g.look(ctx); {
		case ctx.Err() != nil:
			return
		case err != nil:
			pause = lookAgain // away; searches notice by themselves
		case missing == 0:
			g.trusted.Store(true)
			looks = 0
		case g.trusted.Load() && looks == 0:
			looks, pause = 1, lookAgain // once more, before believing it
		default:
			if missing > max(fewRows, of/fewPart) {
				g.trusted.Store(false)
			}
			g.repair(ctx, missing)
			looks, pause = 0, lookAgain
		}
	}
}

func (g *guard) look(ctx context.Context) (missing, of int, err error) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	counts, err := g.count(ctx)
	missing, of = counts.missing()
	if err == nil {
		g.missing.Set(float64(missing))
	}
	return missing, of, err
}

func (g *guard) repair(ctx context.Context, missing int) {
	g.log.WarnContext(ctx, "rows are missing from the index: mending it",
		slog.Int("about", missing), slog.Bool("searching_in_memory", !g.trusted.Load()))
	start := time.Now()
	drift, err := g.mend(ctx)
	if err != nil {
		g.log.ErrorContext(ctx, "the index could not be mended", slog.Any("error", err))
		return
	}
	g.log.InfoContext(ctx, "index mended", slog.Int("rows", drift.Rows), slog.Int("missing", drift.Missing),
		slog.Int("surplus", drift.Surplus), slog.Int("duplicate", drift.Duplicate), slog.Duration("took", time.Since(start)))
}
