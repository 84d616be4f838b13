package main_test

import (
	"database/sql"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// ownPostgres is a Postgres of the test's own, on a small disk.
type ownPostgres struct {
	t   *testing.T
	dir string
	env []string
}

func newOwnPostgres(t *testing.T, dir string) *ownPostgres {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	p := &ownPostgres{t: t, dir: dir, env: append(os.Environ(), "FACEKEEP_SERVICES_DIR="+dir, fmt.Sprintf("FACEKEEP_POSTGRES_PORT=%d", port))}
	t.Cleanup(func() { _, _ = p.run("kill", "postgres") })
	p.start()
	return p
}

func (p *ownPostgres) run(args ...string) (string, error) {
	c := exec.Command(filepath.Join(root, "scripts", "services.sh"), args...)
	c.Env = p.env
	out, err := c.CombinedOutput()
	return string(out), err
}

// start starts it, or does nothing if it runs.
func (p *ownPostgres) start() {
	p.t.Helper()
	if out, err := p.run("start", "postgres"); err != nil {
		p.t.Fatalf("start postgres: %v: %s", err, out)
	}
}

var dsnLine = regexp.MustCompile(`TEST_POSTGRES_DSN='([^']+)'`)

func (p *ownPostgres) url() string {
	p.t.Helper()
	out, err := p.run("env")
	m := dsnLine.FindStringSubmatch(out)
	if err != nil || m == nil {
		p.t.Fatalf("services.sh env: %v: %s", err, out)
	}
	return m[1]
}

// fill leaves so many bytes of the disk free, and returns what takes the rest.
func (p *ownPostgres) fill(free int64) (ballast string) {
	p.t.Helper()
	room, err := exec.Command("df", "--output=avail", "-B1", p.dir).Output()
	if err != nil {
		p.t.Fatal(err)
	}
	var have int64
	lines := strings.Fields(string(room))
	if _, err := fmt.Sscan(lines[len(lines)-1], &have); err != nil {
		p.t.Fatal(err)
	}
	ballast = filepath.Join(p.dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, have-free), 0o600); err != nil {
		p.t.Fatal(err)
	}
	return ballast
}

// TestDrillPostgresFull enrols until the disk of Postgres is full, which may end
// Postgres altogether: whatever was acknowledged is there once there is room.
func TestDrillPostgresFull(t *testing.T) {
	drills(t)
	t.Parallel()
	shared := production(t)
	postgres := newOwnPostgres(t, smallDisk(t, 256))
	where := storage{
		args: []string{"--database-url=" + postgres.url(), "--milvus-address=" + milvusOf(shared).Address, "--milvus-prefix=" + milvusOf(shared).Prefix},
		open: func(t *testing.T) *sql.DB {
			t.Helper()
			return openSQL(t, "pgx", postgres.url())
		},
	}
	s := start(t, where)
	watchlist(s, "presidents")
	ballast := postgres.fill(3 << 20)
	picture, enrolled := portrait(t, "obama.jpg"), map[string]int{}
	refused := 0
	for n := 0; refused < 3 && n < 1000; n++ { // more than once: Postgres may have ended by then
		id := fmt.Sprintf("obama%d", n)
		a := post(t, s, "/api/v1/WatchlistMembers/Register", register(id, picture, "presidents"))
		if a.status == http.StatusCreated {
			enrolled[id] = 1
			continue
		}
		refused++
		if a.status != http.StatusServiceUnavailable || a.retry == "" {
			t.Errorf("on a full disk, an enrolment is answered by %d, Retry-After %q: %s; want 503", a.status, a.retry, a.body)
		}
	}
	if len(enrolled) < 5 || refused == 0 {
		t.Fatalf("%d were enrolled and %d refused: the disk was not filled", len(enrolled), refused)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	postgres.start()
	waitUntil(t, "the server finds Postgres again", func() bool { return placesOf(t, s, "obama2.jpg") != nil })
	wantThere(t, s, enrolled, "with room again")
	want[object](s, http.StatusNoContent, "DELETE", "/api/v1/WatchlistMembers/obama0", nil)
	delete(enrolled, "obama0")
	if found := placesOf(t, s, "obama2.jpg"); found["obama0"] > 0 {
		t.Error("obama0 is found after its deletion")
	}
	s.kill()
	s = start(t, where)
	wantThere(t, s, enrolled, "after a restart")
	waitUntil(t, "the index follows", func() bool { return follows(t, where) })
}

// wantThere fails unless a search finds everybody who was enrolled; it may find
// those whose enrolment was answered by an error.
func wantThere(t *testing.T, s *server, enrolled map[string]int, when string) {
	t.Helper()
	found := placesOf(t, s, "obama2.jpg")
	for id := range enrolled {
		if found[id] != 1 {
			t.Errorf("%s: %s was acknowledged and is not found", when, id)
		}
	}
}
