package batch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/facekeep/facekeep/face"
)

// entry is a job in the queue or on a worker.
type entry struct {
	ctx     context.Context
	job     Job
	done    chan error // holds one, so that a worker never waits for a reader
	queued  time.Time
	waiting bool // in the queue; guarded by the pool's lock
}

// run runs the job, unless nobody waits for it any more. A panic becomes an
// error: one bad picture must not take the others with it.
func (e *entry) run(log *slog.Logger) (err error) {
	defer func() {
		if r := recover(); r != nil {
			log.LogAttrs(e.ctx, slog.LevelError, "a job panicked",
				slog.Any("panic", r), slog.String("stack", string(debug.Stack())))
			err = face.Wrap(face.Internal, fmt.Errorf("panic: %v", r), "")
		}
	}()
	if err := e.ctx.Err(); err != nil {
		return err
	}
	return e.job(e.ctx)
}

// asFaceError gives an error of a context, which nobody below has classified, its
// kind.
func asFaceError(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*face.Error](err); ok {
		return err
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return face.Wrap(face.Timeout, err, "the picture was not done in time")
	case errors.Is(err, context.Canceled):
		return face.Wrap(face.Canceled, err, "the request was canceled")
	}
	return err
}
