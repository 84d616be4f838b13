package indexsync

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

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

// guard looks whether a shared index holds what it should, and has it mended. It
// counts often, and compares row by row now and then, because surplus rows hide
// missing ones from a count. Until the first good count, and while more than a few
// rows are missing, the index is not trusted: searches go through memory, or are
// refused where the gallery is too large for that. A few that are missing are
// searched beside the index from the moment they are found.
type guard struct {
	count func(ctx context.Context) (Counts, error)
	mend  mendFunc
	keep  MissingFunc   // searches rows beside the index
	every time.Duration // between comparisons
	bound time.Duration // after which the index shows what was put
	now   func() time.Time
	log   *slog.Logger

	stats   *guardMetrics
	trusted atomic.Bool
	checked time.Time // when the last comparison began
	of      int       // rows that the database wanted at the last count
}

// mendFunc compares index and database row by row, mends the index, and tells of
// rows that are missing before it puts them and when it has. Gently, it takes its
// time.
type mendFunc func(ctx context.Context, gently bool, missing MissingFunc) (Drift, error)

const (
	lookEvery   = time.Minute
	lookAgain   = time.Second      // while the index is not trusted
	lookTimeout = 10 * time.Minute // a hundred million rows are counted in minutes
	lookLong    = 5 * time.Second  // a look that takes longer is work, and not waiting for Milvus
	lookRest    = 20               // times as long as such a look took: the least pause before the next

	fewRows = 100 // so many missing, or one in fewPart, may come from deletions under way
	fewPart = 100
)

// run looks now and then until the context ends, and mends what is amiss.
func (g *guard) run(ctx context.Context) {
	suspect := false // the last count found rows missing
	for pause := time.Duration(0); ; {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		begun := g.now()
		missing, err := g.look(ctx)
		took := g.now().Sub(begun)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			pause = lookAgain // away; searches notice by themselves
		case missing == 0:
			suspect = false
			g.trusted.Store(true)
			pause = g.checkIfDue(ctx)
			if took > lookLong {
				pause = max(pause, lookRest*took)
			}
		case g.trusted.Load() && !suspect:
			suspect, pause = true, lookAgain // once more, before believing it
		default:
			if missing > g.few() {
				g.trusted.Store(false)
			}
			suspect, pause = false, g.repair(ctx, false)
		}
	}
}

func (g *guard) look(ctx context.Context) (missing int, err error) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	counts, err := g.count(ctx)
	if err != nil {
		return 0, err
	}
	missing, g.of = counts.missing()
	g.stats.missing.Set(float64(missing))
	return missing, nil
}

// few is how many rows may be missing of an index that is trusted.
func (g *guard) few() int { return max(fewRows, g.of/fewPart) }

// checkIfDue compares row by row if it is time to, and returns how long to rest.
func (g *guard) checkIfDue(ctx context.Context) time.Duration {
	due := g.every - g.now().Sub(g.checked)
	if g.checked.IsZero() || due <= 0 {
		return g.repair(ctx, true)
	}
	return min(due, lookEvery)
}

// repair compares row by row and mends. It returns how long to rest: where the
// index is not trusted, until it shows what was put.
func (g *guard) repair(ctx context.Context, gently bool) time.Duration {
	start, told := g.now(), 0
	drift, err := g.mend(ctx, gently, func(ctx context.Context, label face.TemplateLabel, rows []face.IndexRow) error {
		if told += len(rows); told > 2*g.few() { // each is told of twice
			g.trusted.Store(false)
		}
		if !g.trusted.Load() {
			return nil
		}
		return g.keep(ctx, label, rows)
	})
	switch {
	case ctx.Err() != nil:
		return 0
	case err != nil:
		g.log.ErrorContext(ctx, "the index could not be compared with the database", slog.Any("error", err))
		return lookAgain
	}
	g.checked = start
	g.stats.report(drift, g.now())
	if !drift.None() {
		g.log.WarnContext(ctx, "the index differed from the database: it was mended", slog.Int("rows", drift.Rows),
			slog.Int("missing", drift.Missing), slog.Int("surplus", drift.Surplus), slog.Int("duplicate", drift.Duplicate),
			slog.Bool("searching_in_memory", !g.trusted.Load()), slog.Duration("took", g.now().Sub(start)))
	}
	if !g.trusted.Load() {
		return g.bound
	}
	return min(g.every, lookEvery)
}
