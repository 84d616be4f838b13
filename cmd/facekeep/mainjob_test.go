package main_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestAPictureInANameOut is the main job: enrol a person by picture, search
// another picture of the person and one of a stranger; then again after a
// restart over the same data.
func TestAPictureInANameOut(t *testing.T) {
	t.Parallel()
	onBoth(t, testAPictureInANameOut)
}

func testAPictureInANameOut(t *testing.T, where storage) {
	t.Helper()
	s := start(t, where)
	watchlist(s, "presidents")
	want[object](s, http.StatusCreated, "POST", "/api/v1/WatchlistMembers/Register",
		register("Barack_Obama", portrait(t, "obama.jpg"), "presidents"))
	check := func(s *server) {
		t.Helper()
		known := want[[]searchAnswer](s, http.StatusOK, "POST", "/api/v1/Watchlists/Search",
			object{"image": object{"data": portrait(t, "obama2.jpg")}})
		if len(known) != 1 || len(known[0].MatchResults) != 1 || known[0].MatchResults[0].WatchlistMemberID != "Barack_Obama" ||
			known[0].MatchResults[0].Score <= 40 || known[0].MatchResults[0].FullName != "Barack Obama" {
			t.Errorf("search for a known person: %+v, want Barack_Obama above 40", known)
		}
		stranger := want[[]searchAnswer](s, http.StatusOK, "POST", "/api/v1/Watchlists/Search",
			object{"image": object{"data": portrait(t, "biden.jpg")}})
		if len(stranger) != 1 || stranger[0].MatchResults == nil || len(stranger[0].MatchResults) != 0 {
			t.Errorf("search for a stranger: %+v, want one face with empty matchResults", stranger)
		}
		if age := stranger[0].Age; age < 30 || age > 81 || stranger[0].Gender != "Male" {
			t.Errorf("age %v and gender %q of a grown man", age, stranger[0].Gender)
		}
	}
	check(s)
	if err := s.stop(); err != nil {
		t.Errorf("the server ended with %v, want a clean exit\n%s", err, s.log)
	}
	check(start(t, where))
}

// TestASecondServerIsRefused: two processes over one data folder would each
// hold an index that the other does not keep up to date.
func TestASecondServerIsRefused(t *testing.T) {
	t.Parallel()
	where := embedded(t)
	start(t, where)
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	second := exec.Command(path, append([]string{"serve", "--listen=127.0.0.1:0"}, where.args...)...)
	second.Dir = root
	out, err := second.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "in use") {
		t.Errorf("a second server over the same data: %v, %s; want a refusal that says it is in use", err, out)
	}
}

// TestHelpReadsWell holds the texts that a newcomer meets first.
func TestHelpReadsWell(t *testing.T) {
	t.Parallel()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	for args, words := range map[string][]string{
		"--help":                {"serve", "models pull", "eval lfw", "Run the server"},
		"serve --help":          {"$FACEKEEP_LISTEN", "$FACEKEEP_DATA_DIR", "$FACEKEEP_MODELS_DIR", "$FACEKEEP_WORKERS", "$FACEKEEP_PROVIDER"},
		"models list":           {"detector", "extractor", "Apache-2.0", "CC0-1.0"},
		"eval lfw --help":       {"--pairs", "--images", "DET plot"},
		"eval calibrate --help": {"--images", "--out"},
	} {
		cmd := exec.Command(path, strings.Fields(args)...)
		cmd.Dir = root
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("facekeep %s: %v\n%s", args, err, out)
		}
		for _, word := range words {
			if !strings.Contains(string(out), word) {
				t.Errorf("facekeep %s does not say %q:\n%s", args, word, out)
			}
		}
	}
}

// TestAWrongModelIsRefused starts the server over a models folder in which one
// file was changed by a byte.
func TestAWrongModelIsRefused(t *testing.T) {
	t.Parallel()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	pull := exec.Command(path, "models", "pull", "--models-dir="+filepath.Join(t.TempDir(), "models"))
	dir := strings.TrimPrefix(pull.Args[len(pull.Args)-1], "--models-dir=")
	pull.Dir = root
	if out, err := pull.CombinedOutput(); err != nil {
		t.Skipf("models cannot be had here: %s", out)
	}
	name := "yunet_n_dynamic.onnx"
	if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
		name = "centerface.onnx"
	}
	spoil(t, filepath.Join(dir, name))
	cmd := exec.Command(path, "serve", "--listen=127.0.0.1:0", "--models-dir="+dir, "--data-dir="+t.TempDir())
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), name) || !strings.Contains(strings.ToLower(string(out)), "sha") {
		t.Errorf("a changed model: %v, %s; want a refusal that names %s and its SHA-256", err, out, name)
	}
}

func spoil(t *testing.T, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(fmt.Errorf("spoil a model: %w", err))
	}
}
