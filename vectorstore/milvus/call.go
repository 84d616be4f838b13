package milvus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/milvus-io/milvus-proto/go-api/v2/commonpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/facekeep/facekeep/face"
)

// refusal is a server's answer that says no. The SDK keeps its text alone; the
// code tells what it is about.
type refusal struct {
	code   int32
	reason string
}

func (r *refusal) Error() string {
	return fmt.Sprintf("milvus refused (code %d): %s", r.code, r.reason)
}

// Codes of Milvus, by which a refusal is told from another.
const (
	codeCollectionNotFound  = 100
	codeCollectionNotLoaded = 101
	codeIndexNotFound       = 700
)

// isMissing reports whether the server says that the collection or index that a
// call is about does not exist.
func isMissing(err error) bool {
	r, ok := errors.AsType[*refusal](err)
	return ok && (r.code == codeCollectionNotFound || r.code == codeIndexNotFound)
}

// isUnloaded reports whether somebody has released the collection.
func isUnloaded(err error) bool {
	r, ok := errors.AsType[*refusal](err)
	return ok && r.code == codeCollectionNotLoaded
}

// surfaceRefusals is an interceptor that turns the status in an answer into an
// error before the SDK reduces it to text.
func surfaceRefusals(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	if err := invoke(ctx, method, req, reply, cc, opts...); err != nil {
		return err
	}
	s, ok := reply.(*commonpb.Status)
	if carrier, has := reply.(interface{ GetStatus() *commonpb.Status }); has {
		s, ok = carrier.GetStatus(), true
	}
	if !ok || s.GetCode() == 0 {
		return nil
	}
	return &refusal{code: s.GetCode(), reason: s.GetReason()}
}

func (s *Store) read(ctx context.Context, what string, do func(context.Context) error) error {
	return s.call(ctx, s.opts.ReadTimeout, what, do)
}

func (s *Store) write(ctx context.Context, what string, do func(context.Context) error) error {
	return s.call(ctx, s.opts.WriteTimeout, what, do)
}

func (s *Store) admin(ctx context.Context, what string, do func(context.Context) error) error {
	return s.call(ctx, s.opts.AdminTimeout, what, do)
}

// call does something within a time limit, again where the server could not be
// reached, and gives an error its kind. Everything that is called may be repeated.
func (s *Store) call(ctx context.Context, limit time.Duration, what string, do func(context.Context) error) error {
	pause := s.opts.FirstPause
	for attempt := 1; ; attempt++ {
		err := within(ctx, limit, do)
		if err == nil || ctx.Err() != nil || attempt >= s.opts.Attempts || !transient(err) {
			return kinded(ctx, err, what)
		}
		select {
		case <-ctx.Done():
			return kinded(ctx, err, what)
		case <-time.After(pause):
			pause *= 2
		}
	}
}

func within(ctx context.Context, limit time.Duration, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return do(ctx)
}

// transient reports whether an error is of the connection, so that the same call
// may succeed in a moment. A refusal is the server's last word, and after a time
// limit there is no more time.
func transient(err error) bool {
	if _, refused := errors.AsType[*refusal](err); refused {
		return false
	}
	s, ok := status.FromError(err)
	return ok && s.Code() == codes.Unavailable
}

// kinded gives an error of a call its kind: the caller's own end as Canceled or
// Timeout, everything else as Unavailable with its cause.
func kinded(ctx context.Context, err error, what string) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*face.Error](err); ok {
		return err
	}
	if ended := contextError(ctx); ended != nil {
		return ended
	}
	return face.Wrap(face.Unavailable, fmt.Errorf("%s: %w", what, err), "the index of templates cannot answer just now: try again soon")
}

// contextError gives the end of a context its kind.
func contextError(ctx context.Context) error {
	err := ctx.Err()
	if deadline, ok := ctx.Deadline(); err == nil && ok && !time.Now().Before(deadline) {
		err = context.DeadlineExceeded // the server noticed before the timer here
	}
	switch err {
	case nil:
		return nil
	case context.DeadlineExceeded:
		return face.Wrap(face.Timeout, err, "the index did not finish in time")
	}
	return face.Wrap(face.Canceled, err, "the request was given up")
}
