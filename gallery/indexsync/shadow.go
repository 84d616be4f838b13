package indexsync

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

const (
	// restFor is how many times as long as a comparison took no other is made: at
	// most a twentieth of the time goes into them, whatever the rate.
	restFor = 19
	// shadowLimit bounds one comparison.
	shadowLimit = 5 * time.Minute
	// rounding is how far equal cosines may lie apart in two kinds of arithmetic.
	rounding = 1e-6
)

// depths are the k of recall@k.
var depths = []int{1, 10}

// shadow measures the recall of an approximate index: it repeats a part of the
// searches exactly, by a scan of the database, one at a time, and counts how many
// of the members that had to be found were. It never delays a search, and none
// waits: one that comes while another is being repeated, or soon after, is skipped.
//
// Writes between the two searches are no misses. A comparison counts only if no
// row of either answer was put or removed lately, as the overlay of fresh changes
// knows it once the scan stands; it knows all changes since the search, if that is
// not longer ago than the bound.
type shadow struct {
	cfg   SharedConfig
	fresh *fresh
	scan  scan
	stats *shadowMetrics

	queue chan sample // without room: run takes a sample, or it is skipped
}

// scan searches the database, and calls begun once it is fixed what it will see.
type scan func(ctx context.Context, q face.IndexQuery, begun func(context.Context) error) ([]face.Hit, error)

// sample is a search, its answer, and when it began.
type sample struct {
	query face.IndexQuery
	got   []face.Hit
	begun time.Time
}

func newShadow(cfg SharedConfig, f *fresh, scan scan, stats *shadowMetrics) *shadow {
	return &shadow{cfg: cfg, fresh: f, scan: scan, stats: stats, queue: make(chan sample)}
}

// offer takes a search to be repeated, or not.
func (s *shadow) offer(a sample) {
	if s.cfg.ShadowRate <= 0 || rand.Float64() >= s.cfg.ShadowRate { //nolint:gosec // a sample, no secret
		return
	}
	a.query, a.got = cloned(a.query), slices.Clone(a.got)
	a.query.Exact = true
	select {
	case s.queue <- a:
	default:
		s.stats.skip("busy")
	}
}

// run repeats what is offered until the context ends.
func (s *shadow) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case a := <-s.queue:
			begun := s.cfg.Now()
			s.repeat(ctx, a)
			select {
			case <-ctx.Done():
			case <-time.After(restFor * s.cfg.Now().Sub(begun)):
			}
		}
	}
}

// errLate says that the overlay may not know all changes since a search any more.
var errLate = errors.New("too late")

func (s *shadow) repeat(ctx context.Context, a sample) {
	ctx, cancel := context.WithTimeout(ctx, shadowLimit)
	defer cancel()
	var changed func(face.IndexKey) bool
	exact, err := s.scan(ctx, a.query, func(ctx context.Context) error {
		if err := s.fresh.refresh(ctx); err != nil {
			return err
		}
		if s.cfg.Now().Sub(a.begun) > s.cfg.Bound {
			return errLate
		}
		changed = s.fresh.changed()
		return nil
	})
	switch {
	case errors.Is(err, errLate):
		s.stats.skip("late")
	case err != nil:
		s.stats.skip("failed")
		s.cfg.Log.DebugContext(ctx, "a search could not be repeated", slog.Any("error", err))
	case anyOf(exact, changed) || anyOf(a.got, changed):
		s.stats.skip("changed")
	default:
		s.compare(a, exact)
	}
}

func anyOf(hits []face.Hit, changed func(face.IndexKey) bool) bool {
	return slices.ContainsFunc(hits, func(h face.Hit) bool { return changed(face.IndexKey{Watchlist: h.Watchlist, Face: h.Face}) })
}

// compare counts how many of the first members had to be in an answer, and were.
// One that is as far as the last of the answer, or as the threshold, counts as
// having been there: which of equals comes first is left to rounding.
func (s *shadow) compare(a sample, exact []face.Hit) {
	edge := a.query.MinCosine
	if len(a.got) == a.query.Limit {
		edge = max(edge, a.got[len(a.got)-1].Cosine)
	}
	had := make(map[[2]uuid.UUID]bool, len(a.got))
	for _, h := range a.got {
		had[[2]uuid.UUID{h.Watchlist, h.Member}] = true
	}
	s.stats.compared.Inc()
	for _, k := range depths {
		first, right := exact[:min(k, len(exact))], 0
		for _, h := range first {
			if had[[2]uuid.UUID{h.Watchlist, h.Member}] || h.Cosine <= edge+rounding {
				right++
			}
		}
		at := strconv.Itoa(k)
		s.stats.wanted.WithLabelValues(at).Add(float64(len(first)))
		s.stats.right.WithLabelValues(at).Add(float64(right))
	}
}
