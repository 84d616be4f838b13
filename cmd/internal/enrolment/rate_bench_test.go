package enrolment_test

import (
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/sync/errgroup"

	"github.com/facekeep/facekeep/cmd/internal/app"
	"github.com/facekeep/facekeep/cmd/internal/enrolment"
	"github.com/facekeep/facekeep/cmd/internal/remote"
	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/enginetest"
	"github.com/facekeep/facekeep/face"
)

const (
	root      = "../../.."
	benchSize = 200 // pictures of a round
)

// BenchmarkRate enrols the people of LFW, some at a time, over HTTP into SQLite, and
// turn by turn shows the same pictures to the engine alone, which does for them what
// an enrolment asks it for. It reports, as medians of the rounds, the pictures a second
// of both, their ratio, and the ratio of the CPU time that they took: that of the
// engine to all of it, the client included. The second depends less on what else runs
// on the machine.
func BenchmarkRate(b *testing.B) {
	images := filepath.Join(root, "..", "shared", "lfw", "images")
	people, _, err := enrolment.Folder(images)
	if err != nil {
		b.Skip("../shared/lfw is not here")
	}
	cfg := benchConfig(b)
	e, err := app.OpenEngine(&cfg.Engine)
	if err != nil {
		b.Skip(err)
	}
	defer func() { _ = e.Close() }()
	target := openServer(b, cfg)
	rounds := chunks(people, benchSize)
	var alone, whole, ratio, share []float64
	for b.Loop() {
		round := rounds[len(alone)%len(rounds)]
		n := countPictures(round)
		seconds, used := timed(b, func() error { return inspectAll(b, e, round) })
		secondsAll, usedAll := timed(b, func() error { return target.enrol(b, round) })
		alone, whole = append(alone, n/seconds), append(whole, n/secondsAll)
		ratio, share = append(ratio, seconds/secondsAll), append(share, used/usedAll)
	}
	b.ReportMetric(middle(alone), "engine/s")
	b.ReportMetric(middle(whole), "enrolled/s")
	b.ReportMetric(middle(ratio), "ratio")
	b.ReportMetric(middle(share), "cpu-ratio")
}

// benchConfig is the configuration of a server that nobody has configured, over a
// folder of the benchmark's own.
func benchConfig(b *testing.B) *app.Config {
	b.Helper()
	var cfg app.Config
	parser, err := kong.New(&cfg)
	if err != nil {
		b.Fatal(err)
	}
	lib := filepath.Join(root, "lib", "libonnxruntime.so")
	args := []string{"--data-dir=" + b.TempDir(), "--models-dir=" + filepath.Join(root, "..", "shared", "models"), "--onnxruntime=" + lib}
	if turbo := filepath.Join(root, "lib", "libturbojpeg.so.0"); exists(turbo) {
		args = append(args, "--turbojpeg="+turbo)
	}
	if _, err := parser.Parse(args); err != nil {
		b.Fatal(err)
	}
	return &cfg
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// benchOptions are those of an enrolment of the largest face.
var benchOptions = face.InspectOptions{
	MinFaceSize: 20, MaxFaceSize: 600, Confidence: 0.045, MaxFaces: 1, Templates: true, Crops: true,
	Age: true, Gender: true, Mask: true, NoseTip: true, Pose: true, Sharpness: true, Brightness: true,
}

type benchTarget struct {
	client *remote.Client
	report *enrolment.Report
}

// openServer starts a server in this process.
func openServer(b *testing.B, cfg *app.Config) benchTarget {
	b.Helper()
	s, err := app.Open(b.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Skip(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	web := httptest.NewServer(s.Handler())
	b.Cleanup(web.Close)
	client, err := remote.New(remote.Options{URL: web.URL})
	if err != nil {
		b.Fatal(err)
	}
	report, err := enrolment.OpenReport(filepath.Join(b.TempDir(), "report.jsonl"), enrolment.Head{URL: web.URL, Watchlist: "w"})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = report.Close() })
	return benchTarget{client: client, report: report}
}

func (t benchTarget) enrol(b *testing.B, people []enrolment.Person) error {
	b.Helper()
	sum, err := enrolment.Run(b.Context(), people, enrolment.Options{
		Server: t.client, Report: t.report, Watchlist: "w", Create: true,
		Concurrency: 4, Patience: time.Minute, LargestFace: true, MinFaceSize: 20,
	})
	if err == nil && !sum.Complete() {
		b.Fatalf("got %v, want everybody enrolled", sum)
	}
	return err
}

// inspectAll shows all pictures to the engine, as many at a time as an enrolment.
func inspectAll(b *testing.B, e *engine.Engine, people []enrolment.Person) error {
	b.Helper()
	g, ctx := errgroup.WithContext(b.Context())
	g.SetLimit(4)
	for _, p := range people {
		for _, picture := range p.Pictures {
			g.Go(func() error {
				data, err := os.ReadFile(picture.Path)
				if err != nil {
					return err
				}
				_, err = e.Inspect(ctx, data, benchOptions)
				return err
			})
		}
	}
	return g.Wait()
}

// chunks cuts people into rounds of about n pictures; the rest is left out.
func chunks(people []enrolment.Person, n int) (out [][]enrolment.Person) {
	round := make([]enrolment.Person, 0, n)
	for _, p := range people {
		if round = append(round, p); countPictures(round) >= float64(n) {
			out = append(out, round)
			round = make([]enrolment.Person, 0, n)
		}
	}
	return out
}

func countPictures(people []enrolment.Person) (n float64) {
	for _, p := range people {
		n += float64(len(p.Pictures))
	}
	return n
}

// timed returns how many seconds f takes, of the clock and of the processors.
func timed(b *testing.B, f func() error) (clock, used float64) {
	b.Helper()
	before, begun := enginetest.ProcessorTime(b, syscall.RUSAGE_SELF), time.Now()
	if err := f(); err != nil {
		b.Fatal(err)
	}
	return time.Since(begun).Seconds(), (enginetest.ProcessorTime(b, syscall.RUSAGE_SELF) - before).Seconds()
}

func middle(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}
