package main_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

// TestTwoServersAgree runs a short history over two servers on one database and
// one Milvus, where nothing breaks.
func TestTwoServersAgree(t *testing.T) {
	t.Parallel()
	d := newDrill(t, production(t), 300)
	d.run(func() {})
}

// TestDrillMilvus kills Milvus three times, and a server once, while clients write
// and search.
func TestDrillMilvus(t *testing.T) {
	kills(t)
	d := newDrill(t, production(t), 10_000)
	d.run(func() {
		for i, at := range []int64{1000, 4000, 7000} {
			d.reach(at)
			d.outage("milvus", 8*time.Second)
			d.followed()
			if i == 1 {
				d.restart(0)
			}
		}
	})
}

// TestDrillPostgres kills Postgres twice while clients write and search.
func TestDrillPostgres(t *testing.T) {
	kills(t)
	d := newDrill(t, production(t), 3_000)
	d.run(func() {
		for _, at := range []int64{500, 1500} {
			d.reach(at)
			d.outage("postgres", 4*time.Second)
		}
	})
	if d.count("unavailable") == 0 {
		t.Error("no answer was 503 while Postgres was away")
	}
}

// kills skips a test that kills services, unless it is told that it may.
func kills(t *testing.T) {
	t.Helper()
	drills(t)
	env, err := services("env")
	if err != nil {
		t.Fatalf("services.sh env: %v: %s", err, env)
	}
	for _, name := range []string{"TEST_POSTGRES_DSN", "TEST_MILVUS_ADDR"} {
		if v := os.Getenv(name); v == "" || !strings.Contains(string(env), v) {
			t.Fatalf("%s is not of scripts/services.sh: this drill would kill what it does not use", name)
		}
	}
}

// drills skips a test that is part of the drill alone.
func drills(t *testing.T) {
	t.Helper()
	if os.Getenv("FACEKEEP_DRILL") != "1" {
		t.Skip("takes long, or kills Postgres and Milvus: run it by make drill, which sets FACEKEEP_DRILL=1")
	}
}

func services(args ...string) ([]byte, error) {
	return exec.Command(filepath.Join(root, "scripts", "services.sh"), args...).CombinedOutput()
}

const (
	drillClients  = 8
	drillPersons  = 5                // of each client
	drillShared   = 3                // watchlists that everybody uses
	drillPatience = 15 * time.Second // of a client with one request
	// drillGrace is how long after its lost answer a write may still take effect: a
	// server works on a request for 10 s at most.
	drillGrace = 12 * time.Second
	drillAbove = 60 // threshold of every search
)

// What the services do just now, for the statistics.
const (
	phaseUp int32 = iota
	phaseAway
	phaseBack // for half a minute after they are up again
)

// drill is a history in the making: clients that write and search through two
// servers, each writing of persons of its own, and everybody searching all.
type drill struct {
	t       *testing.T
	where   storage
	total   int64 // operations
	begun   time.Time
	servers [2]atomic.Pointer[server]
	people  []person
	shared  []string // watchlists
	client  http.Client
	ledger  ledger
	done    atomic.Int64
	over    atomic.Bool // nothing breaks any more
	phase   atomic.Int32

	mu     sync.Mutex
	counts map[string]int
	took   [3][]time.Duration // of searches, by phase
	faults []string           // answers that must not be
}

// person is somebody to enrol and search by one picture.
type person struct{ id, picture string }

func newDrill(t *testing.T, where storage, total int64) *drill {
	t.Helper()
	d := &drill{t: t, where: where, total: total, counts: map[string]int{}}
	d.client = http.Client{Timeout: drillPatience, Transport: &http.Transport{MaxIdleConnsPerHost: 2 * drillClients}}
	t.Cleanup(d.client.CloseIdleConnections)
	names, pictures := lfw(t)
	for i := range d.servers {
		d.launch(i)
	}
	s := d.servers[0].Load()
	for i := range drillShared {
		d.shared = append(d.shared, fmt.Sprintf("shared%d", i))
	}
	d.people = distinct(t, s, names, pictures, drillClients*drillPersons)
	d.begun = time.Now()
	for _, list := range d.shared {
		watchlist(s, list)
		d.ledger.note(fact{"", list}, access{write: true, value: true, ended: d.clock(), what: "the test"})
	}
	return d
}

func (d *drill) clock() time.Duration { return time.Since(d.begun) }

// distinct chooses people whose picture finds them at score 100, and nobody else.
func distinct(t *testing.T, s *server, names []string, pictures map[string][]string, n int) (out []person) {
	t.Helper()
	watchlist(s, "chosen")
	for _, name := range names {
		data := picture(t, pictures[name][0])
		if status, _, err := s.call("POST", "/api/v1/WatchlistMembers/Register", register(name, data, "chosen")); err != nil || status != http.StatusCreated {
			continue
		}
		found := want[[]searchAnswer](s, http.StatusOK, "POST", "/api/v1/Watchlists/Search", object{
			"image": object{"data": data}, "threshold": drillAbove / 2, "maxResultCount": 10, "faceDetectorConfig": largestFace(),
		})
		if len(found) != 1 || len(found[0].MatchResults) != 1 || found[0].MatchResults[0].Score != 100 {
			want[object](s, http.StatusNoContent, "DELETE", "/api/v1/WatchlistMembers/"+name, nil)
			continue
		}
		if out = append(out, person{name, data}); len(out) == n {
			break
		}
	}
	if len(out) < n {
		t.Fatalf("%d people can be told apart, want %d", len(out), n)
	}
	for _, p := range out {
		want[object](s, http.StatusNoContent, "DELETE", "/api/v1/WatchlistMembers/"+p.id, nil)
	}
	want[object](s, http.StatusNoContent, "DELETE", "/api/v1/Watchlists/chosen", nil)
	return out
}

// run lets the clients work while breaks does its part, and then judges.
func (d *drill) run(breaks func()) {
	d.t.Helper()
	ctx, stop := context.WithCancel(d.t.Context())
	var g errgroup.Group
	g.Go(func() error { d.progress(ctx); return nil })
	var work errgroup.Group
	for i := range drillClients {
		c := newDrillClient(d, i)
		work.Go(func() error { c.work(ctx); return nil })
	}
	defer func() { // also when breaks gives the test up
		stop()
		_ = work.Wait()
		_ = g.Wait()
	}()
	breaks()
	d.over.Store(true)
	_ = work.Wait()
	d.judge()
}

const drillTick = 100 * time.Millisecond

// reach waits until so many operations are done.
func (d *drill) reach(n int64) {
	d.t.Helper()
	tick := time.NewTicker(drillTick)
	defer tick.Stop()
	for d.done.Load() < min(n, d.total) {
		select {
		case <-tick.C:
		case <-d.t.Context().Done():
			d.t.Fatal("the test was given up")
		}
	}
}

// outage kills a service, leaves it dead for a while, and starts it again.
func (d *drill) outage(service string, dead time.Duration) {
	d.t.Helper()
	d.t.Logf("%7.1f s: killing %s", d.clock().Seconds(), service)
	d.phase.Store(phaseAway)
	if out, err := services("kill", service); err != nil {
		d.t.Fatalf("kill %s: %v: %s", service, err, out)
	}
	<-time.After(dead)
	if out, err := services("start", service); err != nil {
		d.t.Fatalf("start %s: %v: %s", service, err, out)
	}
	d.t.Logf("%7.1f s: %s is up again", d.clock().Seconds(), service)
	d.phase.Store(phaseBack)
	time.AfterFunc(30*time.Second, func() { d.phase.CompareAndSwap(phaseBack, phaseUp) })
}

// launch starts a server. If the test fails, it ends with what the server complained
// about.
func (d *drill) launch(i int) {
	d.t.Helper()
	s := start(d.t, d.where)
	d.servers[i].Store(s)
	d.t.Cleanup(func() {
		if d.t.Failed() {
			d.t.Logf("server %d:\n%s", i, strings.Join(complaints(s.log.String()), "\n"))
		}
	})
}

// complaints returns the last lines of a log that are about the server itself.
func complaints(log string) []string {
	lines := slices.DeleteFunc(strings.Split(log, "\n"), func(line string) bool {
		return line == "" || strings.Contains(line, "msg=request") && !strings.Contains(line, "level=ERROR")
	})
	return lines[max(0, len(lines)-50):]
}

// followed waits until what clients have written is in the index, with more coming
// all the time: until the servers search there again, and the oldest change that
// is not applied is young.
func (d *drill) followed() {
	d.t.Helper()
	db := d.where.open(d.t)
	from := d.clock()
	waitUntil(d.t, "the servers use the index again", func() bool {
		for i := range d.servers {
			log := d.servers[i].Load().log.String()
			if strings.LastIndex(log, "the index is away") > strings.LastIndex(log, "the index is back") {
				return false
			}
		}
		var lag float64
		err := db.QueryRow("SELECT coalesce(extract(epoch FROM now()) - min(created_at) / 1e6, 0) FROM outbox WHERE applied_at IS NULL").Scan(&lag)
		return err == nil && lag < 5
	})
	d.t.Logf("%7.1f s: the servers use the index again, after %.1f s", d.clock().Seconds(), (d.clock() - from).Seconds())
}

// restart kills a server and starts another in its place.
func (d *drill) restart(i int) {
	d.t.Helper()
	d.t.Logf("%7.1f s: killing a server", d.clock().Seconds())
	d.servers[i].Load().kill()
	d.launch(i)
	d.t.Logf("%7.1f s: the server is up again", d.clock().Seconds())
}

func (d *drill) progress(ctx context.Context) {
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			d.t.Logf("%7.1f s: %d of %d operations; %s", d.clock().Seconds(), d.done.Load(), d.total, d.tally())
		}
	}
}

// judge searches everybody once more, checks the histories, and compares index and
// database.
func (d *drill) judge() {
	d.t.Helper()
	wall := d.clock()
	present := d.lastLook()
	violations := d.ledger.violations()
	d.t.Logf("%d operations in %.1f s; %s; %d places held in the end", d.done.Load(), wall.Seconds(), d.tally(), present)
	for phase, name := range []string{"up", "away", "just back"} {
		d.t.Logf("searches while all was %s: %s", name, spread(d.took[phase]))
	}
	d.t.Logf("%d violations in %d facts with %d reads and writes", len(violations), len(d.ledger.facts), d.ledger.size())
	for _, v := range violations {
		d.t.Errorf("%s", v)
	}
	for _, f := range d.faults {
		d.t.Error(f)
	}
	waitUntil(d.t, "index and database agree", func() bool { return follows(d.t, d.where) })
}

// lastLook searches everybody on both servers, and returns how many are found, of
// each watchlist where they are.
func (d *drill) lastLook() (present int) {
	d.t.Helper()
	c := newDrillClient(d, 0)
	for _, p := range d.people {
		for server := range d.servers {
			found, ok := c.searchOn(server, p, nil)
			if !ok {
				d.t.Errorf("the last search for %s was not answered", p.id)
			}
			if server == 0 {
				present += found
			}
		}
	}
	return present
}
