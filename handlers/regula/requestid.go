package regula

import (
	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/handlers/httpx"
)

// echoRequestID answers with the id of the request under this dialect's name of
// the header as well. The id is the client's own where it sent a sane one.
func echoRequestID(c *gin.Context) {
	c.Header(httpx.RequestLabelHeader, httpx.RequestIDOf(c))
}
