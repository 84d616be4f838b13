package httpx

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
)

// TimingHeader asks with the value true that the answer tell in a Server-Timing header
// what its steps took, in ms.
const TimingHeader = "X-Facekeep-Timing"

// Timing times the requests that ask for it. It costs the others nothing.
func Timing(c *gin.Context) {
	if !strings.EqualFold(strings.TrimSpace(c.GetHeader(TimingHeader)), "true") {
		return
	}
	ctx, timing := face.WithTiming(c.Request.Context())
	c.Request = c.Request.WithContext(ctx)
	c.Writer = &timedWriter{ResponseWriter: c.Writer, timing: timing, start: time.Now()}
}

// timedWriter writes the header at the last moment at which it can be written.
type timedWriter struct {
	gin.ResponseWriter

	timing *face.Timing
	start  time.Time
}

func (w *timedWriter) stamp() {
	if w.Written() {
		return
	}
	var text strings.Builder
	for _, s := range append(w.timing.Steps(), face.Step{Name: "total", Took: time.Since(w.start)}) {
		if text.Len() > 0 {
			text.WriteString(", ")
		}
		fmt.Fprintf(&text, "%s;dur=%.2f", s.Name, s.Took.Seconds()*1e3)
	}
	w.Header().Set("Server-Timing", text.String())
}

// Write implements http.ResponseWriter.
func (w *timedWriter) Write(data []byte) (int, error) {
	w.stamp()
	return w.ResponseWriter.Write(data)
}

// WriteString implements io.StringWriter.
func (w *timedWriter) WriteString(s string) (int, error) {
	w.stamp()
	return w.ResponseWriter.WriteString(s)
}

// WriteHeaderNow implements gin.ResponseWriter.
func (w *timedWriter) WriteHeaderNow() {
	w.stamp()
	w.ResponseWriter.WriteHeaderNow()
}

// Flush implements http.Flusher.
func (w *timedWriter) Flush() {
	w.stamp()
	w.ResponseWriter.Flush()
}

// Unwrap lets http.ResponseController find what is below.
func (w *timedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
