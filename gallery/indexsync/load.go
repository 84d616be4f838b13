package indexsync

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// Index is what follows the database. Applying a write again must change
// nothing.
type Index interface {
	Upsert(ctx context.Context, label face.TemplateLabel, rows []face.IndexRow) error
	Delete(ctx context.Context, removals []face.IndexRemoval) error
	DropWatchlist(ctx context.Context, watchlist uuid.UUID) error
}

// snapshot is where a load reads from.
type snapshot interface {
	// AllTemplates gives every row of the index to be to fill, and returns the
	// number of the last change that they already show.
	AllTemplates(ctx context.Context, size int, fill func(face.TemplateLabel, []face.IndexRow) error) (int64, error)
	ForgetChanges(ctx context.Context, upTo int64) error
}

const (
	loadBatch    = 4096            // rows given to the index at once
	loadProgress = 5 * time.Second // between lines of the log
)

// Load fills an empty index from the database and forgets the changes that it
// shows by that, if the database can write. It returns the number of the last of them: where a Relay goes
// on. Nothing may be searched or written before it returns.
func Load(ctx context.Context, from snapshot, to Index, log *slog.Logger) (position int64, err error) {
	start := time.Now()
	said, count := start, 0
	position, err = from.AllTemplates(ctx, loadBatch, func(label face.TemplateLabel, rows []face.IndexRow) error {
		if err := to.Upsert(ctx, label, rows); err != nil {
			return err
		}
		count += len(rows)
		if time.Since(said) >= loadProgress {
			said = time.Now()
			log.InfoContext(ctx, "loading the index", slog.Int("rows", count), slog.Duration("took", said.Sub(start)))
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("load the index: %w", err)
	}
	switch err := from.ForgetChanges(ctx, position); {
	case err == nil:
	case face.KindOf(err) != face.Unavailable:
		return 0, fmt.Errorf("load the index: %w", err)
	default: // a full disk: what stays is forgotten with what the relay applies next
		log.WarnContext(ctx, "changes that the index shows stay in the outbox", slog.Any("error", err))
	}
	log.InfoContext(ctx, "index loaded", slog.Int("rows", count), slog.Duration("took", time.Since(start)))
	return position, nil
}
