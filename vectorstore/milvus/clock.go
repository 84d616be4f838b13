package milvus

import (
	"math/rand/v2"
	"sync"
	"time"
)

// clock numbers writes: later ones higher, also within one instant, and never
// the same in two processes but by a chance of one in a thousand within the same
// microsecond. Of two rows of a face the one with the higher number is in force.
type clock struct {
	mu   sync.Mutex
	last int64
	node int64 // below 1024, drawn once; 0 before
}

// next returns nanoseconds since 1970, whose last ten bits name the process.
func (c *clock) next() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.node == 0 {
		c.node = 1 + rand.Int64N(1023) //nolint:gosec // tells processes apart, guards nothing
	}
	const step = 1024
	c.last = max(time.Now().UnixNano()/step, c.last/step+1)*step + c.node
	return c.last
}
