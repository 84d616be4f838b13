package plots_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/facekeep/facekeep/cmd/internal/plots"
)

// TestLoad: what is known of the process is drawn, what is not is left out.
func TestLoad(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		points    []plots.LoadPoint
		has, lack []string
	}{
		{"a server seen from within", []plots.LoadPoint{{10, 40, 90, 60, 180, 25}, {20, 41, 95, 61, 181, 25}}, []string{"soak", "p99", "RSS, MiB", "goroutines"}, nil},
		{"one far away", []plots.LoadPoint{{10, 40, 90, 60, 0, 0}, {20, 41, 95, 61, 0, 0}}, []string{"served/s"}, []string{"RSS", "goroutines"}},
		{"nothing", nil, []string{"soak"}, []string{"RSS"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "load.svg")
			if err := plots.Load(path, "soak", tt.points); err != nil {
				t.Fatal(err)
			}
			svg, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range tt.has {
				if !strings.Contains(string(svg), text) {
					t.Errorf("the plot lacks %q", text)
				}
			}
			for _, text := range tt.lack {
				if strings.Contains(string(svg), text) {
					t.Errorf("the plot has %q, want it left out", text)
				}
			}
		})
	}
}
