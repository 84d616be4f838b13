package smartface

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// statusOf is the contract's table from errors to statuses. It differs from
// httpx.Status in three ways: what is wrong with a picture is 400, for clients
// read that as "no face detected"; only a body over its limit, not a picture, is
// 413; and a timeout is 408.
func statusOf(err error) int {
	switch httpx.KindOf(err) {
	case face.NoFace, face.ManyFaces, face.LowQuality:
		return http.StatusBadRequest
	case face.TooLarge:
		if !httpx.IsBodyLimit(err) {
			return http.StatusBadRequest
		}
	case face.Timeout:
		return http.StatusRequestTimeout
	case face.Internal, face.Invalid, face.NotFound, face.Conflict, face.Overloaded, face.Unavailable, face.Canceled,
		face.Unauthenticated, face.Forbidden:
	}
	return httpx.Status(err)
}

// registerStatusOf is statusOf for Register, the one operation that documents
// 429: there a full queue is the client's cue to slow down.
func registerStatusOf(err error) int {
	if httpx.KindOf(err) == face.Overloaded {
		return http.StatusTooManyRequests
	}
	return statusOf(err)
}

// WriteError answers with the problem body of an error.
func WriteError(c *gin.Context, err error) { httpx.WriteProblem(c, statusOf(err), err) }

func writeRegisterError(c *gin.Context, err error) {
	httpx.WriteProblem(c, registerStatusOf(err), err)
}

// writeJSON answers with v, or with a problem if v cannot be written as JSON.
func writeJSON(c *gin.Context, status int, v any) {
	if err := httpx.WriteJSON(c, status, v); err != nil {
		WriteError(c, err)
	}
}
