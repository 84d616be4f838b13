package load_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/cmd/internal/load"
	"github.com/facekeep/facekeep/cmd/internal/remote"
	"github.com/facekeep/facekeep/face"
)

// fakeServer keeps the requests that it gets, and answers as it is told to.
type fakeServer struct {
	mu       sync.Mutex
	requests []string // method, path and body
	status   func(r *http.Request) int
}

func (f *fakeServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests = append(f.requests, strings.TrimSpace(fmt.Sprint(r.Method, " ", r.URL.Path, " ", string(body))))
	w.WriteHeader(f.status(r))
}

func (f *fakeServer) client(t *testing.T) *remote.Client {
	t.Helper()
	if f.status == nil {
		f.status = func(*http.Request) int { return http.StatusOK }
	}
	web := httptest.NewServer(f)
	t.Cleanup(web.Close)
	client, err := remote.New(remote.Options{URL: web.URL})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

var two = [][]byte{[]byte("one"), []byte("two")} // b25l and dHdv in base64

func TestTargets(t *testing.T) {
	t.Parallel()
	off := `{"age":false,"gender":false,"faceMask":false,"noseTip":false,"yawAngle":false,"pitchAngle":false,"rollAngle":false,` +
		`"sharpness":false,"brightness":false,"tintedGlasses":false,"heavyFrame":false,"glassStatus":false}`
	tests := []struct {
		name string
		make func(c *remote.Client) (*load.Target, error)
		want []string
	}{
		{"search", func(c *remote.Client) (*load.Target, error) { return load.Search(c, two, load.SearchOptions{}) }, []string{
			`POST /api/v1/Watchlists/Search {"image":{"data":"b25l"}}`,
			`POST /api/v1/Watchlists/Search {"image":{"data":"dHdv"}}`,
			`POST /api/v1/Watchlists/Search {"image":{"data":"b25l"}}`,
		}},
		{"search for little", func(c *remote.Client) (*load.Target, error) {
			return load.Search(c, two[:1], load.SearchOptions{Watchlists: []string{"w"}, LargestFace: true, NoFeatures: true})
		}, []string{`POST /api/v1/Watchlists/Search {"image":{"data":"b25l"},"watchlistIds":["w"],"faceDetectorConfig":{"maxFaces":1},"faceFeaturesConfig":` + off + `}`}},
		{"peer", func(c *remote.Client) (*load.Target, error) {
			return load.Search(c, two, load.SearchOptions{Peer: true, NoFeatures: true})
		}, []string{`POST /search {"image":{"data":"b25l"}}`}},
		{"verify", func(c *remote.Client) (*load.Target, error) { return load.Verify(c, two) }, []string{
			`POST /api/v1/Faces/Verify {"probeImage":{"image":{"data":"b25l"}},"referenceImage":{"image":{"data":"dHdv"}}}`,
			`POST /api/v1/Faces/Verify {"probeImage":{"image":{"data":"dHdv"}},"referenceImage":{"image":{"data":"b25l"}}}`,
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := &fakeServer{}
			target, err := tt.make(f.client(t))
			if err != nil {
				t.Fatal(err)
			}
			for range tt.want {
				if status := target.Send(t.Context()); status != http.StatusOK {
					t.Errorf("status %d, want 200", status)
				}
			}
			if diff := cmp.Diff(tt.want, f.requests); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

// TestEnrol: each request makes another member, and all of them are removed with their
// watchlist, those that were refused, too.
func TestEnrol(t *testing.T) {
	t.Parallel()
	f := &fakeServer{}
	f.status = func(r *http.Request) int {
		switch r.Method {
		case http.MethodPost:
			return http.StatusTooManyRequests
		case http.MethodDelete:
			return http.StatusNotFound
		}
		return http.StatusOK
	}
	made, err := load.Enrol(t.Context(), f.client(t), two)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		made.Send(t.Context())
	}
	if err := made.Remove(t.Context()); err != nil {
		t.Fatal(err)
	}
	var list struct{ ID string }
	if err := json.Unmarshal([]byte(strings.TrimPrefix(f.requests[0], "PUT /api/v1/Watchlists ")), &list); err != nil {
		t.Fatalf("%v in %q", err, f.requests[0])
	}
	register := `POST /api/v1/WatchlistMembers/Register {"id":"%s-%d","images":[{"data":"%s"}],"watchlistIds":["%[1]s"],"faceDetectorConfig":{"maxFaces":1}}`
	want := make([]string, 0, 7)
	for i, data := range []string{"b25l", "dHdv", "b25l"} {
		want = append(want, fmt.Sprintf(register, list.ID, i, data))
	}
	for i := range 3 {
		want = append(want, fmt.Sprintf("DELETE /api/v1/WatchlistMembers/%s-%d", list.ID, i))
	}
	want = append(want, "DELETE /api/v1/Watchlists/"+list.ID)
	got := f.requests[1:]
	slices.Sort(got[3:6]) // they were removed at a time
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestTry(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]face.Kind{401: face.Unauthenticated, 403: face.Forbidden, 404: face.NotFound} {
		f := &fakeServer{status: func(*http.Request) int { return status }}
		target, err := load.Verify(f.client(t), two)
		if err != nil {
			t.Fatal(err)
		}
		if err := target.Try(t.Context()); err == nil || face.KindOf(err) != want {
			t.Errorf("status %d: got %v, want %v", status, err, want)
		}
	}
	gone, err := remote.New(remote.Options{URL: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	target, err := load.Verify(gone, two)
	if err != nil {
		t.Fatal(err)
	}
	if err := target.Try(t.Context()); face.KindOf(err) != face.Unavailable {
		t.Errorf("nobody there: got %v, want %v", err, face.Unavailable)
	}
	if status := target.Send(t.Context()); status != 0 {
		t.Errorf("nobody there: status %d, want 0", status)
	}
}

func TestPictures(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, data := range map[string]string{"b.jpg": "2", "a/z.PNG": "1", "c.txt": "x", "d.webp": "3", "e.jpeg": "4"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := load.Pictures(dir, 3)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]byte{[]byte("1"), []byte("2"), []byte("3")}, got); diff != "" {
		t.Errorf("pictures (-want +got):\n%s", diff)
	}
	if _, err := load.Pictures(t.TempDir(), 3); face.KindOf(err) != face.Invalid || err == nil {
		t.Errorf("an empty folder: got %v, want an Invalid error", err)
	}
}
