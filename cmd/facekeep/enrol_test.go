package main_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// peopleFolder is a folder for "facekeep enrol", and how many it holds.
type peopleFolder struct {
	dir              string
	people, pictures int
}

// folderOfPeople links to the people of LFW from a folder, until it holds so many
// pictures, or, where LFW is not here, to the portraits, which all are.
func folderOfPeople(t *testing.T, pictures int) peopleFolder {
	t.Helper()
	f := peopleFolder{dir: t.TempDir()}
	found, err := filepath.Glob(filepath.Join(root, "..", "shared", "lfw", "images", "*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		for _, name := range []string{"biden.jpg", "obama.jpg", "obama2.jpg"} {
			f.link(t, filepath.Join(root, "docs", "portraits", name), strings.Replace(name, "2", "_2", 1))
		}
		f.people, f.pictures = 2, 3
		return f
	}
	for _, dir := range found {
		if f.pictures >= pictures {
			break
		}
		files, err := filepath.Glob(filepath.Join(dir, "*.jpg"))
		if err != nil {
			t.Fatal(err)
		}
		f.link(t, dir, filepath.Base(dir))
		f.people, f.pictures = f.people+1, f.pictures+len(files)
	}
	return f
}

func (f *peopleFolder) link(t *testing.T, target, name string) {
	t.Helper()
	target, err := filepath.Abs(target)
	if err == nil {
		err = os.Symlink(target, filepath.Join(f.dir, name))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// tap stands between a client and a server. It counts the pictures that the server
// took, and does something when there are so many, before the client hears of it.
type tap struct {
	mu    sync.Mutex
	taken int // answers 201
	tried int // requests with a picture
	at    int
	do    func()
}

// before returns the address of a tap before a server.
func (w *tap) before(t *testing.T, s *server) string {
	t.Helper()
	target, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ErrorHandler = func(http.ResponseWriter, *http.Request, error) {} // of a client that was killed
	proxy.ModifyResponse = func(r *http.Response) error {
		w.saw(r)
		return nil
	}
	web := httptest.NewServer(proxy)
	t.Cleanup(web.Close)
	return web.URL
}

// onTaking says what is done then.
func (w *tap) onTaking(do func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.do = do
}

// counts returns how many pictures the server took, and how many requests it had.
func (w *tap) counts() (taken, tried int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.taken, w.tried
}

func (w *tap) saw(r *http.Response) {
	if r.Request.Method != http.MethodPost {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tried++
	if r.StatusCode != http.StatusCreated {
		return
	}
	if w.taken++; w.taken >= w.at && w.do != nil {
		w.do()
	}
}

// enrolTool runs "facekeep enrol" on a folder.
type enrolTool struct {
	t       *testing.T
	address string
	keyFile string
	report  string
}

func (e enrolTool) command(dir string, args ...string) *exec.Cmd {
	e.t.Helper()
	path, err := program()
	if err != nil {
		e.t.Fatal(err)
	}
	cmd := exec.Command(path, slices.Concat([]string{"enrol", dir, "--watchlist=lfw", "--url=" + e.address, "--report=" + e.report}, args)...)
	cmd.Env = append(os.Environ(), "FACEKEEP_KEY_FILE="+e.keyFile)
	return cmd
}

// run returns what the program printed, and its exit status.
func (e enrolTool) run(dir string, args ...string) (says string, status int) {
	e.t.Helper()
	cmd := e.command(dir, args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		e.t.Fatal(err)
	} else if ok {
		status = exit.ExitCode()
	}
	return out.String(), status
}

// TestEnrolKilled enrols a folder with a key for that alone, kills the program by
// SIGKILL in the middle, and runs it again: the server then holds every person and
// every picture once, and was asked for hardly any of them twice.
func TestEnrolKilled(t *testing.T) {
	t.Parallel()
	folder := folderOfPeople(t, 200)
	where := embedded(t)
	s := start(t, where, "--api-keys=required")
	tool := keyTool{t, where.args[0]}
	s.key = tool.create("--name=owner", "--role=admin")
	watchlist(s, "lfw")
	keyFile := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(keyFile, []byte(tool.create("--name=bulk", "--role=enrol")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := &tap{at: folder.pictures / 2}
	e := enrolTool{t, w.before(t, s), keyFile, filepath.Join(t.TempDir(), "report.jsonl")}
	usual := []string{"--largest-face", "--min-face-size=20"}

	cmd := e.command(folder.dir, usual...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.onTaking(func() { _ = cmd.Process.Kill() })
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() != -1 {
		t.Fatalf("the program ended by itself (%v), want it killed", err)
	}
	killedAt, _ := w.counts()
	says, status := e.run(folder.dir, usual...)
	if want := "0 refused, 0 failed; 0 people"; status != 0 || !strings.Contains(says, want) {
		t.Fatalf("exit status %d, want 0 and %q:\n%s", status, want, says)
	}
	taken, tried := w.counts()
	if taken > folder.pictures {
		t.Errorf("the server took %d pictures, want %d, each once", taken, folder.pictures)
	}
	// Those whose answers did not arrive are tried again: a request to register and one
	// to link and one to add, for each of four under way.
	if most := folder.pictures + 3*4; tried > most {
		t.Errorf("%d requests in both runs, want at most %d", tried, most)
	}
	s.holds(folder.people, folder.pictures)
	t.Logf("killed after %d of %d pictures; %d requests in all; then: %s", killedAt, folder.pictures, tried, says)

	says, status = e.run(folder.dir, usual...)
	_, again := w.counts()
	if want := fmt.Sprintf("%d of an earlier run", folder.pictures); status != 0 || !strings.Contains(says, want) || again != tried {
		t.Errorf("a third run sent %d pictures with exit status %d, want none, 0 and %q:\n%s", again-tried, status, want, says)
	}
}

// holds wants a server to have so many members and faces.
func (s *server) holds(members, faces int) {
	s.t.Helper()
	type page struct {
		Items           []struct{ ID string }
		TotalItemsCount int
	}
	listed := want[page](s, http.StatusOK, "GET", "/api/v1/Watchlists/lfw/WatchlistMembers?PageSize=1000&ShowTotalCount=true", nil)
	found := 0
	for _, m := range listed.Items {
		found += want[page](s, http.StatusOK, "GET", "/api/v1/WatchlistMembers/"+url.PathEscape(m.ID)+"/Faces?ShowTotalCount=true", nil).TotalItemsCount
	}
	if listed.TotalItemsCount != members || found != faces {
		s.t.Errorf("the watchlist holds %d members with %d faces, want %d with %d", listed.TotalItemsCount, found, members, faces)
	}
}

// TestEnrolTable enrols a table with a picture that shows nobody and one that is not
// there: the report says so, and the exit status where somebody is left out.
func TestEnrolTable(t *testing.T) {
	t.Parallel()
	s := start(t, embedded(t))
	dir := t.TempDir()
	portraits, err := filepath.Abs(filepath.Join(root, "docs", "portraits"))
	if err != nil {
		t.Fatal(err)
	}
	table := filepath.Join(dir, "people.csv")
	rows := fmt.Sprintf("path,id,name,office\n%s/obama.jpg,44,Barack Obama,president\nREADME.md,44,,\n%s/obama2.jpg,44,,\n", portraits, portraits)
	for path, text := range map[string]string{table: rows, filepath.Join(dir, "README.md"): "# Nobody"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	e := enrolTool{t, s.url, "", filepath.Join(dir, "report.jsonl")}
	if says, status := e.run(table); status != 1 || !strings.Contains(says, "--create") {
		t.Errorf("without a watchlist: exit status %d, want 1 and a word on --create:\n%s", status, says)
	}
	if says, status := e.run(table, "--create"); status != 0 || !strings.Contains(says, "2 enrolled, 0 there already, 0 of an earlier run, 1 refused") {
		t.Errorf("exit status %d, want 0, 2 pictures enrolled and 1 refused:\n%s", status, says)
	}
	s.holds(1, 2)
	m := want[struct {
		FullName string
		Labels   []struct{ Key, Value string }
	}](s, http.StatusOK, "GET", "/api/v1/WatchlistMembers/44", nil)
	if m.FullName != "Barack Obama" || len(m.Labels) != 1 || m.Labels[0].Key != "office" || m.Labels[0].Value != "president" {
		t.Errorf("the member is %+v, want the name and the label of the table", m)
	}
	if err := os.WriteFile(table, []byte(rows+"README.md,45,Nobody,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if says, status := e.run(table); status != 1 || !strings.Contains(says, "1 people without a picture") {
		t.Errorf("exit status %d, want 1 for somebody without a picture:\n%s", status, says)
	}
	report, err := os.ReadFile(e.report)
	if err != nil || !strings.Contains(string(report), `{"item":"README.md","member":"45","outcome":"refused","reason":`) {
		t.Errorf("the report (%v) does not say why 45 is missing:\n%s", err, report)
	}
}
