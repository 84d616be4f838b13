package httpx

import (
	"cmp"
	"regexp"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
)

// RequestIDHeader carries the id of a request, both ways.
const RequestIDHeader = "X-Request-Id"

// RequestLabelHeader is how clients of some dialects name theirs. It counts where
// RequestIDHeader is not there.
const RequestLabelHeader = "X-RequestID"

const requestIDKey = "httpx.request_id"

// requestIDs are what is taken over from a client: short, and harmless in a
// log line and in a header.
var requestIDs = regexp.MustCompile(`^[A-Za-z0-9._:/+=@-]{1,128}$`)

// RequestID gives each request an id: the client's own if it sent a sane one,
// else a new UUID. It is echoed as a header and written to the access log.
func RequestID() gin.HandlerFunc {
	return func(c *gin.Context) {
		id := cmp.Or(c.GetHeader(RequestIDHeader), c.GetHeader(RequestLabelHeader))
		if !requestIDs.MatchString(id) {
			id = uuid.NewString()
		}
		c.Set(requestIDKey, id)
		c.Header(RequestIDHeader, id)
		c.Next()
	}
}

// RequestIDOf returns the id that RequestID gave, or "".
func RequestIDOf(c *gin.Context) string { return c.GetString(requestIDKey) }
