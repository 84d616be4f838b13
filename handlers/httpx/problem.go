package httpx

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
)

// statusLinks are the sections that define the statuses this server answers
// with. They are the ones that ASP.NET services send, RFC 7231 and its
// companions, because clients may compare them.
var statusLinks = map[int]string{
	http.StatusBadRequest:            "https://tools.ietf.org/html/rfc7231#section-6.5.1",
	http.StatusUnauthorized:          "https://tools.ietf.org/html/rfc7235#section-3.1",
	http.StatusForbidden:             "https://tools.ietf.org/html/rfc7231#section-6.5.3",
	http.StatusNotFound:              "https://tools.ietf.org/html/rfc7231#section-6.5.4",
	http.StatusMethodNotAllowed:      "https://tools.ietf.org/html/rfc7231#section-6.5.5",
	http.StatusRequestTimeout:        "https://tools.ietf.org/html/rfc7231#section-6.5.7",
	http.StatusConflict:              "https://tools.ietf.org/html/rfc7231#section-6.5.8",
	http.StatusRequestEntityTooLarge: "https://tools.ietf.org/html/rfc7231#section-6.5.11",
	http.StatusUnprocessableEntity:   "https://tools.ietf.org/html/rfc4918#section-11.2",
	http.StatusTooManyRequests:       "https://tools.ietf.org/html/rfc6585#section-4",
	http.StatusInternalServerError:   "https://tools.ietf.org/html/rfc7231#section-6.6.1",
	http.StatusServiceUnavailable:    "https://tools.ietf.org/html/rfc7231#section-6.6.4",
	http.StatusGatewayTimeout:        "https://tools.ietf.org/html/rfc7231#section-6.6.5",
}

// retryAfter is how long a refused client is asked to wait, in seconds: the
// queue it was refused by is emptied in less.
const retryAfter = "1"

// BeginError keeps err for the access log, ends the chain of handlers, and asks
// a client that is to come back to wait. It reports whether the answer can still
// be given: not when it has begun already.
func BeginError(c *gin.Context, status int, err error) bool {
	KeepError(c, err)
	c.Abort()
	if c.Writer.Written() {
		return false
	}
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		c.Header("Retry-After", retryAfter)
	}
	return true
}

// WriteProblem answers with a problem body of the given status, as BeginError
// allows.
func WriteProblem(c *gin.Context, status int, err error) {
	if !BeginError(c, status, err) {
		return
	}
	c.Header("Content-Type", "application/problem+json; charset=utf-8")
	c.JSON(status, newProblem(c, status, err))
}

// DefaultProblem is WriteProblem with the status that Status gives, for what
// belongs to no dialect.
func DefaultProblem(c *gin.Context, err error) { WriteProblem(c, Status(err), err) }

func newProblem(c *gin.Context, status int, err error) Problem {
	p := Problem{
		Type: statusLinks[status], Title: statusTitle(status), Status: status,
		Detail: MessageOf(err), TraceID: RequestIDOf(c),
	}
	if p.Type == "" {
		p.Type = "about:blank"
	}
	if field := face.FieldOf(err); field != "" {
		p.Errors = map[string][]string{field: {p.Detail}}
		if !strings.Contains(p.Detail, field) {
			p.Detail = field + ": " + p.Detail
		}
	}
	return p
}

func statusTitle(status int) string {
	if status == StatusClientClosedRequest {
		return "Client Closed Request"
	}
	return http.StatusText(status)
}

// KeepError hands err to the access log, which writes it once.
func KeepError(c *gin.Context, err error) { _ = c.Error(err) }
