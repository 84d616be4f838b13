package deploycheck_test

import (
	"os"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// instruction is a line of a Dockerfile, with those that continue it.
type instruction struct{ word, rest string }

// parseDockerfile returns the instructions of each stage; the last is the image.
func parseDockerfile(t *testing.T, file string) [][]instruction {
	t.Helper()
	text := regexp.MustCompile(`(?m)^\s*#.*\n`).ReplaceAllString(read(t, file), "")
	text = regexp.MustCompile(`\\\n\s*`).ReplaceAllString(text, "")
	var stages [][]instruction
	for line := range strings.Lines(text) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if word == "" {
			continue
		}
		if word == "FROM" {
			stages = append(stages, nil)
		}
		if len(stages) == 0 {
			t.Fatalf("%s: got %s before the first stage", file, word)
		}
		stages[len(stages)-1] = append(stages[len(stages)-1], instruction{word, rest})
	}
	return stages
}

// last returns the last instruction of a word, as it is the one that counts.
func last(stage []instruction, word string) string {
	for _, in := range slices.Backward(stage) {
		if in.word == word {
			return in.rest
		}
	}
	return ""
}

// environment returns what a stage sets for the program.
func environment(stage []instruction) map[string]string {
	env := map[string]string{}
	for _, in := range stage {
		if in.word != "ENV" {
			continue
		}
		for field := range strings.FieldsSeq(in.rest) {
			key, value, _ := strings.Cut(field, "=")
			env[key] = value
		}
	}
	return env
}

func dockerfiles() map[string]string {
	return map[string]string{"deployments/Dockerfile": "", "deployments/Dockerfile.cuda": "cuda"}
}

func TestDockerfileBasesArePinned(t *testing.T) {
	t.Parallel()
	for file := range dockerfiles() {
		names := []string{}
		for _, stage := range parseDockerfile(t, file) {
			base, name, _ := strings.Cut(stage[0].rest, " AS ")
			if !slices.Contains(names, base) {
				checkImage(t, file, base)
			}
			names = append(names, name)
			for _, in := range stage {
				if from := regexp.MustCompile(`^--from=(\S+)`).FindStringSubmatch(in.rest); from != nil && !slices.Contains(names, from[1]) {
					t.Errorf("%s: got %s, which is no stage before it", file, in.rest)
				}
				if in.word == "ADD" {
					t.Errorf("%s: got ADD %s, want COPY", file, in.rest)
				}
			}
		}
	}
}

func TestDockerfileImage(t *testing.T) {
	t.Parallel()
	for file, provider := range dockerfiles() {
		stages := parseDockerfile(t, file)
		image := stages[len(stages)-1]
		if got := last(image, "USER"); got != "10001:10001" {
			t.Errorf("%s: got user %q, want a number that is not root's", file, got)
		}
		if got := last(image, "EXPOSE"); got != port(t) {
			t.Errorf("%s: got port %s, want %s", file, got, port(t))
		}
		if got := last(image, "HEALTHCHECK"); !strings.HasSuffix(got, `CMD ["/opt/facekeep/bin/facekeep", "health"]`) {
			t.Errorf("%s: got health check %s", file, got)
		}
		if entry, cmd := last(image, "ENTRYPOINT"), last(image, "CMD"); entry != `["/opt/facekeep/bin/facekeep"]` || cmd != `["serve"]` {
			t.Errorf("%s: got %s %s, want the program itself, so that signals reach it", file, entry, cmd)
		}
		for _, label := range []string{"title", "licenses", "source", "version", "description"} {
			if !strings.Contains(last(image, "LABEL"), "org.opencontainers.image."+label+"=") {
				t.Errorf("%s: got no label %s", file, label)
			}
		}
		known := settings(t)
		env := environment(image)
		for key := range env {
			if _, ok := known[key]; !ok && key != "PATH" {
				t.Errorf("%s: got %s, which the server does not know", file, key)
			}
			if secretive(key) {
				t.Errorf("%s: got %s in the image", file, key)
			}
		}
		// Others reach a container by its own address, so that it asks for keys.
		if got := env["FACEKEEP_LISTEN"]; got != ":"+port(t) || env["FACEKEEP_ALLOW_ANYONE"] != "" {
			t.Errorf("%s: got it to listen on %q, anyone allowed: %q, want all addresses and nobody", file, got, env["FACEKEEP_ALLOW_ANYONE"])
		}
		if got := env["FACEKEEP_PROVIDER"]; got != provider {
			t.Errorf("%s: got provider %q, want %q", file, got, provider)
		}
	}
}

// The two files build the program, and the models, by the same lines.
func TestDockerfilesAgree(t *testing.T) {
	t.Parallel()
	stages := func(file string) map[string][]instruction {
		byName := map[string][]instruction{}
		for _, stage := range parseDockerfile(t, file) {
			if _, name, ok := strings.Cut(stage[0].rest, " AS "); ok && name != "onnxruntime" {
				byName[name] = stage
			}
		}
		return byName
	}
	if diff := cmp.Diff(stages("deployments/Dockerfile"), stages("deployments/Dockerfile.cuda"), cmp.AllowUnexported(instruction{})); diff != "" {
		t.Errorf("stages differ (-Dockerfile +Dockerfile.cuda):\n%s", diff)
	}
}

// One version of ONNX Runtime and of Go, wherever they are named.
func TestDockerfileVersions(t *testing.T) {
	t.Parallel()
	find := func(file, pattern string) string {
		match := regexp.MustCompile(pattern).FindStringSubmatch(read(t, file))
		if match == nil {
			t.Fatalf("%s: got no %s", file, pattern)
		}
		return match[1]
	}
	if got, want := find("deployments/Dockerfile.cuda", `ORT_VERSION=([\d.]+)`), find("scripts/deps.sh", `ort_version=([\d.]+)`); got != want {
		t.Errorf("got ONNX Runtime %s for CUDA, want %s", got, want)
	}
	if got, want := find("deployments/Dockerfile", `golang:(1\.\d+)`), find("go.mod", `(?m)^go (1\.\d+)`); got != want {
		t.Errorf("got Go %s, want %s", got, want)
	}
}

// The build finds every package it needs in its context, and nothing secret.
func TestDockerignore(t *testing.T) {
	t.Parallel()
	var allowed []string
	for line := range strings.Lines(read(t, ".dockerignore")) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "!"); ok {
			allowed = append(allowed, name)
		}
	}
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "./cmd/facekeep")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		dir, ours := strings.CutPrefix(strings.TrimSpace(line), "github.com/facekeep/facekeep/")
		if top, _, _ := strings.Cut(dir, "/"); ours && !slices.Contains(allowed, top) {
			t.Errorf("%s is not in the build context", dir)
		}
		if ours && slices.Contains(strings.Split(dir, "/"), "testdata") {
			t.Errorf("%s is left out of the build context", dir)
		}
	}
	for _, name := range allowed {
		if _, err := os.Stat(path.Join(root, name)); err != nil && name != "models" {
			t.Errorf("got %s, which is not there", name)
		}
	}
	for _, name := range []string{"deployments", "data", ".git", ".env", "secrets"} {
		if slices.Contains(allowed, name) {
			t.Errorf("got %s in the build context", name)
		}
	}
}
