package face

import (
	"errors"
	"fmt"
)

// Kind says what the caller can do about an error. The zero Kind is Internal,
// so that an error nobody classified is never blamed on the client.
type Kind int

// The kinds of error, from the caller's point of view.
const (
	Internal        Kind = iota // a fault of ours or of a part we use; not for the client's eyes
	Invalid                     // the request is wrong and will be wrong again
	NotFound                    // something that the request names does not exist
	Conflict                    // something that the request would make exists already
	NoFace                      // the picture is fine, but no face that counts is in it
	ManyFaces                   // the picture holds several faces where exactly one is wanted
	LowQuality                  // the face is not good enough for what was asked
	TooLarge                    // the request, or a picture in it, is over a size limit
	Overloaded                  // the queue is full: try again soon
	Timeout                     // the work was begun but not finished in time
	Unavailable                 // a part that the answer needs cannot be reached just now
	Canceled                    // the caller went away before the answer
	Unauthenticated             // no key was given, or none that is valid
	Forbidden                   // the key is good, but it does not allow this
)

var kindNames = [...]string{
	Internal: "internal", Invalid: "invalid", NotFound: "not_found", Conflict: "conflict",
	NoFace: "no_face", ManyFaces: "many_faces", LowQuality: "low_quality", TooLarge: "too_large",
	Overloaded: "overloaded", Timeout: "timeout", Unavailable: "unavailable", Canceled: "canceled",
	Unauthenticated: "unauthenticated", Forbidden: "forbidden",
}

// String returns the kind as logs and metrics write it, in snake_case.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		return fmt.Sprintf("kind(%d)", int(k))
	}
	return kindNames[k]
}

// Error is the only error type that crosses a package border.
type Error struct {
	Kind  Kind   // what the caller can do about it
	Msg   string // safe to show to a client
	Field string // the input it is about, in the caller's own words; empty if none
	Err   error  // the cause, for the log only
}

// Error returns the message and, behind it, the cause.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.Msg
	}
	if e.Msg == "" {
		return e.Err.Error()
	}
	return e.Msg + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an error of a kind whose message a client may see: never format
// a secret, a path or an internal detail into it. A cause goes through Wrap.
func Errorf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Msg: fmt.Sprintf(format, args...)}
}

// Wrap makes an error of a kind with a message for the client and a cause for
// the log.
func Wrap(kind Kind, cause error, msg string) *Error {
	return &Error{Kind: kind, Msg: msg, Err: cause}
}

// FieldErrorf makes an Invalid error about one input field.
func FieldErrorf(field, format string, args ...any) *Error {
	return &Error{Kind: Invalid, Msg: fmt.Sprintf(format, args...), Field: field}
}

// KindOf returns the kind of the nearest *Error in err's chain, and Internal
// if there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// MessageOf returns what a client may read of err: the message of the nearest
// *Error, or "internal error" when it has none or its kind is Internal.
func MessageOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok && e.Kind != Internal && e.Msg != "" {
		return e.Msg
	}
	return "internal error"
}

// FieldOf returns the input field that err is about, or "".
func FieldOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Field
	}
	return ""
}
