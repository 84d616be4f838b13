package main_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// The tests of this package run the program as users do: the built binary, its
// own process, real pictures, HTTP.

// program builds the program once for all tests.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "facekeep-test-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "bin", "facekeep")
	out, err := exec.Command("go", "build", "-o", path, "github.com/facekeep/facekeep/cmd/facekeep").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := program(); err == nil {
		_ = os.RemoveAll(filepath.Dir(filepath.Dir(path)))
	}
	os.Exit(code)
}

// root is the folder of the module.
const root = "../.."

// server is a running program and a client of it.
type server struct {
	t    *testing.T
	cmd  *exec.Cmd
	url  string
	key  string // sent with each request; "": none
	log  *transcript
	done chan struct{} // closed when the process has ended
	exit error         // how; to be read after done
	once sync.Once
}

// transcript is what a server wrote so far.
type transcript struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *transcript) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.WriteString(line + "\n")
}

// String returns all lines so far.
func (l *transcript) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

var listening = regexp.MustCompile(`msg=listening .*address=(\S+)`)

// start runs "facekeep serve" on a free port over a storage and waits until it
// serves.
func start(t *testing.T, where storage, args ...string) *server {
	t.Helper()
	if testing.Short() {
		t.Skip("runs the whole program; left out of -short")
	}
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, log: new(transcript), done: make(chan struct{})}
	s.cmd = exec.Command(path, slices.Concat([]string{"serve", "--listen=127.0.0.1:0"}, where.args, args)...)
	s.cmd.Dir = root // lib/ and models/ are found from here
	stderr, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	address := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(stderr)
		for lines.Scan() {
			s.log.add(lines.Text())
			if m := listening.FindStringSubmatch(lines.Text()); m != nil {
				address <- m[1]
			}
		}
		close(address)
		s.exit = s.cmd.Wait()
		close(s.done)
	}()
	select {
	case a, ok := <-address:
		if !ok {
			t.Fatalf("the server did not start:\n%s", s.log)
		}
		s.url = "http://" + a
	case <-time.After(60 * time.Second):
		t.Fatal("the server did not start within a minute")
	}
	return s
}

// of returns the server for a part of a test.
func (s *server) of(t *testing.T) *server {
	t.Helper()
	return &server{t: t, url: s.url, key: s.key, log: s.log, done: s.done}
}

// running says whether the server answers.
func (s *server) running() bool {
	status, _, err := s.call("GET", "/healthz", nil)
	return err == nil && status == http.StatusOK
}

// kill ends the server at once, as a power cut would, and waits for its end.
func (s *server) kill() {
	s.once.Do(func() {
		_ = s.cmd.Process.Kill()
		<-s.done
	})
}

// stop ends the server as an operator does, and returns how it exited.
func (s *server) stop() error {
	err := errors.New("stopped before")
	s.once.Do(func() {
		_ = s.cmd.Process.Signal(os.Interrupt)
		<-s.done
		err = s.exit
	})
	return err
}

// call sends a request with a JSON body (none if nil) and returns status and body.
func (s *server) call(method, path string, body any) (int, []byte, error) {
	var r io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return 0, nil, err
		}
		r = bytes.NewReader(data)
	}
	req, err := http.NewRequest(method, s.url+path, r)
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", "application/json-patch+json")
	if s.key != "" {
		req.Header.Set("x-api-key", s.key)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	return resp.StatusCode, data, err
}

// want sends a request that must be answered with a status, and decodes the
// answer into T.
func want[T any](s *server, status int, method, path string, body any) T {
	s.t.Helper()
	var out T
	got, data, err := s.call(method, path, body)
	if err != nil {
		s.t.Fatalf("%s %s: %v\n%s", method, path, err, s.log)
	}
	if got != status {
		s.t.Fatalf("%s %s: status %d, want %d: %s", method, path, got, status, data)
	}
	if len(data) > 0 {
		if err := json.Unmarshal(data, &out); err != nil {
			s.t.Fatalf("%s %s: %v in %s", method, path, err, data)
		}
	}
	return out
}

type object = map[string]any

// searchAnswer is what the tests read of one face of a search.
type searchAnswer struct {
	MatchResults []struct {
		Score             int    `json:"score"`
		WatchlistMemberID string `json:"watchlistMemberId"`
		FullName          string `json:"fullName"`
	} `json:"matchResults"`
	Age    float64 `json:"age"`
	Gender string  `json:"gender"`
}

// picture returns a file in base64.
func picture(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return encode(data)
}

func encode(data []byte) string { return base64.StdEncoding.EncodeToString(data) }

func decode[T any](data []byte) (T, error) {
	var out T
	err := json.Unmarshal(data, &out)
	return out, err
}

func portrait(t *testing.T, name string) string {
	t.Helper()
	return picture(t, filepath.Join(root, "docs", "portraits", name))
}

func watchlist(s *server, id string) {
	s.t.Helper()
	want[object](s, http.StatusOK, "PUT", "/api/v1/Watchlists", object{"id": id, "displayName": id, "fullName": id})
}

// largestFace is the detector configuration for a picture that is about one
// person, whoever stands behind.
func largestFace() object { return object{"maxFaces": 1, "minFaceSize": 20} }

func register(id, data string, watchlists ...string) object {
	return object{
		"id": id, "fullName": strings.ReplaceAll(id, "_", " "), "images": []object{{"data": data}},
		"watchlistIds": watchlists, "faceDetectorConfig": largestFace(),
	}
}
