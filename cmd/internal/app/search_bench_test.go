package app_test

import (
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/facekeep/facekeep/engine/batch"
)

// Searches and replays of their model runs take turns, so many of each at a time.
const searchTurn = 5

// BenchmarkSearchRequest measures a search of SmartFace for one face in 0.8 megapixels
// among 10,000 people, all features off, from the body of the request to that of the
// answer. In turns with it, the runs of models that it makes are made again with
// nothing around them: the floor of such a request. It reports the processor time of
// each in ms, and their ratio. Whatever the process does that is no such run counts as
// the request's, the collection of garbage too.
func BenchmarkSearchRequest(b *testing.B) {
	s := openSearch(b, batch.Config{Workers: 1})
	s.search(b)
	s.models.noting.Store(true)
	s.search(b)
	s.models.noting.Store(false)
	b.ReportMetric(float64(len(s.models.runs)), "model-runs")

	var floor time.Duration
	n := 0
	b.ReportAllocs()
	runtime.GC()
	before := processorTime(b, syscall.RUSAGE_SELF)
	for b.Loop() {
		s.search(b)
		if n++; n%searchTurn == 0 {
			floor += s.replay(b)
		}
	}
	all := processorTime(b, syscall.RUSAGE_SELF) - before
	if n < searchTurn {
		return // the trial run of the benchmark
	}
	request := (all - floor).Seconds() / float64(n)
	bare := floor.Seconds() / float64(n/searchTurn*searchTurn)
	b.ReportMetric(request*1e3, "cpu-ms")
	b.ReportMetric(bare*1e3, "models-ms")
	b.ReportMetric(request/bare, "cpu/models")
}

// replay makes the runs of models of a turn again, and returns the processor time of
// its thread.
func (s *searchBench) replay(b *testing.B) time.Duration {
	b.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	begun := processorTime(b, syscall.RUSAGE_THREAD)
	for range searchTurn {
		must(b, s.models.replay())
	}
	return processorTime(b, syscall.RUSAGE_THREAD) - begun
}

// processorTime returns what the process or this thread has taken so far.
func processorTime(b *testing.B, who int) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(who, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
