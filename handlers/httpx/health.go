package httpx

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// checkTimeout bounds each check of a part: an orchestrator gives up sooner
// than a client.
const checkTimeout = 2 * time.Second

// Check tells whether a part that answers need is there.
type Check struct {
	Name  string                          // one word: "database"
	Info  string                          // what to show of it: "sqlite", "cpu"; may be empty
	Check func(ctx context.Context) error // nil: always there

	// State, in place of Check, is for a part that can be there in part: the detail
	// says what is wrong while answers are given all the same.
	State func(ctx context.Context) (detail string, err error)
}

const (
	stateOK          = "ok"
	stateUnavailable = "unavailable"
)

// Alive answers that the process runs, whatever state its parts are in.
func Alive(c *gin.Context) {
	Quiet(c)
	c.JSON(http.StatusOK, health{Status: stateOK})
}

// Ready answers 200 when every part is there and 503 otherwise, with the state
// of each. Details of a failure go to the log.
func Ready(checks []Check) gin.HandlerFunc {
	return func(c *gin.Context) {
		Quiet(c)
		out, status := health{Status: stateOK, Parts: make(map[string]partHealth, len(checks))}, http.StatusOK
		for _, check := range checks {
			part := partHealth{Status: stateOK, Info: check.Info}
			var err error
			if part.Detail, err = check.Run(c); err != nil {
				part.Status, part.Error = stateUnavailable, MessageOf(err)
				out.Status, status = stateUnavailable, http.StatusServiceUnavailable
				KeepError(c, err)
			}
			out.Parts[check.Name] = part
		}
		c.JSON(status, out)
	}
}

// Run asks a part for its state, within two seconds.
func (check Check) Run(c *gin.Context) (detail string, err error) {
	ctx, cancel := Timeout(checkTimeout).Context(c)
	defer cancel()
	switch {
	case check.State != nil:
		return check.State(ctx)
	case check.Check != nil:
		return "", check.Check(ctx)
	}
	return "", nil
}
