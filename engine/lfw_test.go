package engine_test

import (
	"bufio"
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/face"
)

// pair is two pictures of LFW, of one person or of two.
type pair struct {
	a, b string
	same bool
}

// lfwPairs returns every so many pairs of the list, or skips the test.
func lfwPairs(tb testing.TB, every int) []pair {
	tb.Helper()
	var pairs []pair
	lines := bufio.NewScanner(bytes.NewReader(read(tb, "shared/lfw/pairs.tsv")))
	lines.Scan() // the heading
	for n := 0; lines.Scan(); n++ {
		c := strings.Split(lines.Text(), "\t")
		if n%every == 0 && len(c) == 6 {
			pairs = append(pairs, pair{lfwPath(c[0], c[1]), lfwPath(c[2], c[3]), c[4] == "1"})
		}
	}
	return pairs
}

func lfwPath(name, index string) string {
	return fmt.Sprintf("shared/lfw/images/%s/%s_%04s.jpg", name, name, index)
}

// central returns the template of the face nearest to the middle: in LFW that is
// the person the picture is named after.
func central(tb testing.TB, e *engine.Engine, path string) *face.Template {
	tb.Helper()
	got := inspect(tb, e, read(tb, path), face.InspectOptions{Templates: true})
	middle := face.Point{X: float64(got.Width) / 2, Y: float64(got.Height) / 2}
	var best *face.Template
	least := math.Inf(1)
	for _, f := range got.Faces {
		if d := f.Box.Center().Distance(middle); d < least {
			best, least = f.Template, d
		}
	}
	if best == nil {
		tb.Fatalf("%s: got no face, want one", path)
	}
	return best
}

// A guard for everything that makes a template. On all 3,000 pairs the standard
// pack errs in some 0.6 of a hundred at the best threshold; here the threshold is
// fixed.
func TestAccuracyOnLFW(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pack      models.Pack
		every     int
		threshold float64
		least     float64
	}{
		{models.Standard, 15, 0.27, 0.985}, // 200 pairs
		{models.Registry, 100, 0.27, 0.95}, // 30 pairs: its extractor is slow
	}
	for _, tt := range tests {
		t.Run(string(tt.pack), func(t *testing.T) {
			t.Parallel()
			if testing.Short() {
				t.Skip("not in short mode")
			}
			e := newEngine(t, tt.pack, engine.Config{})
			pairs := lfwPairs(t, tt.every)
			right := 0
			for _, p := range pairs {
				if (cosine(central(t, e, p.a), central(t, e, p.b)) >= tt.threshold) == p.same {
					right++
				}
			}
			if got := float64(right) / float64(len(pairs)); got < tt.least {
				t.Errorf("got %.4f of %d pairs right, want at least %v", got, len(pairs), tt.least)
			}
		})
	}
}
