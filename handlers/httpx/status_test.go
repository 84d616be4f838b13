package httpx_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

func TestStatus(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		err  error
		want int
	}{
		{"invalid", face.Errorf(face.Invalid, "x"), http.StatusBadRequest},
		{"no key", face.Errorf(face.Unauthenticated, "x"), http.StatusUnauthorized},
		{"a key that does not allow it", face.Errorf(face.Forbidden, "x"), http.StatusForbidden},
		{"not found", face.Errorf(face.NotFound, "x"), http.StatusNotFound},
		{"conflict", face.Errorf(face.Conflict, "x"), http.StatusConflict},
		{"wrapped kind", fmt.Errorf("identify: %w", face.Errorf(face.NoFace, "x")), http.StatusUnprocessableEntity},
		{"many faces", face.Errorf(face.ManyFaces, "x"), http.StatusUnprocessableEntity},
		{"low quality", face.Errorf(face.LowQuality, "x"), http.StatusUnprocessableEntity},
		{"too large", face.Errorf(face.TooLarge, "x"), http.StatusRequestEntityTooLarge},
		{"overloaded", face.Errorf(face.Overloaded, "x"), http.StatusServiceUnavailable},
		{"unavailable", face.Errorf(face.Unavailable, "x"), http.StatusServiceUnavailable},
		{"timeout", face.Errorf(face.Timeout, "x"), http.StatusGatewayTimeout},
		{"canceled", face.Errorf(face.Canceled, "x"), httpx.StatusClientClosedRequest},
		{"unknown error is internal", errors.New("disk on fire"), http.StatusInternalServerError},
		{"a deadline that nobody classified", fmt.Errorf("query: %w", context.DeadlineExceeded), http.StatusGatewayTimeout},
		{"a client gone that nobody classified", fmt.Errorf("query: %w", context.Canceled), httpx.StatusClientClosedRequest},
		{"a classified error keeps its kind whatever its cause", face.Wrap(face.Unavailable, context.DeadlineExceeded, "x"), http.StatusServiceUnavailable},
		{"a kind of tomorrow is internal", face.Errorf(face.Kind(99), "x"), http.StatusInternalServerError},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := httpx.Status(tt.err); got != tt.want {
				t.Errorf("Status(%v) = %d, want %d", tt.err, got, tt.want)
			}
		})
	}
}

func TestMessageOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, want string
		err        error
	}{
		{"what a client may read", "no such list", face.Wrap(face.NotFound, errors.New("sql: no rows"), "no such list")},
		{"nothing of a fault of ours", "internal error", errors.New("password=hunter2")},
		{"a deadline", "the work was not finished in time", fmt.Errorf("scan: %w", context.DeadlineExceeded)},
		{"a client gone", "the client went away", fmt.Errorf("scan: %w", context.Canceled)},
		{"never empty", "internal error", &face.Error{Kind: face.Invalid}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := httpx.MessageOf(tt.err); got != tt.want || strings.Contains(got, "hunter2") {
				t.Errorf("MessageOf(%v) = %q, want %q", tt.err, got, tt.want)
			}
		})
	}
}
