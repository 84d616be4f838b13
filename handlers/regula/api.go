package regula

import (
	"time"

	"github.com/facekeep/facekeep/handlers/fetch"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// Gallery is all that the dialect needs of the gallery. The interfaces lie with
// the operations that use them.
type Gallery interface {
	inspector
	matcher
	personKeeper
	groupKeeper
	linker
	imageKeeper
	identifier
	transactions
}

// Options are the parts and settings of the dialect.
type Options struct {
	Gallery   Gallery
	Pictures  *fetch.Fetcher // gets pictures that clients name by address; nil: none
	Ready     []httpx.Check  // what readiness asks
	Access    *httpx.Access  // asks for keys; nil: lets everybody in
	Timeout   time.Duration  // for the work of one request once its body is read, 0: no bound
	BodyLimit int64          // bytes of a request body
	Bodies    *httpx.Budget  // memory for the bodies of all requests; nil: no bound
}
