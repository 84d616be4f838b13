package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"time"
)

// drillClient writes of its own persons and its own watchlist, one operation after
// the other, so that it knows how they stand; and searches those of all clients.
type drillClient struct {
	*drill

	name   string
	random *rand.Rand
	own    string // watchlist, which it deletes now and then
	listed bool   // the own watchlist is there
	people []*drillPerson
	rests  time.Duration // until when the own watchlist is left alone
	dirty  bool          // how the own watchlist stands is not known
	recent *drillPerson  // of the last write, to be searched next
	on     int           // the server that it went to
}

// drillPerson is a person as the owner knows it.
type drillPerson struct {
	person

	enrolled bool
	face     string // id of the one face; empty: it was removed
	lists    map[string]bool
	rests    time.Duration // until when it is left alone, after a lost answer
	dirty    bool          // how it stands is not known
}

func newDrillClient(d *drill, i int) *drillClient {
	c := &drillClient{drill: d, name: fmt.Sprintf("client %d", i), own: fmt.Sprintf("own%d", i), random: rand.New(rand.NewPCG(7, uint64(i)))}
	for _, p := range d.people[i*drillPersons : (i+1)*drillPersons] {
		c.people = append(c.people, &drillPerson{person: p, lists: map[string]bool{}})
	}
	return c
}

// work does operations until nothing breaks any more and there were enough of all
// clients together.
func (c *drillClient) work(ctx context.Context) {
	for ctx.Err() == nil && (c.done.Load() < c.total || !c.over.Load()) {
		if c.step() {
			c.done.Add(1)
			continue
		}
		select { // nobody can answer: somebody will soon
		case <-time.After(drillTick):
		case <-ctx.Done():
		}
	}
}

// step does one operation, and reports whether it counts: a server took it, and did
// not refuse a search.
func (c *drillClient) step() bool {
	if p := c.recent; p != nil {
		c.recent = nil
		if c.random.IntN(2) == 0 { // what was just written, on the other server
			_, ok := c.searchOn(1-c.on, p.person, c.someLists())
			return ok
		}
	}
	switch n := c.random.IntN(100); {
	case n < 50:
		_, ok := c.searchOn(c.random.IntN(len(c.servers)), c.drill.people[c.random.IntN(len(c.drill.people))], c.someLists())
		return ok
	case n < 52:
		return c.changeList()
	}
	return c.changePerson(c.people[c.random.IntN(len(c.people))])
}

// someLists returns watchlists to search: none, for all, or shared ones and at most
// one that may be gone.
func (c *drillClient) someLists() []string {
	if c.random.IntN(3) == 0 {
		return nil
	}
	var out []string
	for _, list := range c.shared {
		if c.random.IntN(2) == 0 {
			out = append(out, list)
		}
	}
	if c.random.IntN(3) == 0 || len(out) == 0 {
		out = append(out, fmt.Sprintf("own%d", c.random.IntN(drillClients)))
	}
	return out
}

// reply is what came of a request.
type reply struct {
	status int
	body   []byte
	retry  string // the header Retry-After
	begun  time.Duration
	ended  time.Duration
	server int
	err    error
}

// sent reports whether the request may have arrived at all.
func (r reply) sent() bool { return !errors.Is(r.err, syscall.ECONNREFUSED) }

// lost reports whether it is open what became of the request.
func (r reply) lost() bool {
	return r.err != nil || r.status >= 500 || r.status == http.StatusRequestTimeout
}

func (c *drillClient) send(server int, kind, method, path string, body any) reply {
	data, err := json.Marshal(body)
	if err != nil {
		return reply{err: err}
	}
	req, err := http.NewRequest(method, c.servers[server].Load().url+"/api/v1/"+path, bytes.NewReader(data))
	if err != nil {
		return reply{err: err}
	}
	req.Header.Set("Content-Type", "application/json")
	r := reply{server: server, begun: c.clock()}
	r.status, r.retry, r.body, r.err = c.exchange(req)
	r.ended = c.clock()
	if r.sent() {
		c.tallyReply(kind, r)
	}
	return r
}

func (c *drillClient) exchange(req *http.Request) (status int, retry string, body []byte, err error) {
	resp, err := c.client.Do(req)
	if err != nil {
		return 0, "", nil, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	return resp.StatusCode, resp.Header.Get("Retry-After"), body, err
}

func (c *drillClient) tallyReply(kind string, r reply) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts[kind]++
	switch {
	case r.err != nil:
		c.counts["broken off"]++
	case r.status == http.StatusServiceUnavailable:
		c.counts["unavailable"]++
		c.counts["unavailable: "+kind+": "+detail(r.body)]++
		if r.retry == "" {
			c.faults = append(c.faults, fmt.Sprintf("%s: status 503 without Retry-After: %s", kind, r.body))
		}
	case r.status == http.StatusRequestTimeout || r.status == http.StatusGatewayTimeout:
		c.counts["timed out: "+kind]++
	case r.status >= 500:
		c.faults = append(c.faults, fmt.Sprintf("%7.1f s: %s: status %d: %s", r.ended.Seconds(), kind, r.status, r.body))
	}
}

func detail(body []byte) string {
	p, err := decode[struct{ Title, Detail string }](body)
	if err != nil {
		return string(body)
	}
	return strings.TrimSpace(p.Title + " " + p.Detail)
}

func (c *drillClient) label(kind string, r reply) string {
	return fmt.Sprintf("%s, server %d, %s:", c.name, r.server, kind)
}

// searchOn searches a person in watchlists, all if there are none, and notes for
// each of them what was found. It returns on how many the person was found, and
// whether the search was answered.
func (c *drillClient) searchOn(server int, p person, lists []string) (found int, answered bool) {
	body := object{
		"image": object{"data": p.picture}, "threshold": drillAbove, "maxResultCount": 100,
		"faceDetectorConfig": largestFace(),
	}
	if lists != nil {
		body["watchlistIds"] = lists
	}
	phase := c.phase.Load()
	r := c.send(server, "search", "POST", "Watchlists/Search", body)
	own := slices.IndexFunc(lists, func(l string) bool { return strings.HasPrefix(l, "own") })
	if own >= 0 && (r.status == http.StatusOK || r.status == http.StatusNotFound) {
		c.read(fact{"", lists[own]}, r.status == http.StatusOK, r)
	}
	switch {
	case r.status == http.StatusNotFound && own >= 0:
		return 0, true
	case r.lost():
		return 0, false
	case r.status != http.StatusOK:
		c.fault("search", r)
		return 0, true
	}
	c.mu.Lock()
	c.took[phase] = append(c.took[phase], r.ended-r.begun)
	c.mu.Unlock()
	return c.readMatches(p, lists, r), true
}

func (c *drillClient) read(f fact, value bool, r reply) {
	c.ledger.note(f, access{value: value, begun: r.begun, ended: r.ended, what: c.label("search", r)})
}

func (c *drillClient) readMatches(p person, lists []string, r reply) int {
	faces, err := decode[[]struct {
		MatchResults []struct {
			Score             int
			WatchlistMemberID string
			WatchlistID       string
		}
	}](r.body)
	if err != nil || len(faces) != 1 {
		c.fault("search", r)
		return 0
	}
	if lists == nil {
		lists = c.allLists()
	}
	on := map[string]bool{}
	for _, m := range faces[0].MatchResults {
		if m.WatchlistMemberID != p.id || m.Score != 100 || on[m.WatchlistID] || !slices.Contains(lists, m.WatchlistID) {
			c.fault("search for "+p.id, r)
		}
		on[m.WatchlistID] = true
	}
	for _, list := range lists {
		c.read(fact{p.id, list}, on[list], r)
	}
	return len(on)
}

func (c *drillClient) allLists() []string {
	out := slices.Clone(c.shared)
	for i := range drillClients {
		out = append(out, fmt.Sprintf("own%d", i))
	}
	return out
}

// fault notes an answer that must not be.
func (c *drillClient) fault(kind string, r reply) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = append(c.faults, fmt.Sprintf("%7.3f to %7.3f s: %s status %d, which must not be: %s", r.begun.Seconds(), r.ended.Seconds(), c.label(kind, r), r.status, r.body))
}

// wrote notes what a write did to facts of a person or of the own watchlist, if it
// arrived.
func (c *drillClient) wrote(kind string, r reply, value bool, facts ...fact) {
	a := access{write: true, value: value, lost: r.lost(), begun: r.begun, ended: r.ended, what: c.label(kind, r)}
	if a.lost {
		a.ended += drillGrace
		a.what += fmt.Sprintf(" (status %d, %v)", r.status, r.err)
	}
	for _, f := range facts {
		c.ledger.note(f, a)
	}
}

// changePerson writes something of a person that is possible as it stands.
func (c *drillClient) changePerson(p *drillPerson) bool {
	c.on = c.random.IntN(len(c.servers))
	switch {
	case c.clock() < p.rests:
		_, ok := c.searchOn(c.on, p.person, nil)
		return ok
	case p.dirty || p.enrolled && c.random.IntN(8) == 0:
		return c.deletePerson(p)
	case !p.enrolled:
		return c.register(p)
	case p.face == "":
		return c.addFace(p)
	case c.random.IntN(8) == 0:
		return c.removeFace(p)
	}
	lists := slices.Clone(c.shared)
	if c.listed && !c.dirty {
		lists = append(lists, c.own)
	}
	return c.toggle(p, lists[c.random.IntN(len(lists))])
}

// after takes note of how a person stands after a write of the status that is
// wanted, or that this is not known. It reports whether the write is known.
func (c *drillClient) after(p *drillPerson, kind string, r reply, wants ...int) bool {
	c.recent = p
	switch {
	case r.lost():
		p.dirty, p.rests = true, r.ended+drillGrace
	case !slices.Contains(wants, r.status):
		c.fault(kind+" "+p.id, r)
		p.dirty = true
	default:
		p.dirty = false
		return true
	}
	return false
}

func (c *drillClient) register(p *drillPerson) bool {
	var lists []string
	for _, list := range c.shared {
		if c.random.IntN(2) == 0 {
			lists = append(lists, list)
		}
	}
	if c.listed && !c.dirty && (len(lists) == 0 || c.random.IntN(2) == 0) {
		lists = append(lists, c.own)
	}
	if len(lists) == 0 {
		lists = c.shared[:1]
	}
	r := c.send(c.on, "register", "POST", "WatchlistMembers/Register", register(p.id, p.picture, lists...))
	if !r.sent() {
		return false
	}
	for _, list := range lists {
		c.wrote("register", r, true, fact{p.id, list})
	}
	if c.after(p, "register", r, http.StatusCreated) {
		p.enrolled = true
		made, err := decode[struct{ Faces []struct{ ID string } }](r.body)
		if err != nil || len(made.Faces) != 1 {
			c.fault("register", r)
			return true
		}
		p.face = made.Faces[0].ID
		for _, list := range lists {
			p.lists[list] = true
		}
	}
	return true
}

// addFace gives a person without a face one again: it is found from then on where
// it is listed, unless a deletion of the own watchlist, whose answer was lost, came
// before.
func (c *drillClient) addFace(p *drillPerson) bool {
	body := object{"imageData": object{"data": p.picture}, "faceDetectorConfig": largestFace()}
	r := c.send(c.on, "add face", "POST", "WatchlistMembers/"+p.id+"/AddNewFace", body)
	if !r.sent() {
		return false
	}
	for list := range p.lists {
		if !p.lists[list] {
			continue
		}
		noted := r
		if list == c.own && c.dirty {
			noted.err = errors.Join(r.err, errors.New("perhaps on no such watchlist"))
		}
		c.wrote("add face", noted, true, fact{p.id, list})
	}
	if c.after(p, "add face", r, http.StatusCreated) {
		added, err := decode[struct{ ID string }](r.body)
		if p.face = added.ID; err != nil || added.ID == "" {
			c.fault("add face", r)
		}
	}
	return true
}

// removeFace takes the one face of a person: it is found nowhere after it, though
// it stays listed.
func (c *drillClient) removeFace(p *drillPerson) bool {
	r := c.send(c.on, "remove face", "POST", "WatchlistMembers/"+p.id+"/RemoveFace", object{"faceId": p.face})
	if !r.sent() {
		return false
	}
	for _, list := range append(slices.Clone(c.shared), c.own) {
		c.wrote("remove face", r, false, fact{p.id, list})
	}
	if c.after(p, "remove face", r, http.StatusNoContent) {
		p.face = ""
	}
	return true
}

func (c *drillClient) toggle(p *drillPerson, list string) bool {
	kind, path := "link", "WatchlistMembers/LinkToWatchlist"
	if p.lists[list] {
		kind, path = "unlink", "WatchlistMembers/UnlinkFromWatchlist"
	}
	r := c.send(c.on, kind, "POST", path, object{"watchlistId": list, "watchlistMembersIds": []string{p.id}})
	if !r.sent() {
		return false
	}
	c.wrote(kind, r, kind == "link", fact{p.id, list})
	if c.after(p, kind, r, http.StatusNoContent) {
		p.lists[list] = kind == "link"
	}
	return true
}

// deletePerson deletes a person; one that may be gone is gone after it.
func (c *drillClient) deletePerson(p *drillPerson) bool {
	wants := []int{http.StatusNoContent}
	if p.dirty {
		wants = append(wants, http.StatusNotFound)
	}
	r := c.send(c.on, "delete", "DELETE", "WatchlistMembers/"+p.id, nil)
	if !r.sent() {
		return false
	}
	for _, list := range append(slices.Clone(c.shared), c.own) {
		c.wrote("delete", r, false, fact{p.id, list})
	}
	if c.after(p, "delete", r, wants...) {
		p.enrolled, p.lists = false, map[string]bool{}
	}
	return true
}

// changeList makes the own watchlist, or deletes it, with nobody deleted.
func (c *drillClient) changeList() bool {
	c.on = c.random.IntN(len(c.servers))
	if c.clock() < c.rests {
		_, ok := c.searchOn(c.on, c.people[0].person, nil)
		return ok
	}
	var r reply
	wants := []int{http.StatusOK}
	deletes := c.listed || c.dirty
	if deletes {
		wants = []int{http.StatusNoContent}
		if c.dirty {
			wants = append(wants, http.StatusNotFound)
		}
		r = c.send(c.on, "delete watchlist", "DELETE", "Watchlists/"+c.own, nil)
	} else {
		r = c.send(c.on, "make watchlist", "PUT", "Watchlists", object{"id": c.own, "displayName": c.own, "fullName": c.own})
	}
	if !r.sent() {
		return false
	}
	c.noteList(r, deletes)
	switch {
	case r.lost():
		c.dirty, c.rests = true, r.ended+drillGrace
	case !slices.Contains(wants, r.status):
		c.fault("change watchlist", r)
		c.dirty = true
	default:
		c.dirty, c.listed = false, !deletes
	}
	return true
}

// noteList notes what a write of the own watchlist did.
func (c *drillClient) noteList(r reply, deleted bool) {
	if !deleted {
		c.wrote("make watchlist", r, true, fact{"", c.own})
		return
	}
	c.wrote("delete watchlist", r, false, fact{"", c.own})
	for _, p := range c.people {
		c.wrote("delete watchlist", r, false, fact{p.id, c.own})
		if !r.lost() {
			delete(p.lists, c.own)
		}
	}
	c.recent = c.people[c.random.IntN(len(c.people))]
}

// tally says how often each thing has happened.
func (d *drill) tally() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	parts := make([]string, 0, len(d.counts)+1)
	for _, what := range slices.Sorted(maps.Keys(d.counts)) {
		parts = append(parts, fmt.Sprintf("%d %s", d.counts[what], what))
	}
	return strings.Join(append(parts, fmt.Sprintf("%d faults", len(d.faults))), ", ")
}

func (d *drill) count(what string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.counts[what]
}

func (l *ledger) size() (n int) {
	for _, history := range l.facts {
		n += len(history)
	}
	return n
}

// spread returns the middle and the long end of durations.
func spread(all []time.Duration) string {
	if len(all) == 0 {
		return "none"
	}
	slices.Sort(all)
	at := func(part float64) time.Duration {
		return all[int(part*float64(len(all)-1))].Round(100 * time.Microsecond)
	}
	return fmt.Sprintf("%d, p50 %v, p99 %v, at most %v", len(all), at(0.5), at(0.99), at(1))
}
