package repository

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// fault gives an error of the database its kind. One that has a kind already
// keeps it; one that nobody knows stays Internal, unless the context has ended:
// then the error is what became of the statement or transaction by that.
func (r *Repository) fault(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*face.Error](err); ok {
		return err
	}
	if known := r.backend.classify(ctx, err); known != nil {
		return known
	}
	switch ended := ctx.Err(); {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(ended, context.DeadlineExceeded):
		return face.Wrap(face.Timeout, err, "the database did not answer in time")
	case errors.Is(err, context.Canceled), ended != nil:
		return face.Wrap(face.Canceled, err, "the request was given up")
	}
	return fmt.Errorf("database: %w", err)
}

// orNotFound replaces "no such row" by what a client may read.
func orNotFound(err error, missing *face.Error) error {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return missing
	}
	return err
}

func noWatchlist(id string) *face.Error {
	return face.Errorf(face.NotFound, "Watchlist with id '%s' was not found.", id)
}

func noMember(id string) *face.Error {
	return face.Errorf(face.NotFound, "Watchlist member with id '%s' was not found.", id)
}

func noFace(id uuid.UUID) *face.Error {
	return face.Errorf(face.NotFound, "Face with id '%s' was not found.", id)
}

// maxNamed bounds how many ids a message lists.
const maxNamed = 5

// noneOf says which of several things are unknown.
func noneOf(what string, ids []string) *face.Error {
	if len(ids) == 1 {
		return face.Errorf(face.NotFound, "%s with id '%s' was not found.", what, ids[0])
	}
	more := ""
	if len(ids) > maxNamed {
		more = fmt.Sprintf(" and %d more", len(ids)-maxNamed)
		ids = ids[:maxNamed]
	}
	return face.Errorf(face.NotFound, "%ss with ids '%s'%s were not found.", what, strings.Join(ids, "', '"), more)
}
