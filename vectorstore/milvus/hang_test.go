package milvus

import (
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/facekeep/facekeep/face"
)

// valve passes bytes on between a store and Milvus, until it is shut: then it
// swallows them, and the connections stay open.
type valve struct {
	net.Listener

	mu   sync.Mutex
	shut bool
}

// openValve returns a valve before Milvus.
func openValve(t *testing.T, to string) *valve {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	v := &valve{Listener: l}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", to)
			if err != nil {
				_ = in.Close()
				continue
			}
			go v.pass(in, out)
			go v.pass(out, in)
		}
	}()
	return v
}

func (v *valve) pass(from, to net.Conn) {
	defer func() { _ = from.Close() }()
	defer func() { _ = to.Close() }()
	_, _ = io.Copy(passing{to, v}, from)
}

func (v *valve) set(shut bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.shut = shut
}

// passing writes while the valve is open.
type passing struct {
	io.Writer

	valve *valve
}

func (p passing) Write(b []byte) (int, error) {
	p.valve.mu.Lock()
	shut := p.valve.shut
	p.valve.mu.Unlock()
	if shut {
		return len(b), nil
	}
	return p.Writer.Write(b)
}

// TestHanging: a search waits for a Milvus that hangs as long as it is told to, and
// no longer, also where the collection has to be looked up first.
func TestHanging(t *testing.T) {
	t.Parallel()
	v := openValve(t, address(t))
	direct := open(t, nil)
	rows := randomRows(2, 8, 1)
	upsert(t, direct, rows...)
	opts := direct.opts
	opts.Address, opts.SearchTimeout = v.Addr().String(), 300*time.Millisecond
	searchOnce := func(s *Store) (time.Duration, error) {
		begun := time.Now()
		_, err := s.Search(t.Context(), face.IndexQuery{Label: label, Vector: rows[0].Vector, Limit: 1, MinCosine: -1})
		return time.Since(begun), err
	}
	known, unknown := openOver(t, opts), openOver(t, opts)
	for begun := time.Now(); ; { // under load, looking the collection up may take longer than a search may
		_, err := searchOnce(known)
		if err == nil {
			break
		}
		if time.Since(begun) > time.Minute {
			t.Fatalf("Search: %v", err)
		}
	}
	v.set(true)
	for name, s := range map[string]*Store{"a known collection": known, "one to be looked up": unknown} {
		for range 2 {
			took, err := searchOnce(s)
			if face.KindOf(err) != face.Unavailable || took > opts.SearchTimeout+time.Second {
				t.Errorf("%s: Search = %v after %v, want an Unavailable error after some %v", name, err, took, opts.SearchTimeout)
			}
		}
	}
}

func openOver(t *testing.T, opts Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}
