package deploycheck_test

import (
	"maps"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/google/go-cmp/cmp"
)

const composeFile = root + "deployments/compose.yaml"

// composeSecrets are the variables of compose.yaml that there is no default for.
func composeSecrets() map[string]string {
	return map[string]string{
		"POSTGRES_PASSWORD_FILE": "/s/postgres", "MINIO_PASSWORD_FILE": "/s/minio",
		"MILVUS_PASSWORD_FILE": "/s/milvus", "DATABASE_URL_FILE": "/s/url",
	}
}

// load reads the compose file as the compose program does: against its schema,
// with its variables, and consistent.
func load(t *testing.T, env map[string]string) (*types.Project, error) {
	t.Helper()
	dir, err := filepath.Abs(filepath.Dir(composeFile))
	if err != nil {
		t.Fatal(err)
	}
	return loader.LoadWithContext(t.Context(), types.ConfigDetails{
		WorkingDir:  dir,
		ConfigFiles: []types.ConfigFile{{Filename: filepath.Join(dir, "compose.yaml")}},
		Environment: env,
	})
}

func mustLoad(t *testing.T) *types.Project {
	t.Helper()
	project, err := load(t, composeSecrets())
	if err != nil {
		t.Fatal(err)
	}
	return project
}

func TestComposeWantsEverySecret(t *testing.T) {
	t.Parallel()
	project := mustLoad(t)
	if got, want := len(project.Secrets), len(composeSecrets()); got != want {
		t.Errorf("got %d secrets, want %d", got, want)
	}
	for key := range composeSecrets() {
		for name, env := range map[string]map[string]string{"missing": {}, "empty": {key: ""}} {
			merged := composeSecrets()
			delete(merged, key)
			maps.Copy(merged, env)
			if _, err := load(t, merged); err == nil || !strings.Contains(err.Error(), key) || !strings.Contains(err.Error(), "secrets.sh") {
				t.Errorf("%s is %s: got %v, want an error that names it and says what to do", key, name, err)
			}
		}
	}
}

// The example starts nothing as it stands.
func TestComposeRefusesTheExample(t *testing.T) {
	t.Parallel()
	env, err := dotenv.Read(root + "deployments/.env.example")
	if err != nil {
		t.Fatal(err)
	}
	got, want := slices.Sorted(maps.Keys(env)), slices.Sorted(maps.Keys(composeSecrets()))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("variables of .env.example differ (-want +got):\n%s", diff)
	}
	if _, err := load(t, env); err == nil {
		t.Error("got no error with .env.example as it is, want one")
	}
}

func TestComposeServices(t *testing.T) {
	t.Parallel()
	project := mustLoad(t)
	want := []string{"etcd", "facekeep", "milvus", "minio", "postgres"}
	if diff := cmp.Diff(want, project.ServiceNames()); diff != "" {
		t.Errorf("services differ (-want +got):\n%s", diff)
	}
	for name, s := range project.Services {
		checkImage(t, name, s.Image)
		if s.Restart != types.RestartPolicyUnlessStopped {
			t.Errorf("%s: got restart %q", name, s.Restart)
		}
		if s.Deploy == nil || s.Deploy.Resources.Limits == nil || s.Deploy.Resources.Limits.MemoryBytes < 1<<30 || s.Deploy.Resources.Limits.NanoCPUs < 1 {
			t.Errorf("%s: got limits %+v, want memory and processors", name, s.Deploy)
		}
		if s.Build == nil && (s.HealthCheck == nil || len(s.HealthCheck.Test) == 0) {
			t.Errorf("%s: got no health check, and no Dockerfile that has one", name)
		}
		if !slices.Contains(s.SecurityOpt, "no-new-privileges:true") || s.Privileged {
			t.Errorf("%s: got more rights than it needs: %v", name, s.SecurityOpt)
		}
		if name != "facekeep" && len(s.Ports) > 0 {
			t.Errorf("%s: got ports %v published, want none", name, s.Ports)
		}
		checkVolumes(t, name, s)
		for upstream, d := range s.DependsOn {
			if d.Condition != types.ServiceConditionHealthy {
				t.Errorf("%s: got condition %s of %s, want it healthy", name, d.Condition, upstream)
			}
		}
	}
}

// checkVolumes wants data in named volumes: what is in the container alone is
// lost with it.
func checkVolumes(t *testing.T, name string, s types.ServiceConfig) {
	t.Helper()
	if name == "facekeep" { // keeps nothing
		if len(s.Volumes) > 0 || !s.ReadOnly || !slices.Contains(s.CapDrop, "ALL") {
			t.Errorf("facekeep: got volumes %v, read-only %v, dropped %v", s.Volumes, s.ReadOnly, s.CapDrop)
		}
		return
	}
	if len(s.Volumes) != 1 || s.Volumes[0].Type != types.VolumeTypeVolume || s.Volumes[0].Source == "" {
		t.Errorf("%s: got volumes %v, want one with a name", name, s.Volumes)
	}
}

func TestComposePublishesToThisMachine(t *testing.T) {
	t.Parallel()
	ports := mustLoad(t).Services["facekeep"].Ports
	if len(ports) != 1 {
		t.Fatalf("got ports %v, want one", ports)
	}
	if ip := net.ParseIP(ports[0].HostIP); ip == nil || !ip.IsLoopback() {
		t.Errorf("got %s published without being asked to, want the loopback", ports[0].HostIP)
	}
	if got, want := ports[0].Published, port(t); got != want {
		t.Errorf("got port %s published, want %s", got, want)
	}
	if ports[0].Target != 8098 || port(t) != "8098" {
		t.Errorf("got target %d, want the server's %s", ports[0].Target, port(t))
	}
}

// Who can reach whom: Facekeep its two services, Milvus its own two, and nobody
// but Facekeep the world.
func TestComposeNetworks(t *testing.T) {
	t.Parallel()
	project := mustLoad(t)
	got := map[string][]string{}
	for name, s := range project.Services {
		for network := range s.Networks {
			got[network] = append(got[network], name)
		}
	}
	for network, members := range got {
		slices.Sort(members)
		if internal := project.Networks[network].Internal; internal != (network != "outside") {
			t.Errorf("network %s: got internal %v", network, internal)
		}
	}
	want := map[string][]string{
		"outside": {"facekeep"}, "database": {"facekeep", "postgres"},
		"index": {"facekeep", "milvus"}, "storage": {"etcd", "milvus", "minio"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("networks differ (-want +got):\n%s", diff)
	}
}

func TestComposeSettings(t *testing.T) {
	t.Parallel()
	project := mustLoad(t)
	for name, s := range project.Services {
		env := map[string]string{}
		for key, value := range s.Environment {
			if value != nil {
				env[key] = *value
			}
			if secretive(key) && (value == nil || !strings.HasPrefix(*value, "/run/secrets/")) {
				t.Errorf("%s: got %s, want a file of /run/secrets", name, key)
			}
		}
		checkSecretFiles(t, name, s, env)
		if name == "facekeep" {
			checkSettings(t, "compose.yaml", env)
			if got := env["FACEKEEP_MILVUS_ADDRESS"]; got != "milvus:19530" {
				t.Errorf("got Milvus at %s", got)
			}
		}
	}
}

// checkSecretFiles wants each secret that a service reads to be given to it, and
// no other.
func checkSecretFiles(t *testing.T, name string, s types.ServiceConfig, env map[string]string) {
	t.Helper()
	text := strings.Join(slices.Concat(slices.Collect(maps.Values(env)), s.Command, s.Entrypoint), "\n")
	named := map[string]bool{}
	for _, match := range regexp.MustCompile(`/run/secrets/([a-z-]+)`).FindAllStringSubmatch(text, -1) {
		named[match[1]] = true
	}
	given := map[string]bool{}
	for _, secret := range s.Secrets {
		given[secret.Source] = true
	}
	if diff := cmp.Diff(named, given); diff != "" {
		t.Errorf("%s: secrets that it reads (-) and gets (+) differ:\n%s", name, diff)
	}
}

// No secret is in the file itself, however it is called.
func TestComposeHoldsNoSecret(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"minioadmin", "postgres://", "POSTGRES_HOST_AUTH_METHOD"} {
		if text := read(t, "deployments/compose.yaml"); strings.Contains(text, word) {
			t.Errorf("compose.yaml: got %q in it", word)
		}
	}
	for name, secret := range mustLoad(t).Secrets {
		if secret.File == "" || secret.Content != "" || secret.Environment != "" {
			t.Errorf("secret %s: got %+v, want a file", name, secret)
		}
	}
}

func TestComposeBuildsTheDockerfile(t *testing.T) {
	t.Parallel()
	build := mustLoad(t).Services["facekeep"].Build
	if _, err := os.Stat(filepath.Join(build.Context, build.Dockerfile)); err != nil {
		t.Errorf("got build %+v: %v", build, err)
	}
}
