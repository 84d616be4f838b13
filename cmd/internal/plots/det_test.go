package plots_test

import (
	"encoding/xml"
	"errors"
	"io"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/facekeep/facekeep/cmd/internal/plots"
	"github.com/facekeep/facekeep/face/eval"
)

func TestDETWritesAPlot(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	trials := make([]eval.Trial, 0, 6000)
	for range 3000 {
		trials = append(trials, eval.Trial{Cosine: 0.5 + 0.1*r.NormFloat64(), Mated: true}, eval.Trial{Cosine: 0.1 * r.NormFloat64()})
	}
	path := filepath.Join(t.TempDir(), "det.svg")
	if err := plots.DET(path, "a test", eval.NewCurve(trials)); err != nil {
		t.Fatal(err)
	}
	data := says(t, path, "false match rate (FMR)", "EER", "3000 mated", "0.1 %")
	for d := xml.NewDecoder(strings.NewReader(data)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("not well-formed SVG: %v", err)
		}
	}
}

func TestDETOfAPerfectSet(t *testing.T) {
	t.Parallel()
	trials := []eval.Trial{{Cosine: 0.9, Mated: true}, {Cosine: 0.8, Mated: true}, {Cosine: 0.1}, {Cosine: 0}}
	if err := plots.DET(filepath.Join(t.TempDir(), "det.svg"), "no errors", eval.NewCurve(trials)); err != nil {
		t.Fatal(err)
	}
}

func TestDETNamesTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "missing", "det.svg")
	err := plots.DET(path, "x", eval.NewCurve([]eval.Trial{{Cosine: 1, Mated: true}, {Cosine: 0}}))
	if err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("error = %v, want one that names %s", err, path)
	}
}
