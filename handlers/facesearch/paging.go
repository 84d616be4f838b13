package facesearch

import (
	"math"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

const (
	defaultPageSize = 100
	maxPageSize     = 1000
)

// pageQuery returns the page that a request asks for.
func pageQuery(c *gin.Context) (q face.PageQuery, err error) {
	text, err := httpx.ParseQuery(c)
	if err != nil {
		return q, err
	}
	if q.Number, err = text.Int("page", 1, 1, math.MaxInt32); err != nil {
		return q, err
	}
	q.Size, err = text.Int("page_size", defaultPageSize, 1, math.MaxInt32)
	q.Size = min(q.Size, maxPageSize)
	return q, err
}
