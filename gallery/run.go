package gallery

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

const (
	sweepEvery  = 5 * time.Second
	sweepLimit  = 100 // members of one transaction
	forgetEvery = time.Hour
	// livenessKept is for how long records of liveness checks may be asked for.
	livenessKept = 30 * 24 * time.Hour
)

// Run deletes what has expired until the context ends. Several servers may do so over
// one database.
func (g *Gallery) Run(ctx context.Context) error {
	sweep, forget := time.NewTicker(sweepEvery), time.NewTicker(forgetEvery)
	defer sweep.Stop()
	defer forget.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-forget.C:
			err = g.rows.ForgetLiveness(ctx, g.clock().Add(-livenessKept))
		case <-sweep.C:
			err = g.sweepAndTell(ctx)
		}
		if err != nil && ctx.Err() == nil {
			g.log.WarnContext(ctx, "what has expired is not deleted yet", slog.Any("error", err))
		}
	}
}

func (g *Gallery) sweepAndTell(ctx context.Context) error {
	n, err := g.Sweep(ctx)
	if n > 0 {
		g.log.InfoContext(ctx, "expired members deleted", slog.Int("members", n))
	}
	return err
}

// Sweep deletes the members that have expired, with their faces, pictures and templates,
// and returns how many they were. Nobody sees them from the moment that they expire;
// this is about their rows.
func (g *Gallery) Sweep(ctx context.Context) (members int, err error) {
	for {
		n, err := g.rows.RemoveExpired(ctx, sweepLimit, g.clock())
		if n > 0 || err != nil {
			err = g.settled(ctx, err)
		}
		if err != nil {
			return members, fmt.Errorf("sweep: %w", err)
		}
		if members += n; n < sweepLimit {
			return members, nil
		}
	}
}
