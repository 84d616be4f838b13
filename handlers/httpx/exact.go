package httpx

import (
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
)

// ExactHeader asks that a search compare the probe with every template, whatever
// it costs, where the index is approximate otherwise.
const ExactHeader = "X-Facekeep-Exact"

// Exact reports whether a request asks for an exact search. It returns an Invalid
// error for a value that is neither true nor false.
func Exact(c *gin.Context) (bool, error) {
	switch strings.ToLower(strings.TrimSpace(c.GetHeader(ExactHeader))) {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	}
	return false, face.FieldErrorf(ExactHeader, "the header %s must be true or false", ExactHeader)
}
