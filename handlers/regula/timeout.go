package regula

import (
	"context"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/handlers/httpx"
)

// timeout bounds the work of one request, counted from when its body is read.
type timeout time.Duration

func (t timeout) context(c *gin.Context) (context.Context, context.CancelFunc) {
	return httpx.WithTimeout(c, time.Duration(t))
}
