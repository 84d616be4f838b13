package regula

import (
	"time"

	"github.com/facekeep/facekeep/handlers/httpx"
)

// Gallery is all that the dialect needs of the gallery. The interfaces lie with
// the operations that use them.
type Gallery interface{}

// Options are the parts and settings of the dialect.
type Options struct {
	Gallery   Gallery
	Version   string        // of the program, for healthz
	Ready     []httpx.Check // what readiness asks
	Timeout   time.Duration // for the work of one request once its body is read, 0: no bound
	BodyLimit int64         // bytes of a request body
	Bodies    *httpx.Budget // memory for the bodies of all requests; nil: no bound
}
