package main_test

import (
	"bytes"
	"net/http"
	"os/exec"
	"strings"
	"testing"
)

// keyTool runs "facekeep apikey" beside a server.
type keyTool struct {
	t     *testing.T
	where string // the flag that names the database
}

func (k keyTool) run(args ...string) (stdout, stderr string, err error) {
	k.t.Helper()
	path, err := program()
	if err != nil {
		k.t.Fatal(err)
	}
	cmd := exec.Command(path, append(append([]string{"apikey"}, args...), k.where)...)
	var out, says bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &says
	err = cmd.Run()
	return out.String(), says.String(), err
}

// create returns a new key, as a script takes it: the last line of standard output.
func (k keyTool) create(args ...string) string {
	k.t.Helper()
	out, says, err := k.run(append([]string{"create"}, args...)...)
	if err != nil {
		k.t.Fatalf("apikey create %q: %v\n%s", args, err, says)
	}
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	return lines[len(lines)-1]
}

// TestKeys makes keys by the command line while the server runs, uses them, and
// revokes them.
func TestKeys(t *testing.T) {
	t.Parallel()
	onBoth(t, testKeys)
}

func testKeys(t *testing.T, where storage) {
	t.Helper()
	s := start(t, where, "--api-keys=required")
	if !strings.Contains(s.log.String(), "facekeep apikey create") {
		t.Errorf("the log does not say how to make a key:\n%s", s.log)
	}
	tool := keyTool{t, where.args[0]}
	s.refuses(http.StatusUnauthorized, "GET", "/api/v1/Watchlists")
	admin := tool.create("--name=owner", "--role=admin")
	s.key = admin
	watchlist(s, "presidents")
	watchlist(s, "guests")
	want[object](s, http.StatusCreated, "POST", "/api/v1/WatchlistMembers/Register", register("Barack_Obama", portrait(t, "obama.jpg"), "presidents"))

	s.key = tool.create("--name=gate", "--role=search", "--expires=1h")
	if n := s.matches("obama2.jpg"); n != 1 {
		t.Errorf("a key for searches finds %d people, want 1", n)
	}
	s.refuses(http.StatusForbidden, "DELETE", "/api/v1/WatchlistMembers/Barack_Obama")
	s.refuses(http.StatusForbidden, "DELETE", "/api/v1/Watchlists/presidents")

	s.key = tool.create("--name=reception", "--role=enrol", "--watchlist=guests")
	if n := s.matches("obama2.jpg"); n != 0 {
		t.Errorf("a key for guests finds %d presidents, want none", n)
	}
	s.refuses(http.StatusForbidden, "POST", "/api/v1/Watchlists/Search", object{"image": object{"data": portrait(t, "obama2.jpg")}, "watchlistIds": []string{"presidents"}})
	for _, path := range []string{"/api/v1/Watchlists", "/api/groups", "/collections"} {
		if _, lists, err := s.call("GET", path, nil); err != nil || !strings.Contains(string(lists), "guests") || strings.Contains(string(lists), "presidents") {
			t.Errorf("%s for a key for guests: %s (%v), want guests alone", path, lists, err)
		}
	}
	s.refuses(http.StatusForbidden, "POST", "/face-search", object{"collection_name": "presidents", "face_base_64": portrait(t, "obama2.jpg")})
	s.refuses(http.StatusNotFound, "GET", "/api/v1/WatchlistMembers/Barack_Obama")
	s.refuses(http.StatusNotFound, "DELETE", "/api/v1/WatchlistMembers/Barack_Obama")
	s.refuses(http.StatusForbidden, "POST", "/api/v1/WatchlistMembers/Register", register("Joe_Biden", portrait(t, "biden.jpg"), "presidents"))
	want[object](s, http.StatusCreated, "POST", "/api/v1/WatchlistMembers/Register", register("Joe_Biden", portrait(t, "biden.jpg"), "guests"))

	if out, says, err := tool.run("revoke", "reception"); err != nil {
		t.Fatalf("revoke: %v\n%s%s", err, out, says)
	}
	s.refuses(http.StatusUnauthorized, "GET", "/api/v1/Watchlists")
	s.key = "fk_" + strings.Repeat("0", 97)
	s.refuses(http.StatusUnauthorized, "GET", "/api/v1/Watchlists")

	list, _, err := tool.run("list")
	for _, word := range []string{"owner", "gate", "reception", "guests", "revoked", "valid until it is revoked"} {
		if err != nil || !strings.Contains(list, word) {
			t.Errorf("the list (%v) does not say %q:\n%s", err, word, list)
		}
	}
	secret := admin[len(admin)-64:]
	if strings.Contains(list, secret) || strings.Contains(s.log.String(), secret) {
		t.Error("the list or the log holds a key")
	}
	_, rows, _ := strings.Cut(list, "\n")
	if id, _, _ := strings.Cut(rows, " "); id == "" || !strings.Contains(s.log.String(), "api_key="+id) {
		t.Errorf("the log does not tell by which key (%s) a request came:\n%s", id, s.log)
	}
}

// refuses wants a request to be answered with an error of a status.
func (s *server) refuses(status int, method, path string, body ...any) {
	s.t.Helper()
	var sent any
	if len(body) > 0 {
		sent = body[0]
	}
	if got, answer, err := s.call(method, path, sent); got != status || err != nil {
		s.t.Errorf("%s %s: got %d (%v) %.300s, want %d", method, path, got, err, answer, status)
	}
}

// matches returns how many people are found in a portrait.
func (s *server) matches(name string) int {
	s.t.Helper()
	found := want[[]searchAnswer](s, http.StatusOK, "POST", "/api/v1/Watchlists/Search", object{"image": object{"data": portrait(s.t, name)}})
	return len(found[0].MatchResults)
}

// TestKeysByAddress holds who is asked for a key by where the server listens.
func TestKeysByAddress(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		args   []string
		status int
		says   string
	}{
		"this machine alone": {nil, http.StatusOK, ""},
		"everywhere":         {[]string{"--listen=0.0.0.0:0"}, http.StatusUnauthorized, "facekeep apikey create"},
		"everywhere, anyone": {[]string{"--listen=0.0.0.0:0", "--allow-anyone"}, http.StatusOK, "ANYONE who can reach this address"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, embedded(t), tt.args...)
			if status, answer, err := s.call("GET", "/api/v1/Watchlists", nil); status != tt.status || err != nil {
				t.Errorf("got %d (%v) %s, want %d", status, err, answer, tt.status)
			}
			if !strings.Contains(s.log.String(), tt.says) {
				t.Errorf("the log does not say %q:\n%s", tt.says, s.log)
			}
			s.refuses(http.StatusUnauthorized, "GET", "/collections") // face-search asks everywhere
			for _, open := range []string{"/healthz", "/readyz", "/metrics", "/swagger/smartface/index.html", "/api/healthz", "/api/readyz", "/api/readiness"} {
				if status, _, err := s.call("GET", open, nil); status != http.StatusOK || err != nil {
					t.Errorf("%s: got %d (%v), want 200 without a key", open, status, err)
				}
			}
			path, err := program()
			if err != nil {
				t.Fatal(err)
			}
			listen := strings.Replace(strings.TrimPrefix(s.url, "http://"), "[::]", "", 1)
			if out, err := exec.Command(path, "health", "--listen="+listen).CombinedOutput(); err != nil {
				t.Errorf("facekeep health: %v\n%s", err, out)
			}
		})
	}
}

// TestKeyToolRefuses holds what the command line does not take. An empty watchlist is
// not none: the key would be for all.
func TestKeyToolRefuses(t *testing.T) {
	t.Parallel()
	tool := keyTool{t, "--data-dir=" + t.TempDir()}
	for args, says := range map[string]string{
		"create --name=a":                                    "--role",
		"create --role=admin":                                "--name",
		"create --name=a --role=root":                        "root",
		"create --name=a --role=admin --watchlist=":          "watchlist",
		"create --name=a --role=admin --expires=-1h":         "expires",
		"create --name=a --role=admin --expires=soon":        "2027-01-01",
		"create --name=a --role=admin --expires=2020-01-01":  "expires",
		"create --name=a --role=admin --database-url=mysql:": "postgres://",
		"revoke nobody":                                      "nobody",
		"revoke":                                             "id|name",
	} {
		out, stderr, err := tool.run(strings.Fields(args)...)
		if err == nil || !strings.Contains(stderr+out, says) || strings.Contains(out, "fk_") {
			t.Errorf("%s: %v, %s%s; want a refusal that says %q", args, err, out, stderr, says)
		}
	}
	if out, _, err := tool.run("list"); err != nil || strings.Count(out, "\n") != 1 {
		t.Errorf("list: %v, %s; want no key", err, out)
	}
}
