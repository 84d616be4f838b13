package main_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"
)

// lfw returns the people of the LFW folder that lies beside the project, with
// their pictures, in order of name.
func lfw(t *testing.T) (names []string, pictures map[string][]string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "..", "shared", "lfw", "images", "*", "*.jpg"))
	if err != nil || len(files) == 0 {
		t.Skip("../shared/lfw is not here")
	}
	pictures = make(map[string][]string)
	for _, f := range files {
		name := filepath.Base(filepath.Dir(f))
		pictures[name] = append(pictures[name], f)
	}
	for name, files := range pictures {
		slices.Sort(files)
		names = append(names, name)
	}
	slices.Sort(names)
	return names, pictures
}

// clients is how many requests the tests send at a time.
const clients = 4

// each runs f for every item, a few at a time.
func each[T any](t *testing.T, items []T, f func(T) error) {
	t.Helper()
	var g errgroup.Group
	g.SetLimit(clients)
	for _, item := range items {
		g.Go(func() error { return f(item) })
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
}

// enrol registers a person by one picture.
func enrol(s *server, name, file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	status, body, err := s.call("POST", "/api/v1/WatchlistMembers/Register", register(name, encode(data), "lfw"))
	if err == nil && status != http.StatusCreated {
		err = fmt.Errorf("register %s: status %d: %s", name, status, body)
	}
	return err
}

// nearest searches a picture and returns who is nearest to its largest face, at
// any score above 0.
func nearest(s *server, file string) (id string, score int, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", 0, err
	}
	status, body, err := s.call("POST", "/api/v1/Watchlists/Search", object{
		"image": object{"data": encode(data)}, "threshold": 0, "maxResultCount": 1, "faceDetectorConfig": largestFace(),
	})
	if err != nil {
		return "", 0, err
	}
	if status != http.StatusOK {
		return "", 0, fmt.Errorf("search %s: status %d: %s", file, status, body)
	}
	faces, err := decode[[]searchAnswer](body)
	if err != nil || len(faces) != 1 || len(faces[0].MatchResults) == 0 {
		return "", 0, err
	}
	m := faces[0].MatchResults[0]
	return m.WatchlistMemberID, m.Score, nil
}

// TestTwoThousandPeople enrols 2,000 people by one picture each and searches
// another picture of all who have one.
func TestTwoThousandPeople(t *testing.T) {
	names, pictures := lfw(t)
	names = names[:min(2000, len(names))]
	s := start(t, embedded(t))
	watchlist(s, "lfw")
	var mu sync.Mutex
	var refused []string // no face that counts in the picture
	each(t, names, func(name string) error {
		err := enrol(s, name, pictures[name][0])
		if err != nil && s.running() {
			mu.Lock()
			defer mu.Unlock()
			refused = append(refused, name)
			return nil
		}
		return err
	})
	if len(refused) > 5 {
		t.Errorf("%d of %d pictures were refused: %q", len(refused), len(names), refused)
	}
	probes := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return len(pictures[n]) < 2 })
	var hits int
	each(t, probes, func(name string) error {
		id, _, err := nearest(s, pictures[name][1])
		mu.Lock()
		defer mu.Unlock()
		if id == name {
			hits++
		}
		return err
	})
	rank1, peak := float64(hits)/float64(len(probes)), s.peakMemory()
	t.Logf("%d people enrolled, %d refused; rank-1 %.4f of %d probes; peak memory %d MiB", len(names)-len(refused), len(refused), rank1, len(probes), peak>>20)
	if rank1 < 0.955 {
		t.Errorf("rank-1 = %.4f, want at least 0.955", rank1)
	}
	if peak > 600e6 {
		t.Errorf("the server took %d MB of memory, want under 600", peak/1e6)
	}
}

// TestKilledWhileEnrolling kills the server with SIGKILL while clients enrol,
// starts it again over the same data, and compares what it holds with what it
// had acknowledged.
func TestKilledWhileEnrolling(t *testing.T) {
	onBoth(t, testKilledWhileEnrolling)
}

func testKilledWhileEnrolling(t *testing.T, where storage) {
	t.Helper()
	names, pictures := lfw(t)
	names = names[:min(200, len(names))]
	s := start(t, where)
	watchlist(s, "lfw")
	acknowledged := enrolUntilKilled(t, s, names, pictures, len(names)/2)

	s = start(t, where)
	held := want[struct{ Items []struct{ ID string } }](s, http.StatusOK, "GET", "/api/v1/WatchlistMembers?PageSize=1000", nil)
	inFlight := 0
	for _, m := range held.Items {
		if !slices.Contains(acknowledged, m.ID) {
			inFlight++ // committed, but the answer did not get out
		}
	}
	if inFlight > clients {
		t.Errorf("%d members that were never acknowledged, want at most the %d requests under way", inFlight, clients)
	}
	if len(held.Items)-inFlight != len(acknowledged) {
		t.Errorf("%d acknowledged members are there, want %d", len(held.Items)-inFlight, len(acknowledged))
	}
	each(t, held.Items, func(m struct{ ID string }) error {
		id, score, err := nearest(s, pictures[m.ID][0])
		if err == nil && (id != m.ID || score < 100) {
			err = fmt.Errorf("%s: its own picture finds %q at %d", m.ID, id, score)
		}
		return err
	})
	gone := slices.DeleteFunc(slices.Clone(names), func(n string) bool {
		return slices.ContainsFunc(held.Items, func(m struct{ ID string }) bool { return m.ID == n })
	})
	each(t, gone, func(name string) error {
		id, score, err := nearest(s, pictures[name][0])
		if err == nil && (id == name || score == 100) {
			err = fmt.Errorf("%s was not enrolled, but finds %q at %d", name, id, score)
		}
		return err
	})
	t.Logf("%d acknowledged, %d committed without an answer, %d not enrolled", len(acknowledged), inFlight, len(gone))
}

// enrolUntilKilled enrols people with several clients, kills the server after so
// many acknowledgements, and returns everybody whose 201 arrived.
func enrolUntilKilled(t *testing.T, s *server, names []string, pictures map[string][]string, after int) []string {
	t.Helper()
	var mu sync.Mutex
	var acknowledged []string
	g, ctx := errgroup.WithContext(t.Context())
	next := make(chan string)
	g.Go(func() error {
		defer close(next)
		for _, name := range names {
			select {
			case next <- name:
			case <-ctx.Done():
				return nil
			}
		}
		return nil
	})
	for range clients {
		g.Go(func() error {
			for name := range next {
				if err := enrol(s, name, pictures[name][0]); err != nil {
					if s.running() {
						continue // a picture that was refused
					}
					return context.Canceled // the server is gone
				}
				mu.Lock()
				acknowledged = append(acknowledged, name)
				if len(acknowledged) == after {
					go s.kill()
				}
				mu.Unlock()
			}
			return nil
		})
	}
	_ = g.Wait()
	s.kill()
	if len(acknowledged) == len(names) {
		t.Fatal("the server was killed too late to test anything")
	}
	return acknowledged
}

var peakLine = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peakMemory returns the largest resident size the server had, in bytes.
func (s *server) peakMemory() int64 {
	s.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		s.t.Skip("no /proc here")
	}
	m := peakLine.FindSubmatch(status)
	if m == nil {
		s.t.Fatal("no VmHWM in /proc/PID/status")
	}
	kb, err := strconv.ParseInt(string(m[1]), 10, 64)
	if err != nil {
		s.t.Fatal(err)
	}
	return kb << 10
}
