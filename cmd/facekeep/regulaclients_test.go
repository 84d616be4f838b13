package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/facekeep/facekeep/handlers/contracttest"
)

// publishedClient is a client of Regula's that scripts/clients.sh installs.
type publishedClient struct {
	name, folder string // of .tools/clients
	// command is how its driver is started; the driver gets the server's address
	// and the folder of pictures, then args.
	command, args []string
	lacks         []string // operations of the server for which it has no call
}

func publishedClients(t *testing.T) []publishedClient {
	t.Helper()
	installed, err := filepath.Abs(filepath.Join(root, ".tools", "clients"))
	if err != nil {
		t.Fatal(err)
	}
	drivers := filepath.Join("testdata", "clients")
	python := func(name string, lacks ...string) publishedClient {
		folder := filepath.Join(installed, name)
		command := []string{filepath.Join(folder, "bin", "python"), "-B", filepath.Join(drivers, "python", "driver.py")}
		return publishedClient{name: name, folder: folder, command: command, lacks: lacks}
	}
	node := filepath.Join(installed, "npm")
	newer := []string{"GET /api/healthz", "GET /api/readyz"} // than 7.0
	return []publishedClient{
		python("regula-6.4", newer...),
		python("regula-7.2"),
		{name: "npm", folder: node, command: []string{"node", filepath.Join(drivers, "npm", "driver.mjs")}, args: []string{node}, lacks: newer},
	}
}

// TestRegulaClients drives a server through all calls of Regula's published
// clients. Each leaves the gallery as empty as it wants to find it.
func TestRegulaClients(t *testing.T) {
	t.Parallel()
	onBoth(t, testRegulaClients)
}

func testRegulaClients(t *testing.T, where storage) {
	t.Helper()
	pictures := clientPictures(t)
	s := start(t, where)
	w := newWitness(t, s, documents(t, s, "regula"), contracttest.OperationLogs)
	clients, driven := publishedClients(t), 0
	for _, c := range clients {
		t.Run(c.name, func(t *testing.T) {
			c.want(t)
			driven++
			w.watch(t)
			c.drive(t, s, w.url, pictures)
			if diff := cmp.Diff(c.lacks, w.uncalled(contracttest.Served), anyOrder, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("operations that were not called with success (-want +got):\n%s", diff)
			}
		})
	}
	if w.docs[contracttest.Contract] == nil || driven < len(clients) {
		t.Log("without all the clients, and the contract beside this checkout, nothing tells which answers are missing")
		return
	}
	if diff := cmp.Diff(unprovoked, w.unanswered(contracttest.Contract), anyOrder); diff != "" {
		t.Errorf("answers of the contract that no client got (-want +got):\n%s", diff)
	}
}

var anyOrder = cmpopts.SortSlices(strings.Compare)

// unprovoked are the answers of the contract that the clients do not get: there is no
// licence that may be missing, and the server is well.
var unprovoked = []string{
	"POST /api/match 403", "POST /api/detect 403", "GET /api/readiness 400", "GET /api/readyz 400",
}

// want skips the test where the client is not installed; with REQUIRE_CLIENTS=1 it
// fails.
func (c publishedClient) want(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(c.folder, ".lock")); err == nil {
		return
	}
	if os.Getenv("REQUIRE_CLIENTS") == "1" {
		t.Fatalf("%s is not installed (make clients), and REQUIRE_CLIENTS=1", c.name)
	}
	t.Skipf("%s is not installed: make clients", c.name)
}

// drive runs the driver of the client against a server at an address.
func (c publishedClient) drive(t *testing.T, s *server, url, pictures string) {
	t.Helper()
	args := append(append(append([]string{}, c.command[1:]...), url, pictures), c.args...)
	cmd := exec.CommandContext(t.Context(), c.command[0], args...)
	cmd.WaitDelay = time.Second
	cmd.Env = withoutProxy(os.Environ())
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v:\n%s\nthe server:\n%s", err, lastLines(string(out), 30), lastLines(s.log.String(), 10))
	}
	t.Logf("%d checks", strings.Count("\n"+string(out), "\nok "))
}

// withoutProxy leaves out what sends a client elsewhere than to this machine.
func withoutProxy(env []string) []string {
	var out []string
	for _, v := range env {
		if name, _, _ := strings.Cut(v, "="); !strings.HasSuffix(strings.ToLower(name), "_proxy") {
			out = append(out, v)
		}
	}
	return out
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// clientPictures is the folder of pictures that the drivers expect, and those of
// groups where they are beside this checkout.
func clientPictures(t *testing.T) string {
	t.Helper()
	pictures := map[string][]byte{
		"pair.jpg":  sideBySide(t, "obama.jpg", "biden.jpg"),
		"blank.jpg": grey(t, 320, 240),
	}
	for _, name := range []string{"obama.jpg", "obama2.jpg", "biden.jpg"} {
		data, err := os.ReadFile(filepath.Join(root, "docs", "portraits", name))
		if err != nil {
			t.Fatal(err)
		}
		pictures[name] = data
	}
	for _, name := range []string{"two_people.jpg", "six_people.jpg"} {
		if data, err := os.ReadFile(filepath.Join(root, "..", "shared", "images", "people", name)); err == nil {
			pictures[name] = data
		}
	}
	dir := t.TempDir()
	for name, data := range pictures {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
