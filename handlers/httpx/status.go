package httpx

import (
	"context"
	"errors"
	"net/http"

	"github.com/facekeep/facekeep/face"
)

// StatusClientClosedRequest is logged for a request whose client went away
// before the answer. No client ever reads it.
const StatusClientClosedRequest = 499

// Status is the one place where the kind of an error becomes an HTTP status. A
// dialect whose contract asks for another one says so in its own errors.go.
func Status(err error) int {
	switch KindOf(err) {
	case face.Invalid:
		return http.StatusBadRequest
	case face.Unauthenticated:
		return http.StatusUnauthorized
	case face.Forbidden:
		return http.StatusForbidden
	case face.NotFound:
		return http.StatusNotFound
	case face.Conflict:
		return http.StatusConflict
	case face.NoFace, face.ManyFaces, face.LowQuality:
		return http.StatusUnprocessableEntity
	case face.TooLarge:
		return http.StatusRequestEntityTooLarge
	case face.Overloaded, face.Unavailable:
		return http.StatusServiceUnavailable
	case face.Timeout:
		return http.StatusGatewayTimeout
	case face.Canceled:
		return StatusClientClosedRequest
	case face.Internal: // no default: the linter names a Kind that is missing here
	}
	return http.StatusInternalServerError
}

// KindOf is face.KindOf, except that an error nobody classified but whose cause
// is a context that ended is a Timeout or Canceled, not a fault of ours.
func KindOf(err error) face.Kind {
	if kind := face.KindOf(err); kind != face.Internal {
		return kind
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return face.Timeout
	case errors.Is(err, context.Canceled):
		return face.Canceled
	}
	return face.Internal
}

// MessageOf is face.MessageOf with words for the errors that KindOf classifies.
// It is never empty.
func MessageOf(err error) string {
	if face.KindOf(err) != face.Internal {
		return face.MessageOf(err)
	}
	switch KindOf(err) { //nolint:exhaustive // the kinds that KindOf adds; all else is face's to say
	case face.Timeout:
		return "the work was not finished in time"
	case face.Canceled:
		return "the client went away"
	}
	return face.MessageOf(err)
}
