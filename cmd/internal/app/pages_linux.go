package app

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// pageOut is MADV_PAGEOUT of Linux 5.4: take these pages from memory. What comes from a
// file is read from it again when it is needed.
const pageOut = 21

// giveBackPages gives back to the system what is in memory of the program and of its
// libraries. The beginning of a program runs over most of it, once: packages and tables of
// operators are set up. What is needed later comes back at the first use, and is a third of
// it. The kernel does this only for files that the user of the process owns or may write,
// and that no other process has mapped; elsewhere nothing happens.
func giveBackPages() error {
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return fmt.Errorf("list what is mapped: %w", err)
	}
	for line := range strings.Lines(string(maps)) {
		from, size, ok := readOnlyFile(line)
		if !ok {
			continue
		}
		if _, _, errno := syscall.Syscall(syscall.SYS_MADVISE, from, size, pageOut); errno != 0 {
			return fmt.Errorf("give pages back: %w", errno)
		}
	}
	return nil
}

// readOnlyFile reads a line of /proc/PID/maps: where the mapping begins, and its size, if
// it is of a file and cannot be written.
func readOnlyFile(line string) (from, size uintptr, ok bool) {
	f := strings.Fields(line) // range, permissions, offset, device, inode, path
	if len(f) < 6 || !strings.HasPrefix(f[5], "/") || !strings.HasPrefix(f[1], "r-") {
		return 0, 0, false
	}
	first, last, _ := strings.Cut(f[0], "-")
	a, errA := strconv.ParseUint(first, 16, strconv.IntSize)
	b, errB := strconv.ParseUint(last, 16, strconv.IntSize)
	return uintptr(a), uintptr(b - a), errA == nil && errB == nil && a < b
}
