package regula

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// statusOf is the contract's table from errors to statuses. It differs from
// httpx.Status in two ways: what is wrong with a picture is 400, and only a body
// over its limit, not a picture, is 413.
func statusOf(err error) int {
	switch httpx.KindOf(err) {
	case face.NoFace, face.ManyFaces, face.LowQuality:
		return http.StatusBadRequest
	case face.TooLarge:
		if !httpx.IsBodyLimit(err) {
			return http.StatusBadRequest
		}
	case face.Internal, face.Invalid, face.NotFound, face.Conflict, face.Overloaded,
		face.Unavailable, face.Timeout, face.Canceled, face.Unauthenticated, face.Forbidden:
	}
	return httpx.Status(err)
}

// typeOf names a kind of error. The contract gives one of the names, that of a
// bad request.
func typeOf(status int) string {
	switch status {
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge:
		return "BadParamsException"
	case http.StatusUnauthorized:
		return "UnauthorizedException"
	case http.StatusForbidden:
		return "ForbiddenException"
	case http.StatusNotFound:
		return "NotFoundException"
	case http.StatusMethodNotAllowed:
		return "MethodNotAllowedException"
	case http.StatusConflict:
		return "ConflictException"
	case http.StatusServiceUnavailable:
		return "ServiceUnavailableException"
	case http.StatusGatewayTimeout:
		return "TimeoutException"
	}
	return "InternalServerException"
}

// WriteError answers with the operation log of an error.
func WriteError(c *gin.Context, err error) { WriteStatus(c, statusOf(err), err) }

// WriteStatus answers with the operation log of an error and a status.
func WriteStatus(c *gin.Context, status int, err error) {
	writeLog(c, status, typeOf(status), httpx.MessageOf(err), err)
}

func writeLog(c *gin.Context, status int, kind, msg string, err error) {
	if !httpx.BeginError(c, status, err) {
		return
	}
	echoRequestID(c) // where no route matched, nothing else has
	metadata := map[string]string{"requestId": httpx.RequestIDOf(c)}
	if field := face.FieldOf(err); field != "" {
		metadata["field"] = field
	}
	writeJSON(c, status, operationLog{StatusCode: status, Type: kind, Msg: msg, Metadata: metadata})
}

// writeJSON answers with v, or with an error if v cannot be written as JSON.
func writeJSON(c *gin.Context, status int, v any) {
	if err := httpx.WriteJSON(c, status, v); err != nil {
		WriteError(c, err)
	}
}
