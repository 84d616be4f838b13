package deploycheck_test

import (
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/google/go-cmp/cmp"
)

// makeSecrets runs secrets.sh into a folder and returns what is in its files, by
// their names, and the variables it wrote.
func makeSecrets(t *testing.T, dir string) (files, env map[string]string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", root+"deployments/secrets.sh")
	cmd.Env = append(os.Environ(), "FACEKEEP_SECRETS_DIR="+filepath.Join(dir, "secrets"), "FACEKEEP_ENV_FILE="+filepath.Join(dir, ".env"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("secrets.sh: %v\n%s", err, out)
	}
	env, err := dotenv.Read(filepath.Join(dir, ".env"))
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Join(dir, "secrets"))
	if err != nil {
		t.Fatal(err)
	}
	files = map[string]string{}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, "secrets", e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(text)
	}
	return files, env
}

func TestSecretsAreMadeOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files, env := makeSecrets(t, dir)
	project, err := load(t, env)
	if err != nil {
		t.Fatalf("compose.yaml with what secrets.sh wrote: %v", err)
	}
	if len(files) != len(project.Secrets) {
		t.Errorf("got %d files for %d secrets", len(files), len(project.Secrets))
	}
	for name, secret := range project.Secrets {
		if got, want := secret.File, filepath.Join(dir, "secrets", name); got != want {
			t.Errorf("secret %s: got file %s, want %s", name, got, want)
		}
	}
	again, _ := makeSecrets(t, dir)
	if diff := cmp.Diff(files, again); diff != "" {
		t.Errorf("a second run changed secrets (-first +second):\n%s", diff)
	}
	others, _ := makeSecrets(t, t.TempDir())
	for name, secret := range files {
		if others[name] == secret {
			t.Errorf("%s: got the same secret in two installations", name)
		}
	}
}

func TestSecretsCanBeUsed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files, _ := makeSecrets(t, dir)
	u, err := url.Parse(files["database-url"])
	if err != nil {
		t.Fatal(err)
	}
	if password, _ := u.User.Password(); password != files["postgres-password"] || u.Host != "postgres:5432" || u.Path != "/facekeep" {
		t.Errorf("database-url does not lead to the postgres of compose.yaml as its user: host %s, path %s", u.Host, u.Path)
	}
	for _, name := range []string{"postgres-password", "minio-password", "milvus-password"} {
		if got := files[name]; len(got) < 32 || len(got) > 72 || strings.TrimSpace(got) != got || strings.Trim(got, "0123456789") == "" {
			t.Errorf("%s: got %d characters, want 32 to 72, no space, not digits alone", name, len(got))
		}
	}
	// The folder keeps people out; the files are for the user in the container.
	for path, want := range map[string]os.FileMode{"secrets": 0o700, "secrets/database-url": 0o444, ".env": 0o600} {
		info, err := os.Stat(filepath.Join(dir, path))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s: got mode %o, want %o", path, got, want)
		}
	}
}
