package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// smallDisk mounts a file system of so many megabytes. It skips the test where that
// is not allowed.
func smallDisk(t *testing.T, megabytes int) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil { // a service may run as another user
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%dm", megabytes), "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("no file system can be mounted here, which takes root: %v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, out)
		}
	})
	return dir
}

// makeRoom gives a small disk another size.
func makeRoom(t *testing.T, dir string, megabytes int) {
	t.Helper()
	if out, err := exec.Command("mount", "-o", fmt.Sprintf("remount,size=%dm", megabytes), dir).CombinedOutput(); err != nil {
		t.Fatalf("remount: %v: %s", err, out)
	}
}

// answer is a status, the header Retry-After and a body.
type answer struct {
	status int
	retry  string
	body   []byte
}

// post sends a request.
func post(t *testing.T, s *server, path string, body any) answer {
	t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+path, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatalf("POST %s: %v\n%s", path, err, s.log)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header.Get("Retry-After"), got}
}

// TestDiskFull enrols until the disk of the data folder is full: the client is told
// why, everything acknowledged is found and nothing else, and once there is room
// all goes on.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	dir := smallDisk(t, 4)
	where := storage{args: []string{"--data-dir=" + dir}}
	s := start(t, where)
	watchlist(s, "presidents")
	picture, enrolled := portrait(t, "obama.jpg"), map[string]int{}
	enrol := func(id string) answer {
		a := post(t, s, "/api/v1/WatchlistMembers/Register", register(id, picture, "presidents"))
		if a.status == http.StatusCreated {
			enrolled[id] = 1
		}
		return a
	}
	for n := 0; ; n++ {
		id := fmt.Sprintf("obama%d", n)
		a := enrol(id)
		if a.status == http.StatusCreated && n < 1000 {
			continue
		}
		wantDiskFull(t, a)
		want[object](s, http.StatusNotFound, "GET", "/api/v1/WatchlistMembers/"+id, nil)
		break
	}
	if len(enrolled) < 5 {
		t.Fatalf("only %d enrolments fit on the disk", len(enrolled))
	}
	wantEnrolled(t, s, enrolled, "on a full disk")
	if a := enrol("again"); a.status != http.StatusCreated {
		wantDiskFull(t, a)
	}
	status, body, err := s.call("DELETE", "/api/v1/WatchlistMembers/obama0", nil)
	switch {
	case err == nil && status == http.StatusNoContent:
		delete(enrolled, "obama0")
	case err != nil || status != http.StatusServiceUnavailable || !strings.Contains(detail(body), "the disk is full"):
		t.Errorf("a deletion is answered by %d (%v): %s; want success, or to be told that the disk is full", status, err, body)
	}
	wantEnrolled(t, s, enrolled, "after a deletion on a full disk")
	s.kill()
	s = start(t, where)
	wantEnrolled(t, s, enrolled, "after a restart on a full disk")
	makeRoom(t, dir, 32)
	if a := enrol("with_room"); a.status != http.StatusCreated {
		t.Errorf("with room again, an enrolment is answered by %d: %s", a.status, a.body)
	}
	want[object](s, http.StatusNoContent, "DELETE", "/api/v1/WatchlistMembers/obama1", nil)
	delete(enrolled, "obama1")
	wantEnrolled(t, s, enrolled, "with room again")
	s.kill()
	wantEnrolled(t, start(t, where), enrolled, "after a restart with room")
}

func wantDiskFull(t *testing.T, a answer) {
	t.Helper()
	if a.status != http.StatusServiceUnavailable || a.retry == "" || !strings.Contains(detail(a.body), "the disk is full") {
		t.Errorf("answered by %d, Retry-After %q: %s; want 503 that says that the disk is full", a.status, a.retry, a.body)
	}
}

// wantEnrolled fails unless a search finds exactly those who were enrolled.
func wantEnrolled(t *testing.T, s *server, enrolled map[string]int, when string) {
	t.Helper()
	found := placesOf(t, s, "obama2.jpg")
	for id := range enrolled {
		if found[id] != 1 {
			t.Errorf("%s: %s was acknowledged and is not found", when, id)
		}
	}
	for id := range found {
		if enrolled[id] == 0 {
			t.Errorf("%s: %s is found and was not acknowledged, or is deleted", when, id)
		}
	}
}
