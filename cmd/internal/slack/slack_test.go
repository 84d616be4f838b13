package slack_test

import (
	"errors"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"testing"

	_ "github.com/facekeep/facekeep/cmd/internal/slack"
)

// All threads have the slack: those, too, that were there before main.
func TestThreads(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("the timer slack is one of Linux")
	}
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, thread := range threads {
		text, err := os.ReadFile("/proc/" + thread.Name() + "/timerslack_ns")
		switch {
		case errors.Is(err, fs.ErrNotExist): // the thread has ended
			continue
		case errors.Is(err, fs.ErrPermission): // not without CAP_SYS_NICE, other than of this thread
			continue
		case err != nil:
			t.Fatal(err)
		}
		seen++
		if got, want := strings.TrimSpace(string(text)), "2000000"; got != want {
			t.Errorf("the timer slack of thread %s is %s ns, want %s", thread.Name(), got, want)
		}
	}
	if seen == 0 && os.Geteuid() == 0 {
		t.Error("no thread was seen")
	}
}
