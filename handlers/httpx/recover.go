package httpx

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"

	"github.com/gin-gonic/gin"
)

// ErrorWriter answers a request with an error, in the words of a dialect.
type ErrorWriter func(c *gin.Context, err error)

// panicError is a panic of a handler, on its way to the access log.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

// Recover turns a panic of a handler into an Internal error that write answers.
// http.ErrAbortHandler goes on to the server, which drops the connection: so
// does a panic after the answer has begun, because half an answer must not look
// like a whole one.
func Recover(write ErrorWriter) gin.HandlerFunc {
	return func(c *gin.Context) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(v)
			}
			err := &panicError{value: v, stack: debug.Stack()}
			if c.Writer.Written() {
				KeepError(c, err)
				panic(http.ErrAbortHandler)
			}
			write(c, err)
		}()
		c.Next()
	}
}
