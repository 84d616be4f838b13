package app

import (
	"context"
	"log/slog"
	"os"
	"runtime/debug"
)

// growth is by how much of what is in use Go's heap may grow before garbage is collected,
// in percent. Go's default is 100. Collecting is cheap here, because nearly all of the heap
// is templates and pixels, which hold no pointers.
const growth = 30

// LimitHeap has garbage collected early, unless the environment says when (GOGC).
func LimitHeap() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(growth)
	}
}

// GiveBack gives back to the system what was needed up to here and is not any more: what
// the packages of the program took to set up, and what a server took to start.
func GiveBack(ctx context.Context, log *slog.Logger) {
	debug.FreeOSMemory()
	if err := giveBackPages(); err != nil {
		log.DebugContext(ctx, "the pages of the program stay in memory", slog.Any("error", err))
	}
}
