package main_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// benchResult is what the tests read of the file that a load leaves.
type benchResult struct {
	Requests, Served int
	Status           map[string]int
	LatencyMS        struct{ P50, P99 float64 } `json:"latency_ms"`
	Server           struct {
		CPUPerServed float64                  `json:"cpu_per_served_ms"`
		PeakRSS      int64                    `json:"peak_rss_bytes"`
		First        struct{ Goroutines int } `json:"first"`
	}
	Windows []struct {
		RSS int64 `json:"rss_bytes"`
	}
}

// bench runs "facekeep bench" against a server for two seconds.
func bench(t *testing.T, s *server, kind string, args ...string) benchResult {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "result.json")
	usual := []string{"bench", kind, "--url=" + s.url, "--images=" + filepath.Join(root, "docs", "portraits"), "--duration=2s", "--warm-up=0s",
		"--json=" + file, "--plot=" + filepath.Join(dir, "plot.svg"), "--samples=" + filepath.Join(dir, "samples.csv")}
	out, err := exec.Command(path, slices.Concat(usual, args)...).CombinedOutput()
	if err != nil {
		t.Fatalf("bench %s: %v\n%s", kind, err, out)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r, err := decode[benchResult](data)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"plot.svg", "samples.csv"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v, want a file with something in it", name, err)
		}
	}
	return r
}

// TestBench puts every kind of load on a server; enrolments leave nothing behind.
func TestBench(t *testing.T) {
	t.Parallel()
	s := start(t, embedded(t))
	watchlist(s, "presidents")
	want[object](s, http.StatusCreated, "POST", "/api/v1/WatchlistMembers/Register", register("Barack_Obama", portrait(t, "obama.jpg"), "presidents"))
	for _, tt := range []struct {
		kind   string
		args   []string
		status string
	}{
		{"search", []string{"--clients=2", "--no-features", "--largest-face", "--watchlist=presidents"}, "200"},
		{"verify", []string{"--rate=2"}, "200"},
		{"enrol", []string{"--clients=1"}, "201"},
	} {
		r := bench(t, s, tt.kind, tt.args...)
		if diff := cmp.Diff(map[string]int{tt.status: r.Requests}, r.Status); diff != "" || r.Served == 0 {
			t.Errorf("%s: statuses of %d requests (-want +got):\n%s", tt.kind, r.Requests, diff)
		}
		if tt.kind == "verify" && r.Requests != 4 {
			t.Errorf("an open loop of 2/s sent %d requests in 2 s, want 4", r.Requests)
		}
		if l := r.LatencyMS; l.P50 <= 0 || l.P99 < l.P50 {
			t.Errorf("%s: latencies %+v, want some", tt.kind, l)
		}
		u := r.Server
		if u.CPUPerServed < 1 || u.PeakRSS < 32<<20 || u.First.Goroutines < 5 || len(r.Windows) != 2 || r.Windows[0].RSS < 32<<20 {
			t.Errorf("%s: what the server uses is %+v, and over time %+v, want it seen", tt.kind, u, r.Windows)
		}
	}
	lists := want[object](s, http.StatusOK, "GET", "/api/v1/Watchlists?ShowTotalCount=true", nil)
	members := want[object](s, http.StatusOK, "GET", "/api/v1/WatchlistMembers?ShowTotalCount=true", nil)
	if lists["totalItemsCount"] != 1.0 || members["totalItemsCount"] != 1.0 {
		t.Errorf("%v watchlists and %v members are left, want the one of each that was there", lists["totalItemsCount"], members["totalItemsCount"])
	}
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(path, "bench", "search", "--url="+s.url, "--images="+t.TempDir()).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "holds no pictures") {
		t.Errorf("a folder without pictures: %v, want the reason:\n%s", err, out)
	}
}
