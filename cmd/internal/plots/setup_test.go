package plots_test

import (
	"os"
	"strings"
	"testing"
)

// says returns a plot, which has to say something.
func says(t *testing.T, path string, wants ...string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range wants {
		if !strings.Contains(string(data), want) {
			t.Errorf("the plot does not say %q", want)
		}
	}
	return string(data)
}
