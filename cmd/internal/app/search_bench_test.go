package app_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/facekeep/facekeep/cmd/internal/crowd"
	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/batch"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/engine/onnx"
	"github.com/facekeep/facekeep/engine/picture"
	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/gallery/indexsync"
	"github.com/facekeep/facekeep/handlers"
	"github.com/facekeep/facekeep/repository"
	"github.com/facekeep/facekeep/vectorstore/exact"
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
	s := openSearch(b)
	defer s.close(b)
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

// searchBench is an embedded server of one worker, without network.
type searchBench struct {
	models  *recorder
	engine  *engine.Engine
	rows    *repository.Repository
	handler http.Handler
	body    []byte
}

const benchRows = 10_000

func openSearch(b *testing.B) *searchBench {
	b.Helper()
	s := &searchBench{models: &recorder{Runtime: openRuntime(b)}}
	reg := prometheus.NewRegistry()
	log := slog.New(slog.NewTextHandler(new(bytes.Buffer), nil))
	var err error
	s.engine, err = engine.New(engine.Config{
		Batch: batch.Config{Workers: 1}, Picture: picture.Config{Library: existing(b, "../../../lib/libturbojpeg.so.0")},
	}, standardModels(b), s.models, reg, log)
	must(b, err)
	jpeg, err := os.ReadFile(existing(b, "../../../../shared/images/people/dora_1.jpg")) // 900 x 900
	must(b, err)
	dir := b.TempDir()
	must(b, s.crowd(b, jpeg).InsertInto(b.Context(), dir, 1))
	s.rows, err = repository.Open(b.Context(), repository.Options{Dir: dir})
	must(b, err)
	index := exact.New()
	position, err := indexsync.Load(b.Context(), s.rows, index, log)
	must(b, err)
	curves, err := engine.Calibrations()
	must(b, err)
	g := gallery.New(gallery.Parts{
		Repository: s.rows, Index: index, Sync: indexsync.NewRelay(s.rows, index, position, log), Engine: s.engine, Calibrations: curves, Log: log,
	})
	s.handler, err = handlers.New(handlers.Options{Gallery: g, Logger: log, Registerer: reg, Gatherer: reg})
	must(b, err)
	s.body = searchBody(jpeg)
	return s
}

func (s *searchBench) close(b *testing.B) {
	b.Helper()
	must(b, s.engine.Close())
	must(b, s.rows.Close())
}

// crowd returns 10,000 people, of whom the first is the one in the picture.
func (s *searchBench) crowd(b *testing.B, jpeg []byte) *crowd.Gallery {
	b.Helper()
	found, err := s.engine.Inspect(b.Context(), jpeg, face.InspectOptions{Templates: true, MaxFaces: 1})
	must(b, err)
	g := crowd.NewGallery(crowd.Made(200), benchRows, 10)
	g.Label = s.engine.Label()
	g.Rows[0].Vector = slices.Clone(found.Faces[0].Template.Vector)
	return g
}

// searchBody is a request that asks for as little as the contract lets it.
func searchBody(jpeg []byte) []byte {
	const off = `"age":false,"gender":false,"faceMask":false,"noseTip":false,"yawAngle":false,"pitchAngle":false,"rollAngle":false,` +
		`"sharpness":false,"brightness":false`
	return fmt.Appendf(nil, `{"image":{"data":%q},"threshold":40,"maxResultCount":1,"faceFeaturesConfig":{%s}}`,
		base64.StdEncoding.EncodeToString(jpeg), off)
}

// search asks and sees that the one person was found.
func (s *searchBench) search(b *testing.B) {
	b.Helper()
	req := httptest.NewRequest(http.MethodPost, "/api/v1/Watchlists/Search", bytes.NewReader(s.body))
	rec := httptest.NewRecorder()
	s.handler.ServeHTTP(rec, req)
	if got := rec.Body.String(); rec.Code != http.StatusOK || !strings.Contains(got, `"watchlistMemberId":"`) {
		b.Fatalf("got %d %s, want one match", rec.Code, got)
	}
}

func openRuntime(b *testing.B) *onnx.Runtime {
	b.Helper()
	rt, err := onnx.Open(onnx.Config{Library: existing(b, "../../../lib/libonnxruntime.so")})
	must(b, err)
	return rt
}

func standardModels(b *testing.B) models.Set {
	b.Helper()
	manifest, err := models.Load()
	must(b, err)
	set, err := manifest.Resolve(models.Standard, []string{existing(b, "../../../../shared/models")})
	must(b, err)
	return set
}

// existing returns a path that is there, absolute, or skips.
func existing(b *testing.B, path string) string {
	b.Helper()
	abs, err := filepath.Abs(path)
	must(b, err)
	if _, err := os.Stat(abs); err != nil {
		b.Skipf("no %s here", path)
	}
	return abs
}

func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
