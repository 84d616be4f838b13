package httpx

import (
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
)

// AccessLog writes one line per request once it is answered, and it is the one
// place where errors of requests are logged. The route is the pattern, never
// the path, and of an error its kind and its cause: ids, names and what the
// client sent stay out of the log.
func AccessLog(log *slog.Logger) gin.HandlerFunc {
	return func(c *gin.Context) {
		start := time.Now()
		defer func() { // also when a panic goes on to the server
			log.LogAttrs(c.Request.Context(), level(c), "request", attributes(c, time.Since(start))...)
		}()
		c.Next()
	}
}

func attributes(c *gin.Context, took time.Duration) []slog.Attr {
	attrs := []slog.Attr{
		slog.String("method", method(c)),
		slog.String("route", route(c)),
		slog.Int("status", c.Writer.Status()),
		slog.Float64("duration_ms", float64(took)/float64(time.Millisecond)),
		slog.Int64("bytes_in", max(c.Request.ContentLength, 0)),
		slog.Int("bytes_out", max(c.Writer.Size(), 0)),
		slog.String("request_id", RequestIDOf(c)),
	}
	if id := c.GetString(keyIDKey); id != "" {
		attrs = append(attrs, slog.String("api_key", id))
	}
	if last := c.Errors.Last(); last != nil {
		attrs = append(attrs, errorAttributes(last.Err)...)
	}
	return attrs
}

func errorAttributes(err error) []slog.Attr {
	attrs := []slog.Attr{slog.String("error_kind", KindOf(err).String())}
	if cause := causeOf(err); cause != nil {
		attrs = append(attrs, slog.String("error_cause", cause.Error()))
	}
	if p, ok := errors.AsType[*panicError](err); ok {
		attrs = append(attrs, slog.String("stack", string(p.stack)))
	}
	return attrs
}

// causeOf returns what a log may hold of err. The message of a face.Error is
// for the client and may name a person's id: only the cause behind it counts.
func causeOf(err error) error {
	e, ok := errors.AsType[*face.Error](err)
	if !ok {
		return err
	}
	if e.Kind == face.Internal && e.Err == nil {
		return e
	}
	return e.Err
}

func level(c *gin.Context) slog.Level {
	switch {
	case c.Writer.Status() >= http.StatusInternalServerError:
		return slog.LevelError
	case c.GetBool(quietKey):
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

const quietKey = "httpx.quiet"

// Quiet has the requests of a route logged at debug level: probes and scrapes
// come every few seconds and say nothing.
func Quiet(c *gin.Context) { c.Set(quietKey, true) }

// route returns the pattern that a request matched.
func route(c *gin.Context) string {
	if p := c.FullPath(); p != "" {
		return p
	}
	return "unmatched"
}

// method returns the method of a request, with all that clients may invent
// taken together.
func method(c *gin.Context) string {
	switch m := c.Request.Method; m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodOptions, http.MethodConnect, http.MethodTrace:
		return m
	}
	return "other"
}
