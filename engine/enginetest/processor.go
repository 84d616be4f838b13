// Package enginetest holds what benchmarks of the engine, and of what runs it, share.
package enginetest

import (
	"syscall"
	"testing"
	"time"
)

// ProcessorTime returns what this process (syscall.RUSAGE_SELF) or thread
// (syscall.RUSAGE_THREAD) has taken so far.
func ProcessorTime(tb testing.TB, who int) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(who, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
