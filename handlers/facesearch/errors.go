package facesearch

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// fault is an error as the contract writes it. Without a message the error's own is
// told, after the words that come before it.
type fault struct {
	status          int
	code            string
	message, before string
}

// The faults of the contract; then those that every server has some day, and for
// which it has no word.
var (
	faultNoFace     = fault{status: http.StatusBadRequest, code: "ERR_FACE_NOT_DETECTED", message: "A face could not be detected in the image(s)."}
	faultNoKey      = fault{status: http.StatusUnauthorized, code: "ERR_API_KEY_NOT_PRESENT", message: "The API key is missing from the request."}
	faultKey        = fault{status: http.StatusForbidden, code: "ERR_API_KEY_NOT_VALID", message: "The API key is not valid."}
	faultNotFound   = fault{status: http.StatusNotFound, code: "ERR_NOT_FOUND", message: "The requested entity could not be found."}
	faultLiveness   = fault{status: http.StatusUnprocessableEntity, code: "ERR_LIVENESS_ERROR", message: "A liveness error occurred. Please check the supplied image and the error metadata."}
	faultPicture    = fault{status: http.StatusUnprocessableEntity, code: "ERR_BASE64_IMAGE_CANNOT_BE_DECODED", message: "The posted Base64 image(s) could not be decoded as JPEG/PNG bytes."}
	faultUnreadable = fault{status: http.StatusUnprocessableEntity, code: "ERR_UNPROCESSABLE_CONTENT", before: "Invalid request: "}

	faultMethod   = fault{status: http.StatusMethodNotAllowed, code: "ERR_METHOD_NOT_ALLOWED"}
	faultConflict = fault{status: http.StatusConflict, code: "ERR_CONFLICT"}
	faultTooLarge = fault{status: http.StatusRequestEntityTooLarge, code: "ERR_CONTENT_TOO_LARGE"}
	faultAway     = fault{status: http.StatusServiceUnavailable, code: "ERR_UNAVAILABLE"}
	faultTimeout  = fault{status: http.StatusGatewayTimeout, code: "ERR_TIMEOUT"}
	faultGone     = fault{status: httpx.StatusClientClosedRequest, code: "ERR_TIMEOUT"} // nobody reads it
	faultInternal = fault{status: http.StatusInternalServerError, code: "ERR_INTERNAL"}
)

// pictureError is an error about a picture that cannot be decoded.
type pictureError struct{ error }

func (e pictureError) Unwrap() error { return e.error }

// aboutPicture makes an error of looking at a picture one about the picture, where
// the picture is to blame: all else that a request says was checked before.
func aboutPicture(err error) error {
	if kind := face.KindOf(err); err != nil && (kind == face.Invalid || kind == face.TooLarge) {
		return pictureError{err}
	}
	return err
}

// vocabulary holds our names of fields that the gallery has others for.
type vocabulary map[string]string

var (
	personWords     = vocabulary{"id": "person_id", "fullName": "person_name", "displayName": "person_name"}
	collectionWords = vocabulary{"id": "collection_name", "fullName": "collection_name", "displayName": "collection_name"}
)

// translate makes an error about a field of the gallery one about the field of ours.
func (v vocabulary) translate(err error) error {
	e, ok := errors.AsType[*face.Error](err)
	if !ok || v[e.Field] == "" {
		return err
	}
	ours := *e
	ours.Field = v[e.Field]
	ours.Msg = strings.Replace(e.Msg, e.Field, ours.Field, 1)
	return &ours
}

// faultOf is the table from errors to faults.
func faultOf(err error) fault {
	if _, ok := errors.AsType[pictureError](err); ok {
		return faultPicture
	}
	if _, ok := errors.AsType[livenessError](err); ok {
		return faultLiveness
	}
	switch httpx.KindOf(err) {
	case face.NoFace:
		return faultNoFace
	case face.Unauthenticated:
		if httpx.IsKeyAbsent(err) {
			return faultNoKey
		}
		return faultKey
	case face.Forbidden:
		return faultKey
	case face.NotFound:
		return faultNotFound
	case face.Invalid, face.ManyFaces, face.LowQuality:
		return faultUnreadable
	case face.Conflict:
		return faultConflict
	case face.TooLarge:
		return faultTooLarge
	case face.Overloaded, face.Unavailable:
		return faultAway
	case face.Timeout:
		return faultTimeout
	case face.Canceled:
		return faultGone
	case face.Internal: // no default: the linter names a Kind that is missing here
	}
	return faultInternal
}

// retryAfter is how long a client is asked to wait that met a full queue, in seconds.
const retryAfter = "1"

// WriteError answers with the body of an error, keeps the error for the access log,
// and ends the chain of handlers.
func WriteError(c *gin.Context, err error) { write(c, faultOf(err), err) }

// WriteStatus is WriteError for a path of the dialect that no route matches.
func WriteStatus(c *gin.Context, status int, err error) {
	f := faultOf(err)
	if status == http.StatusMethodNotAllowed {
		f = faultMethod
	}
	write(c, f, err)
}

func write(c *gin.Context, f fault, err error) {
	httpx.KeepError(c, err)
	c.Abort()
	if c.Writer.Written() {
		return
	}
	body := errorBody{Code: f.code, Message: f.message}
	if body.Message == "" {
		body.Message = f.before + httpx.MessageOf(err)
	}
	if e, ok := errors.AsType[livenessError](err); ok {
		body.Metadata = &errorMetadata{Code: e.code}
	}
	if f.status == http.StatusServiceUnavailable {
		c.Header("Retry-After", retryAfter)
	}
	c.JSON(f.status, body)
}

// writeJSON answers with v, or with an error if v cannot be written as JSON.
func writeJSON(c *gin.Context, status int, v any) {
	if err := httpx.WriteJSON(c, status, v); err != nil {
		WriteError(c, err)
	}
}
