package main_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what the commands of the README print into the README")

// step is a block of commands in the README and, behind it, what they print.
var step = regexp.MustCompile("(?s)```sh\n([^`]*?)```\n(?:```json\n(.*?)\n```)?")

// TestReadmeWalkThrough runs the commands of the README's walk-through and
// compares what they print with what the README says they do, but for ids, times
// and measured numbers.
func TestReadmeWalkThrough(t *testing.T) {
	t.Parallel()
	path := filepath.Join(root, "README.md")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	readme := string(data)
	where := embedded(t)
	s := start(t, where)
	binary, err := program()
	if err != nil {
		t.Fatal(err)
	}
	var script, helpers strings.Builder
	var wants []string
	for _, m := range step.FindAllStringSubmatch(readme, -1) {
		commands := strings.NewReplacer("http://localhost:8098", s.url, "bin/facekeep", binary).Replace(m[1])
		if strings.HasPrefix(commands, "API=") {
			helpers.WriteString(commands)
		} else if m[2] != "" {
			script.WriteString(commands + "\nprintf '\\n%s\\n' '" + mark + "'\n")
			wants = append(wants, m[2])
		}
	}
	if len(wants) < 6 {
		t.Fatalf("the README has %d steps with output, want at least 6", len(wants))
	}
	cmd := exec.Command("bash", "-euo", "pipefail", "-c", helpers.String()+script.String())
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "FACEKEEP_DATA_DIR="+strings.TrimPrefix(where.args[0], "--data-dir="))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("the commands of the README fail: %v\n%s", err, out)
	}
	for i, got := range strings.Split(string(out), mark+"\n")[:len(wants)] {
		got = strings.TrimSpace(got)
		if *update {
			readme = strings.Replace(readme, "```json\n"+wants[i]+"\n```", "```json\n"+got+"\n```", 1)
			continue
		}
		if diff := cmp.Diff(masked(wants[i]), masked(got)); diff != "" {
			t.Errorf("step %d prints something else (-README +now):\n%s", i+1, diff)
		}
		checkScores(t, got)
	}
	if *update {
		if err := os.WriteFile(path, []byte(readme), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// mark ends the output of a step.
const mark = "== end of step"

var (
	uuids   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)
	times   = regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:.]+Z`)
	numbers = regexp.MustCompile(`\d+(\.\d+)?`)
	scores  = regexp.MustCompile(`"(?:score|confidence)":([0-9.]+)`)
	alike   = regexp.MustCompile(`"similarity(?:_score)?":([0-9.]+)`)
)

// masked leaves out what differs from run to run and from model to model.
func masked(s string) string {
	return numbers.ReplaceAllString(times.ReplaceAllString(uuids.ReplaceAllString(s, "UUID"), "TIME"), "N")
}

// checkScores holds the scores of the walk-through, all of one person, to a match.
func checkScores(t *testing.T, out string) {
	t.Helper()
	for _, m := range scores.FindAllStringSubmatch(out, -1) {
		if score, err := strconv.ParseFloat(m[1], 64); err != nil || score <= 40 {
			t.Errorf("score %s of a known person, want above 40", m[1])
		}
	}
	for _, m := range alike.FindAllStringSubmatch(out, -1) {
		if similarity, err := strconv.ParseFloat(m[1], 64); err != nil || similarity <= 0.75 {
			t.Errorf("similarity %s of a known person, want above 0.75", m[1])
		}
	}
}
