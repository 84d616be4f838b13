package app

import (
	"os"
	"testing"

	"github.com/prometheus/procfs"
)

// What is given back is not in memory any more, and comes back when it is needed.
func TestGiveBackPages(t *testing.T) {
	t.Parallel()
	before := fileMemory(t)
	if err := giveBackPages(); err != nil {
		t.Skipf("not on this kernel: %v", err)
	}
	if after := fileMemory(t); after >= before {
		t.Errorf("got %d bytes of files in memory, want less than the %d before", after, before)
	}
}

func fileMemory(t *testing.T) uint64 {
	t.Helper()
	p, err := procfs.NewProc(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	status, err := p.NewStatus()
	if err != nil {
		t.Fatal(err)
	}
	return status.RssFile
}

func TestReadOnlyFile(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, line string
		from, size uintptr
		ok         bool
	}{
		{"code", "00400000-00401000 r-xp 00000000 fe:00 123 /opt/facekeep/bin/facekeep\n", 0x400000, 0x1000, true},
		{"constants, a blank in the path", "7f00aa000000-7f00aa200000 r--p 00001000 fe:00 123    /opt/my keep/lib.so\n", 0x7f00aa000000, 0x200000, true},
		{"variables", "00400000-00401000 rw-p 00000000 fe:00 123 /opt/facekeep/bin/facekeep\n", 0, 0, false},
		{"shared with others", "00400000-00401000 rw-s 00000000 fe:00 123 /data/facekeep.db-shm\n", 0, 0, false},
		{"no file", "00400000-00401000 r--p 00000000 00:00 0\n", 0, 0, false},
		{"the kernel's", "7fff00000000-7fff00002000 r-xp 00000000 00:00 0 [vdso]\n", 0, 0, false},
		{"a gap", "7fff00000000-7fff00002000 ---p 00000000 fe:00 123 /lib/libc.so.6\n", 0, 0, false},
		{"nothing", "", 0, 0, false},
	}
	for _, tt := range tests {
		from, size, ok := readOnlyFile(tt.line)
		if ok != tt.ok || ok && (from != tt.from || size != tt.size) {
			t.Errorf("%s: got %#x, %#x, %v, want %#x, %#x, %v", tt.name, from, size, ok, tt.from, tt.size, tt.ok)
		}
	}
}
