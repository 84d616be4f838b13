package deploycheck_test

import (
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/facekeep/facekeep/cmd/internal/app"
)

const root = "../../../"

// required are the settings without which a server is not one of several over
// one gallery. Each is given here by a file where it is a secret.
var required = []string{
	"FACEKEEP_DATABASE_URL_FILE", "FACEKEEP_MILVUS_ADDRESS", "FACEKEEP_MILVUS_USER", "FACEKEEP_MILVUS_PASSWORD_FILE",
}

// settings returns the environment variables of the server, with their defaults.
func settings(t *testing.T) map[string]string {
	t.Helper()
	var c app.Config
	parser, err := kong.New(&c)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, flag := range parser.Model.Flags {
		for _, env := range flag.Envs {
			all[env] = flag.Default
		}
	}
	return all
}

// port returns the port that the server listens on unless it is told otherwise.
func port(t *testing.T) string {
	t.Helper()
	_, port, err := net.SplitHostPort(settings(t)["FACEKEEP_LISTEN"])
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// read returns a file by its path in the repository.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// checkSettings compares the variables of a server in a deployment with the
// configuration: every one is known, the required ones are there, no secret is
// given in the open.
func checkSettings(t *testing.T, where string, env map[string]string) {
	t.Helper()
	known := settings(t)
	for key, value := range env {
		if !strings.HasPrefix(key, "FACEKEEP_") {
			continue
		}
		if _, ok := known[key]; !ok {
			t.Errorf("%s: got %s, which the server does not know", where, key)
		}
		if secretive(key) && value != "" && !strings.HasSuffix(key, "_FILE") {
			t.Errorf("%s: got a value for %s, want its _FILE", where, key)
		}
	}
	if env["FACEKEEP_ALLOW_ANYONE"] != "" {
		t.Errorf("%s: got FACEKEEP_ALLOW_ANYONE=%s, want everybody asked for a key", where, env["FACEKEEP_ALLOW_ANYONE"])
	}
	for _, key := range required {
		if env[key] == "" {
			t.Errorf("%s: got no %s, want one", where, key)
		}
	}
}

// secretive says whether a variable holds a secret, by its name.
func secretive(key string) bool {
	for _, word := range []string{"PASSWORD", "SECRET", "TOKEN", "DATABASE_URL"} {
		if strings.Contains(strings.ToUpper(key), word) {
			return true
		}
	}
	return false
}

// checkImage wants an image of the default registry, pinned by its version.
func checkImage(t *testing.T, where, image string) {
	t.Helper()
	name, tag, _ := strings.Cut(image, ":")
	if host, _, several := strings.Cut(name, "/"); several && strings.ContainsAny(host, ".") {
		t.Errorf("%s: got image %s, want one without the name of a registry", where, image)
	}
	if !regexp.MustCompile(`\d`).MatchString(tag) && image != "facekeep:local" {
		t.Errorf("%s: got image %s, want one pinned by its version", where, image)
	}
}

// Names of variables in prose and comments are compared too: nothing in the
// folder speaks of a setting that there is not.
func TestEveryVariableNamedIsASetting(t *testing.T) {
	t.Parallel()
	// What is not the server's: of compose.yaml, of secrets.sh.
	others := []string{"FACEKEEP_PUBLISH", "FACEKEEP_CPUS", "FACEKEEP_MEMORY", "FACEKEEP_SECRETS_DIR", "FACEKEEP_ENV_FILE"}
	known := settings(t)
	names := regexp.MustCompile(`FACEKEEP_[A-Z0-9_]*[A-Z0-9]`)
	files := 0
	err := filepath.WalkDir(root+"deployments", func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.Name() == "secrets" {
			return filepath.SkipDir
		}
		if d.IsDir() || d.Name() == ".env" {
			return nil
		}
		files++
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, name := range names.FindAllString(string(text), -1) {
			if _, ok := known[name]; !ok && !slices.Contains(others, name) {
				t.Errorf("%s: got %s, which is no setting", path, name)
			}
		}
		return nil
	})
	if err != nil || files < 10 {
		t.Errorf("got %d files, %v, want all of deployments", files, err)
	}
}
