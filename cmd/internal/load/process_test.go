package load_test

import (
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/facekeep/facekeep/cmd/internal/load"
	"github.com/facekeep/facekeep/cmd/internal/remote"
	"github.com/facekeep/facekeep/engine/enginetest"
	"github.com/facekeep/facekeep/face"
)

// TestMonitor watches this process, found by a port that it listens on.
func TestMonitor(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("no /proc here")
	}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "# HELP go_goroutines Number of them.\n# TYPE go_goroutines gauge\ngo_goroutines 42\n")
	}))
	t.Cleanup(web.Close)
	client, err := remote.New(remote.Options{URL: web.URL})
	if err != nil {
		t.Fatal(err)
	}
	process, err := load.ListenerOn(web.Listener.Addr().(*net.TCPAddr).Port)
	if err != nil {
		t.Fatal(err)
	}
	if len(process) != 1 || process[0].PID != os.Getpid() {
		t.Fatalf("got the processes %v, want this one, %d", process, os.Getpid())
	}
	monitor, err := load.Watch(t.Context(), process, client, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	used := func() time.Duration { return enginetest.ProcessorTime(t, syscall.RUSAGE_SELF) }
	for begun := used(); used()-begun < 100*time.Millisecond; {
	}
	_, use, err := monitor.Finish(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	if use.First.Goroutines != 42 || use.Last.RSS < 1<<20 || use.PeakRSS < use.Last.RSS/2 {
		t.Errorf("got %+v, want 42 goroutines and some memory", use)
	}
	// /proc counts in hundredths of a second.
	if use.CPUSeconds < 0.08 || math.Abs(use.CPUPerServed-use.CPUSeconds*100) > 1e-6 {
		t.Errorf("got %v s of CPU and %v ms for each of 10, want 0.1 s or more, and a tenth of it", use.CPUSeconds, use.CPUPerServed)
	}
}

func TestProcessIsGone(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	_ = listener.Close()
	if got, err := load.ListenerOn(port); face.KindOf(err) != face.NotFound || err == nil {
		t.Errorf("a port on which nobody listens: got %v, %v, want %v", got, err, face.NotFound)
	}
	if _, err := load.ProcessOf(1 << 30); face.KindOf(err) != face.NotFound || err == nil {
		t.Errorf("no such process: got %v, want %v", err, face.NotFound)
	}
}
