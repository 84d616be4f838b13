package regula

import (
	"math"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// maxPageSize is the size of a page where a client names none, and the most items
// of one: totalPages counts pages of the size that is answered, so that clients
// that go through all of them see everything.
const maxPageSize = 1000

// newPaging reads which page a listing was asked for. The newest come first.
func newPaging(c *gin.Context) (face.PageQuery, error) {
	q := face.PageQuery{Total: true}
	text, err := httpx.ParseQuery(c)
	if err != nil {
		return q, err
	}
	if q.Number, err = text.Int("page", 1, 1, math.MaxInt32); err != nil {
		return q, err
	}
	q.Size, err = text.Int("size", maxPageSize, 1, math.MaxInt32)
	q.Size = min(q.Size, maxPageSize)
	return q, err
}

func newPageHead(q face.PageQuery, total int) pageHead {
	return pageHead{Page: q.Number, TotalPages: face.Pages(total, q.Size)}
}
