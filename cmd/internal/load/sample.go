package load

import (
	"net/http"
	"sync"
	"time"
)

// Sample is one request.
type Sample struct {
	At     time.Duration // when it was due, from the beginning of the run
	Took   time.Duration // from then to the last byte of the answer
	Status int           // 0: there was no answer
}

// Served says whether the request got what it asked for.
func (s Sample) Served() bool { return s.Status >= 200 && s.Status < 300 }

// Refused says whether the server had no room for it.
func (s Sample) Refused() bool {
	return s.Status == http.StatusTooManyRequests || s.Status == http.StatusServiceUnavailable
}

// recorder keeps every sample: some 24 bytes each, so that quantiles are exact.
type recorder struct {
	mu  sync.Mutex
	all []Sample
}

func (r *recorder) add(s Sample) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, s)
}
