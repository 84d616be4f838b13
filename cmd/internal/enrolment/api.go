package enrolment

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/facekeep/facekeep/cmd/internal/remote"
	"github.com/facekeep/facekeep/face"
)

const prefix = "/api/v1/"

// faults is how often a request is sent that the server answers with a fault of its
// own, which may be one of the picture.
const faults = 3

// sender is all that an enrolment needs of a client.
type sender interface {
	Send(ctx context.Context, method, path string, body []byte) (remote.Answer, error)
}

// api sends the requests of an enrolment, again where that may help: while the server
// cannot be reached, is restarted or refuses for want of room.
type api struct {
	server   sender
	patience time.Duration // with one request
}

// send returns the last answer. That the server cannot be reached or has no room after
// all patience is Unavailable; that it does not let the client in is Unauthenticated or
// Forbidden.
func (a *api) send(ctx context.Context, method, path string, body any) (remote.Answer, error) {
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			return remote.Answer{}, err
		}
	}
	left := faults
	answer, err := backoff.Retry(ctx, func() (remote.Answer, error) {
		got, err := a.server.Send(ctx, method, prefix+path, data)
		if err != nil {
			return got, face.Wrap(face.Unavailable, err, "the server cannot be reached")
		}
		return got, again(got, &left)
	}, backoff.WithBackOff(pauses()), backoff.WithMaxElapsedTime(a.patience))
	if ctx.Err() != nil {
		return answer, ctx.Err()
	}
	if isFault(answer.Status) {
		return answer, nil // and not of the whole run
	}
	if wait, ok := errors.AsType[*backoff.RetryAfterError](err); ok {
		err = face.Wrap(face.Unavailable, wait, "the server refuses for want of room: "+answer.Reason())
	}
	return answer, err
}

// pauses grow from a quarter of a second to half a minute, and differ from client to
// client.
func pauses() *backoff.ExponentialBackOff {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval, b.Multiplier = 250*time.Millisecond, 30*time.Second, 2
	return b
}

// again returns nil for an answer that is the last word.
func again(a remote.Answer, left *int) error {
	switch a.Status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		if a.RetryAfter > 0 {
			return &backoff.RetryAfterError{Duration: a.RetryAfter}
		}
		return face.Errorf(face.Unavailable, "the server refuses for want of room: %s", a.Reason())
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		return face.Errorf(face.Unavailable, "the server cannot be reached: %s", a.Reason())
	case http.StatusUnauthorized:
		return backoff.Permanent(face.Errorf(face.Unauthenticated, "the server asks for a key: %s", a.Reason()))
	case http.StatusForbidden:
		return backoff.Permanent(face.Errorf(face.Forbidden, "the key does not allow it: %s", a.Reason()))
	}
	if isFault(a.Status) {
		if *left--; *left > 0 {
			return errors.New(a.Reason())
		}
	}
	return nil
}

// isFault says whether a status is a fault of the server that one request alone may
// meet.
func isFault(status int) bool {
	return status == http.StatusRequestTimeout || status == http.StatusInternalServerError
}

// watchlist makes sure that there is a watchlist. One that is missing is NotFound,
// unless it is to be made.
func (a *api) watchlist(ctx context.Context, id string, create bool) error {
	got, err := a.send(ctx, http.MethodGet, "Watchlists/"+url.PathEscape(id), nil)
	if err != nil {
		return err
	}
	if got.Status == http.StatusNotFound {
		if !create {
			return face.Errorf(face.NotFound, "there is no watchlist %q: make it, or call with --create", id)
		}
		got, err = a.send(ctx, http.MethodPut, "Watchlists", watchlistRequest{ID: id, DisplayName: id, FullName: id})
		if err != nil {
			return err
		}
	}
	return expect(got, "the watchlist "+id, http.StatusOK, http.StatusCreated)
}

// link puts a member on a watchlist, if it is not there.
func (a *api) link(ctx context.Context, watchlist, member string) error {
	got, err := a.send(ctx, http.MethodPost, "WatchlistMembers/LinkToWatchlist", linkRequest{WatchlistID: watchlist, MemberIDs: []string{member}})
	if err != nil {
		return err
	}
	return expect(got, "the member "+member, http.StatusNoContent, http.StatusOK)
}

func expect(a remote.Answer, what string, wants ...int) error {
	if slices.Contains(wants, a.Status) {
		return nil
	}
	return face.Errorf(face.Unavailable, "%s: the server answered %d: %s", what, a.Status, a.Reason())
}
