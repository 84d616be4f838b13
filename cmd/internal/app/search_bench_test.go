package app_test

import (
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/facekeep/facekeep/engine/batch"
	"github.com/facekeep/facekeep/engine/enginetest"
	"github.com/facekeep/facekeep/face"
)

// Searches and replays of their model runs take turns, so many of each at a time.
const searchTurn = 5

// BenchmarkSearchRequest measures a search of SmartFace for one face in 0.8 megapixels
// among 10,000 people, all features off, from the body of the request to that of the
// answer. In turns with it, the runs of models that it makes are made again with
// nothing around them: the floor of such a request. It reports the processor time of
// each in ms, and their ratio. All that the process does during the searches counts as
// theirs; of the replays, what their thread does.
//
// The picture is one from a camera, with all its detail, and the same as a browser or
// a phone would send it.
func BenchmarkSearchRequest(b *testing.B) {
	s := openSearch(b, batch.Config{Workers: 1})
	usual, err := s.engine.Fit(b.Context(), s.jpeg, face.Fitting{Quality: 85})
	must(b, err)
	for name, jpeg := range map[string][]byte{"camera": s.jpeg, "quality 85": usual.Data} {
		b.Run(name, func(b *testing.B) {
			s.body = searchBody(jpeg)
			s.benchmark(b)
			b.ReportMetric(float64(len(jpeg))/1000, "kB")
		})
	}
}

func (s *searchBench) benchmark(b *testing.B) {
	b.Helper()
	s.note(b)
	var requests, floor time.Duration
	turns := 0
	b.ReportAllocs()
	for b.Loop() {
		if turns++; turns%searchTurn != 0 {
			continue // its turn is not full yet
		}
		begun := enginetest.ProcessorTime(b, syscall.RUSAGE_SELF)
		for range searchTurn {
			s.search(b)
		}
		requests += enginetest.ProcessorTime(b, syscall.RUSAGE_SELF) - begun
		floor += s.replay(b)
	}
	n := float64(turns / searchTurn * searchTurn)
	if n == 0 {
		return // the trial run of the benchmark
	}
	b.ReportMetric(float64(len(s.models.runs)), "model-runs")
	b.ReportMetric(requests.Seconds()*1e3/n, "cpu-ms")
	b.ReportMetric(floor.Seconds()*1e3/n, "models-ms")
	b.ReportMetric(requests.Seconds()/floor.Seconds(), "cpu/models")
}

// note notes the runs of models that a search makes.
func (s *searchBench) note(b *testing.B) {
	b.Helper()
	s.search(b)
	s.models.runs = nil
	s.models.noting.Store(true)
	s.search(b)
	s.models.noting.Store(false)
}

// replay makes the runs of models of a turn again, and returns the processor time of
// its thread.
func (s *searchBench) replay(b *testing.B) time.Duration {
	b.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	begun := enginetest.ProcessorTime(b, syscall.RUSAGE_THREAD)
	for range searchTurn {
		must(b, s.models.replay())
	}
	return enginetest.ProcessorTime(b, syscall.RUSAGE_THREAD) - begun
}
