package plots_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/facekeep/facekeep/cmd/internal/plots"
	"github.com/facekeep/facekeep/face/eval"
)

func TestLivenessWritesAPlot(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	many := make([]eval.Presentation, 0, 1500)
	for range 500 {
		many = append(many, eval.Presentation{Score: 100 - 20*r.Float64()},
			eval.Presentation{Attack: "print", Score: 90 * r.Float64()}, eval.Presentation{Attack: "replay", Score: 85 * r.Float64()})
	}
	few := []eval.Presentation{{Score: 99}, {Attack: "print", Score: 3}, {Attack: "mask", Score: eval.NoResponse}}
	for name, all := range map[string][]eval.Presentation{"many": many, "few": few, "live alone": {{Score: 99}}} {
		path := filepath.Join(t.TempDir(), "liveness.svg")
		if err := plots.Liveness(path, name, eval.NewPresentations(all)); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		wants := []string{"attacks accepted (APCER)", "living people refused (BPCER)", name}
		if name == "many" {
			wants = append(wants, "print: 500 attacks, 500 live", "replay: 500 attacks")
		}
		for _, want := range wants {
			if !strings.Contains(string(data), want) {
				t.Errorf("%s: the plot does not say %q", name, want)
			}
		}
	}
}
