package httpx

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
)

// Many clients send all of a body before they read a word of the answer. So
// what is over the limit, or refused unread, is read to the end and thrown away,
// within bounds: else they would see a broken connection instead of the reason.
const (
	drainTime  = 10 * time.Second
	drainTimes = 4 // times the limit
)

// BodyLimit bounds the bodies of requests to limit bytes each, and all of them
// together to a budget (nil: no bound). Reading beyond the limit gives a TooLarge
// error, which IsBodyLimit tells from others of that kind; where the budget is
// used up, reading gives Overloaded.
func BodyLimit(limit int64, budget *Budget) gin.HandlerFunc {
	return func(c *gin.Context) {
		body := &limitedBody{
			limited: http.MaxBytesReader(c.Writer, c.Request.Body, limit), whole: c.Request.Body,
			limit: limit, tooLong: c.Request.ContentLength > limit, memory: share{of: budget},
		}
		c.Request.Body = body
		defer body.memory.giveBack() // when nothing holds the body any more
		c.Next()
		unread := !body.begun && c.IsAborted() && c.Request.ContentLength != 0 // refused for its headers or its address
		if (body.tooLong || body.refused || unread) && !waitsForContinue(c.Request, body.begun) {
			drain(c, body.whole, drainTimes*limit)
		}
	}
}

// IsBodyLimit reports whether err says that the body of a request is over its
// limit (and not, say, a picture in it).
func IsBodyLimit(err error) bool {
	_, ok := errors.AsType[*http.MaxBytesError](err)
	return ok
}

// limitedBody is http.MaxBytesReader with our own error, and it does not read
// at all what is too long by its stated length.
type limitedBody struct {
	limited, whole io.ReadCloser
	limit          int64
	tooLong, begun bool
	refused        bool // for want of memory
	read           int64
	memory         share
}

func (b *limitedBody) Read(p []byte) (int, error) {
	if b.tooLong {
		return 0, b.error(&http.MaxBytesError{Limit: b.limit})
	}
	b.begun = true
	n, err := b.limited.Read(p)
	b.read += int64(n)
	if err := b.memory.cover(b.read); err != nil {
		b.refused = true
		return 0, err
	}
	if err != nil && IsBodyLimit(err) {
		b.tooLong = true
		return n, b.error(err)
	}
	return n, err
}

func (b *limitedBody) error(cause error) error {
	e := face.Errorf(face.TooLarge, "the request body is larger than %d bytes", b.limit)
	e.Err = cause
	return e
}

func (b *limitedBody) Close() error { return b.limited.Close() }

// waitsForContinue reports whether the client has not sent its body yet and
// will not, once it has read our refusal.
func waitsForContinue(r *http.Request, begun bool) bool {
	return !begun && strings.EqualFold(r.Header.Get("Expect"), "100-continue")
}

func drain(c *gin.Context, body io.Reader, limit int64) {
	control := http.NewResponseController(c.Writer)
	c.Header("Connection", "close")
	_ = control.Flush()
	_ = control.SetReadDeadline(time.Now().Add(drainTime))
	_, _ = io.CopyN(io.Discard, body, limit)
}
