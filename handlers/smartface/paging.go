package smartface

import (
	"math"
	"strconv"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// The contract lets PageSize be any positive integer of 32 bits. What is asked
// beyond maxPageSize is answered with maxPageSize, and says so in pageSize:
// clients that follow nextPage see everything.
const (
	defaultPageSize = 100
	maxPageSize     = 1000
)

// paging is what a listing was asked for.
type paging struct {
	query face.PageQuery
	text  httpx.Query
	path  string // escaped, as routed
}

func newPaging(c *gin.Context) (paging, error) {
	p := paging{path: c.Request.URL.EscapedPath()}
	var err error
	if p.text, err = httpx.ParseQuery(c); err != nil {
		return p, err
	}
	if p.query.Number, err = p.text.Int("PageNumber", 1, 1, math.MaxInt32); err != nil {
		return p, err
	}
	if p.query.Size, err = p.text.Int("PageSize", defaultPageSize, 1, math.MaxInt32); err != nil {
		return p, err
	}
	p.query.Size = min(p.query.Size, maxPageSize)
	if p.query.Ascending, err = p.text.Bool("Ascending"); err != nil {
		return p, err
	}
	p.query.Total, err = p.text.Bool("ShowTotalCount")
	return p, err
}

// head returns what a page says of itself: links to its neighbours that keep
// the rest of the query.
func (p paging) head(more bool, total int) pageHead {
	h := pageHead{PageSize: p.query.Size, PageNumber: p.query.Number}
	if p.query.Total {
		h.TotalItemsCount = &total
	}
	if p.query.Number > 1 {
		h.PreviousPage = p.link(p.query.Number - 1)
	}
	if more {
		h.NextPage = p.link(p.query.Number + 1)
	}
	return h
}

func (p paging) link(number int) *string {
	link := p.path + "?" + p.text.With("PageNumber", strconv.Itoa(number))
	return &link
}
