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
	"slices"
	"strings"
	"testing"

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

// searchBench is an embedded server without network.
type searchBench struct {
	models  *recorder
	engine  *engine.Engine
	rows    *repository.Repository
	handler http.Handler
	metrics *prometheus.Registry
	jpeg    []byte // 0.8 megapixels with one face
	body    []byte
}

const benchRows = 10_000

func openSearch(tb testing.TB, sizes batch.Config) *searchBench {
	tb.Helper()
	s := &searchBench{models: &recorder{Runtime: openRuntime(tb)}}
	reg := prometheus.NewRegistry()
	s.metrics = reg
	log := slog.New(slog.NewTextHandler(new(bytes.Buffer), nil))
	var err error
	s.engine, err = engine.New(engine.Config{
		Batch: sizes, Picture: picture.Config{Library: existing(tb, "../../../lib/libturbojpeg.so.0")},
	}, standardModels(tb), s.models, reg, log)
	must(tb, err)
	s.jpeg, err = os.ReadFile(existing(tb, "../../../../shared/images/people/dora_1.jpg")) // 900 x 900
	must(tb, err)
	dir := tb.TempDir()
	must(tb, s.crowd(tb).InsertInto(tb.Context(), dir, 1))
	s.rows, err = repository.Open(tb.Context(), repository.Options{Dir: dir})
	must(tb, err)
	index := exact.New()
	position, err := indexsync.Load(tb.Context(), s.rows, index, log)
	must(tb, err)
	curves, err := engine.Calibrations()
	must(tb, err)
	metrics, err := gallery.NewMetrics(reg)
	must(tb, err)
	g := gallery.New(gallery.Parts{
		Repository: s.rows, Index: index, Sync: indexsync.NewRelay(s.rows, index, position, log), Engine: s.engine, Calibrations: curves, Log: log, Metrics: metrics,
	})
	s.handler, err = handlers.New(handlers.Options{Gallery: g, Logger: log, Registerer: reg, Gatherer: reg})
	must(tb, err)
	s.body = searchBody(s.jpeg)
	tb.Cleanup(func() {
		must(tb, s.engine.Close())
		must(tb, s.rows.Close())
	})
	return s
}

// crowd returns 10,000 people, of whom the first is the one in the picture.
func (s *searchBench) crowd(tb testing.TB) *crowd.Gallery {
	tb.Helper()
	found, err := s.engine.Inspect(tb.Context(), s.jpeg, face.InspectOptions{Templates: true, MaxFaces: 1})
	must(tb, err)
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
func (s *searchBench) search(tb testing.TB) {
	tb.Helper()
	rec := s.ask(nil)
	if got := rec.Body.String(); rec.Code != http.StatusOK || !strings.Contains(got, `"watchlistMemberId":"`) {
		tb.Fatalf("got %d %s, want one match", rec.Code, got)
	}
}

// ask sends the search, with headers.
func (s *searchBench) ask(headers map[string]string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodPost, "/api/v1/Watchlists/Search", bytes.NewReader(s.body))
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	s.handler.ServeHTTP(rec, req)
	return rec
}

func openRuntime(tb testing.TB) *onnx.Runtime {
	tb.Helper()
	rt, err := onnx.Open(onnx.Config{Library: existing(tb, "../../../lib/libonnxruntime.so")})
	must(tb, err)
	return rt
}

func standardModels(tb testing.TB) models.Set {
	tb.Helper()
	manifest, err := models.Load()
	must(tb, err)
	set, err := manifest.Resolve(models.Standard, []string{existing(tb, "../../../../shared/models")})
	must(tb, err)
	return set
}

// existing returns a path that is there, absolute, or skips.
func existing(tb testing.TB, path string) string {
	tb.Helper()
	abs, err := filepath.Abs(path)
	must(tb, err)
	if _, err := os.Stat(abs); err != nil {
		tb.Skipf("no %s here", path)
	}
	return abs
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
