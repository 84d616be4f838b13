package main_test

import (
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
)

// gate is a way to a service that a test can shut without touching the service.
type gate struct {
	listener net.Listener
	target   string

	mu    sync.Mutex
	shut  bool
	conns map[net.Conn]bool
}

// newGate listens on a port of its own.
func newGate(t *testing.T, target string) *gate {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{listener: l, target: target, conns: map[net.Conn]bool{}}
	t.Cleanup(func() { _ = l.Close(); g.set(true) })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			go g.carry(in)
		}
	}()
	return g
}

// set shuts the gate, which breaks every connection, or opens it.
func (g *gate) set(shut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = shut
	for c := range g.conns {
		if shut {
			_ = c.Close()
		}
	}
}

// hold keeps a connection in mind until the returned function is called. It
// reports false, and closes the connection, if the gate is shut.
func (g *gate) hold(c net.Conn) (release func(), ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut {
		_ = c.Close()
		return nil, false
	}
	g.conns[c] = true
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		delete(g.conns, c)
		_ = c.Close()
	}, true
}

func (g *gate) carry(in net.Conn) {
	release, ok := g.hold(in)
	if !ok {
		return
	}
	defer release()
	out, err := net.Dial("tcp", g.target)
	if err != nil {
		return
	}
	let, ok := g.hold(out)
	if !ok {
		return
	}
	defer let()
	go func() {
		_, _ = io.Copy(out, in)
		_ = out.Close()
	}()
	_, _ = io.Copy(in, out)
}

// TestMilvusAwayAndTooLarge: a gallery that is too large to be searched in memory
// refuses searches while Milvus is away, and says so, rather than answer with less.
// Enrolling and deleting go on.
func TestMilvusAwayAndTooLarge(t *testing.T) {
	t.Parallel()
	where := production(t)
	way := newGate(t, os.Getenv("TEST_MILVUS_ADDR"))
	for i, arg := range where.args {
		if strings.HasPrefix(arg, "--milvus-address=") {
			where.args[i] = "--milvus-address=" + way.listener.Addr().String()
		}
	}
	s := start(t, where, "--exact-limit=1")
	watchlist(s, "presidents")
	enrol := func(id, picture string) {
		t.Helper()
		want[object](s, http.StatusCreated, "POST", "/api/v1/WatchlistMembers/Register", register(id, portrait(t, picture), "presidents"))
	}
	enrol("Barack_Obama", "obama.jpg")
	enrol("Joe_Biden", "biden.jpg")
	waitUntil(t, "Milvus is searched", func() bool { return placesOf(t, s, "biden.jpg")["Joe_Biden"] == 1 })

	way.set(true)
	refused(t, s)
	enrol("Obama_again", "obama2.jpg")
	want[object](s, http.StatusNoContent, "DELETE", "/api/v1/WatchlistMembers/Joe_Biden", nil)
	refused(t, s)

	way.set(false)
	waitUntil(t, "Milvus is searched again", func() bool { return placesOf(t, s, "obama.jpg") != nil })
	if found := placesOf(t, s, "obama.jpg"); found["Barack_Obama"] != 1 || found["Obama_again"] != 1 {
		t.Errorf("with Milvus back, the search finds %v, want both pictures", found)
	}
	if found := placesOf(t, s, "biden.jpg"); found["Joe_Biden"] > 0 {
		t.Errorf("with Milvus back, the search finds %v, who was deleted", found)
	}
	waitUntil(t, "the index follows", func() bool { return follows(t, where) })
}

// refused searches, and wants to be told to come back.
func refused(t *testing.T, s *server) {
	t.Helper()
	a := post(t, s, "/api/v1/Watchlists/Search", object{"image": object{"data": portrait(t, "obama2.jpg")}})
	if a.status != http.StatusServiceUnavailable || a.retry == "" {
		t.Errorf("status %d with Retry-After %q, want 503 and a time", a.status, a.retry)
	}
	const why = "the index cannot be reached, and the gallery is too large to be searched without it: try again soon"
	if got := detail(a.body); !strings.Contains(got, why) {
		t.Errorf("the answer says %q, want %q", got, why)
	}
}
