package httpx

import (
	"context"
	"time"

	"github.com/gin-gonic/gin"
)

// Timeout bounds the work of one request. Zero is no bound.
type Timeout time.Duration

// Context returns the context of a request, bounded to the time that its work may
// take. It is made once the body is read, so that a slow line does not eat the time of
// the work.
func (t Timeout) Context(c *gin.Context) (context.Context, context.CancelFunc) {
	if t <= 0 {
		return context.WithCancel(c.Request.Context())
	}
	return context.WithTimeout(c.Request.Context(), time.Duration(t))
}
