package enrolment_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/facekeep/facekeep/cmd/internal/enrolment"
	"github.com/facekeep/facekeep/cmd/internal/remote"
)

// fakeServer keeps members and their faces as a server does. A picture that begins
// with "bad" has no face.
type fakeServer struct {
	mu      sync.Mutex
	lists   map[string][]string        // watchlist: members
	members map[string]map[string]bool // member: face ids
	sent    []string                   // method and path of each request
	atOnce  int                        // requests under way
	most    int                        // at a time
	takes   time.Duration              // that a request takes

	// answer, unless nil, answers the nth request (from 1) in place of the server, which
	// may have done its work before.
	answer func(n int, work func() remote.Answer) (remote.Answer, error)
}

func newFakeServer() *fakeServer {
	return &fakeServer{lists: map[string][]string{"w": nil}, members: map[string]map[string]bool{}}
}

func (f *fakeServer) Send(ctx context.Context, method, path string, body []byte) (remote.Answer, error) {
	n := f.begin(method, path)
	defer f.end()
	if f.takes > 0 {
		time.Sleep(f.takes) // in a bubble
	}
	if ctx.Err() != nil {
		return remote.Answer{}, ctx.Err()
	}
	work := func() remote.Answer {
		f.mu.Lock()
		defer f.mu.Unlock()
		status, detail := f.work(method, strings.TrimPrefix(path, "/api/v1/"), body)
		data, _ := json.Marshal(map[string]string{"detail": detail})
		return remote.Answer{Status: status, Body: data}
	}
	if f.answer != nil {
		return f.answer(n, work)
	}
	return work(), nil
}

func (f *fakeServer) begin(method, path string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sent = append(f.sent, method+" "+path)
	f.atOnce++
	f.most = max(f.most, f.atOnce)
	return len(f.sent)
}

func (f *fakeServer) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.atOnce--
}

type wireImage struct {
	FaceID string
	Data   []byte
}

func (f *fakeServer) work(method, path string, body []byte) (status int, detail string) {
	var in struct {
		ID, WatchlistID     string
		WatchlistIDs        []string
		WatchlistMembersIDs []string
		Images              []wireImage
		ImageData           wireImage
	}
	if len(body) > 0 && json.Unmarshal(body, &in) != nil {
		return http.StatusBadRequest, "no JSON"
	}
	member, adds := strings.CutSuffix(strings.TrimPrefix(path, "WatchlistMembers/"), "/AddNewFace")
	switch {
	case path == "WatchlistMembers/Register":
		if f.members[in.ID] != nil {
			return http.StatusConflict, "the member exists"
		}
		return f.addFaces(in.ID, in.Images, http.StatusCreated, in.WatchlistIDs)
	case adds && f.members[member] == nil:
		return http.StatusNotFound, "no such member"
	case adds:
		return f.addFaces(member, []wireImage{in.ImageData}, http.StatusCreated, nil)
	case path == "WatchlistMembers/LinkToWatchlist":
		f.link(in.WatchlistID, in.WatchlistMembersIDs[0])
		return http.StatusNoContent, ""
	case method == http.MethodPut:
		f.lists[in.ID] = nil
		return http.StatusOK, ""
	}
	if _, ok := f.lists[strings.TrimPrefix(path, "Watchlists/")]; !ok {
		return http.StatusNotFound, "no such watchlist"
	}
	return http.StatusOK, ""
}

func (f *fakeServer) addFaces(member string, images []wireImage, status int, lists []string) (int, string) {
	for _, img := range images {
		switch {
		case bytes.HasPrefix(img.Data, []byte("bad")):
			return http.StatusBadRequest, "no face was found in the picture"
		case f.members[member][img.FaceID]:
			return http.StatusConflict, "the face exists"
		}
	}
	if f.members[member] == nil {
		f.members[member] = map[string]bool{}
	}
	for _, img := range images {
		f.members[member][img.FaceID] = true
	}
	for _, list := range lists {
		f.link(list, member)
	}
	return status, ""
}

func (f *fakeServer) link(list, member string) {
	if !slices.Contains(f.lists[list], member) {
		f.lists[list] = append(f.lists[list], member)
	}
}

// faces counts the faces of each member.
func (f *fakeServer) faces() map[string]int {
	out := map[string]int{}
	for member, faces := range f.members {
		out[member] = len(faces)
	}
	return out
}

// people writes pictures, by item, into a folder and lists them.
func people(t *testing.T, pictures map[string]string) []enrolment.Person {
	t.Helper()
	dir := t.TempDir()
	for item, data := range pictures {
		writeFile(t, filepath.Join(dir, item), data)
	}
	out, _, err := enrolment.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func writeFile(t *testing.T, path, data string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

var head = enrolment.Head{URL: "http://server", Watchlist: "w"}

func openReport(t *testing.T, path string) *enrolment.Report {
	t.Helper()
	r, err := enrolment.OpenReport(path, head)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

// enrol runs an enrolment against a fake server, with a report of its own unless there
// is a path of one.
func enrol(t *testing.T, f *fakeServer, who []enrolment.Person, report string, change func(*enrolment.Options)) (enrolment.Summary, error) {
	t.Helper()
	if report == "" {
		report = filepath.Join(t.TempDir(), "report.jsonl")
	}
	o := enrolment.Options{
		Server: f, Report: openReport(t, report), Watchlist: "w", Concurrency: 3, Patience: time.Minute,
	}
	if change != nil {
		change(&o)
	}
	return enrolment.Run(t.Context(), who, o)
}

var errBroken = errors.New("the connection broke")

func sortedKeys(m map[string]int) []string { return slices.Sorted(maps.Keys(m)) }
