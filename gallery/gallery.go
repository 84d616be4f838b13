package gallery

import (
	"context"
	"log/slog"
	"time"

	"github.com/facekeep/facekeep/face"
)

// Parts are what a gallery is put together from. All but Log,
// Metrics and Now are needed.
type Parts struct {
	Repository   repository
	Index        index
	Sync         syncer // what brings Index up to Repository
	Engine       inspector
	Calibrations face.Calibrations
	Log          *slog.Logger     // nil is silence
	Metrics      *Metrics         // nil: none are kept
	Now          func() time.Time // nil is time.Now
}

// Gallery holds enrolled people and answers who is in a picture. Its methods
// may be called concurrently, and every error is, or wraps, a *face.Error. A
// write that has returned without an error is seen by every later call.
type Gallery struct {
	rows    repository
	index   index
	sync    syncer
	engine  inspector
	scores  face.Calibrations
	log     *slog.Logger
	metrics *Metrics
	now     func() time.Time
}

// New returns a gallery. Call CheckLabel before it serves.
func New(p Parts) *Gallery {
	g := &Gallery{
		rows: p.Repository, index: p.Index, sync: p.Sync, engine: p.Engine,
		scores: p.Calibrations, log: p.Log, metrics: p.Metrics, now: p.Now,
	}
	if g.log == nil {
		g.log = slog.New(slog.DiscardHandler)
	}
	if g.now == nil {
		g.now = time.Now
	}
	return g
}

// clock returns the time as it is stored: in UTC, to the microsecond.
func (g *Gallery) clock() time.Time { return g.now().UTC().Truncate(time.Microsecond) }

// settleTimeout bounds how long a write waits for the index after its commit.
const settleTimeout = 5 * time.Second

// settle brings the index up to what was just committed, so that the next search
// sees it. The write is committed whatever happens here: a client that went away
// must not leave the index behind, hence the context of its own; and if the index
// cannot follow now, the client still hears of success, because nothing would be
// undone by an error. Searches then wait for the index or fail, see Identify.
func (g *Gallery) settle(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	if err := g.sync.Flush(ctx); err != nil {
		g.log.WarnContext(ctx, "the index is behind the database", slog.Any("error", err))
	}
}

// settled is for the end of a write that the index follows. Where the database
// refused the write there is nothing to follow; after any other error there may
// be: the commit may have happened and its answer have been lost.
func (g *Gallery) settled(ctx context.Context, err error) error {
	kind := face.KindOf(err)
	if refused := kind == face.Invalid || kind == face.NotFound || kind == face.Conflict || kind == face.Forbidden; !refused {
		g.settle(ctx)
	}
	return err
}
