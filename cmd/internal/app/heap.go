package app

import (
	"os"
	"runtime/debug"
)

// growth is by how much of what is in use Go's heap may grow before garbage is collected,
// in percent. Go's default is 100. Collecting is cheap here, because nearly all of the heap
// is templates and pixels, which hold no pointers.
const growth = 50

// LimitHeap has garbage collected early, unless the environment says when (GOGC).
func LimitHeap() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(growth)
	}
}
