package main_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/handlers/contracttest"
)

// never are documented answers that this server has no reason for, with why.
var never = map[string]string{
	"POST /api/v1/Watchlists 409":                              "the id is made here",
	"POST /api/v1/WatchlistMembers 409":                        "the id is made here",
	"POST /api/v1/WatchlistMembers/{id}/AddFaceFromSystem 204": "every face that is stored belongs to a member",
}

// TestContract sends every operation of the contract to the program as real
// clients send it, provokes every status that the operation documents, and holds
// each answer to the documents.
func TestContract(t *testing.T) {
	t.Parallel()
	where := embedded(t)
	c := &contractClient{server: start(t, where, "--workers=1", "--queue=2"), seen: map[string]bool{}}
	doc := want[json.RawMessage](c.server, http.StatusOK, "GET", "/swagger/smartface/doc.json", nil)
	var err error
	if c.docs, err = contracttest.Load(doc, filepath.Join(root, "..", "shared", "spec", "smartface.openapi.json")); err != nil {
		t.Fatal(err)
	}
	if c.docs[contracttest.Contract] == nil {
		t.Log("the contract is not beside this checkout: answers are held to the server's own document alone")
	}
	c.words = map[string]string{
		"photo": portrait(t, "obama.jpg"), "other": portrait(t, "obama2.jpg"), "third": portrait(t, "biden.jpg"),
		"nobody": encode(grey(t, 640, 480)), "long": strings.Repeat("é", 129), "unknown": "497f6eca-6276-4993-bfeb-53cbbbba6f09",
	}
	for _, e := range exchanges {
		c.exchange(e)
	}
	c.overload()
	if err := c.stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
	c.server = start(t, where, "--workers=1", "--request-timeout=2ms")
	for _, e := range tooSlow {
		c.exchange(e)
	}
	c.covered()
}

// contractClient speaks to the program as real clients do.
type contractClient struct {
	*server

	docs  contracttest.Documents
	words map[string]string // that requests speak of as $word

	mu   sync.Mutex
	seen map[string]bool // "METHOD route status"
}

// exchange is a request and what comes back.
type exchange struct {
	method, target string
	route          string // "" where it is the target
	body           string // JSON; "" for none
	status         int
	keep           map[string]string // words to keep of the answer, by the path of a field
}

// sendAs sends a request with the headers that clients of the original send.
func (c *contractClient) sendAs(e exchange) (status int, body []byte) {
	c.t.Helper()
	fill := func(text string) string { return os.Expand(text, func(word string) string { return c.words[word] }) }
	req, err := http.NewRequest(e.method, c.url+fill(e.target), strings.NewReader(fill(e.body)))
	if err != nil {
		c.t.Fatal(err)
	}
	if e.body != "" {
		req.Header.Set("Content-Type", "application/json-patch+json")
	}
	req.Header.Set("Accept", "image/jpeg")
	req.Header.Set("Authorization", "Bearer anything")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatalf("%s %s: %v\n%s", e.method, e.target, err, c.log)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatalf("%s %s: %v\n%s", e.method, e.target, err, c.log)
	}
	c.check(e, resp, data)
	return resp.StatusCode, data
}

// check holds an answer to the documents and notes what it was.
func (c *contractClient) check(e exchange, resp *http.Response, data []byte) {
	c.t.Helper()
	route := e.route
	if route == "" {
		route = e.target
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.docs.Check(c.t, contracttest.Answer{Method: e.method, Route: route, Status: resp.StatusCode, Header: resp.Header, Body: data})
	c.seen[fmt.Sprintf("%s %s %d", e.method, route, resp.StatusCode)] = true
}

func (c *contractClient) exchange(e exchange) {
	c.t.Helper()
	status, data := c.sendAs(e)
	if status != e.status {
		c.t.Fatalf("%s %s %s: got %d %s, want %d\n%s", e.method, e.target, e.body, status, data, e.status, c.log)
	}
	var answer any
	if len(e.keep) > 0 {
		if err := json.Unmarshal(data, &answer); err != nil {
			c.t.Fatal(err)
		}
	}
	for word, path := range e.keep {
		c.words[word] = fmt.Sprint(at(answer, strings.Split(path, ".")))
	}
}

// at returns a value within decoded JSON by its path.
func at(v any, path []string) any {
	for _, p := range path {
		switch x := v.(type) {
		case map[string]any:
			v = x[p]
		case []any:
			if i, err := strconv.Atoi(p); err == nil && i < len(x) {
				v = x[i]
			}
		}
	}
	return v
}

// overload sends more pictures at a time than may wait, until each operation has
// refused one: Register by 429, which it documents, the others by 503.
func (c *contractClient) overload() {
	c.t.Helper()
	for _, e := range []exchange{
		{method: "POST", target: registerPath, body: `{"watchlistIds":["employees"],"images":[{"data":"$photo"}]}`, status: 429},
		{method: "POST", target: memberPath + "/anna/AddNewFace", route: memberPath + "/{id}/AddNewFace", body: `{"imageData":{"data":"$photo"}}`, status: 503},
		{method: "POST", target: searchPath, body: `{"image":{"data":"$photo"}}`, status: 503},
		{method: "POST", target: verifyPath, body: `{"probeImage":{"image":{"data":"$photo"}},"referenceImage":{"image":{"data":"$photo"}}}`, status: 503},
		{method: "POST", target: spoofPath, body: `{"image":{"data":"$photo"}}`, status: 503},
	} {
		counts := map[int]int{}
		for round := 0; counts[e.status] == 0 && round < 20; round++ {
			c.crowd(e, counts)
		}
		if counts[e.status] == 0 || len(counts) > 2 {
			c.t.Errorf("%s %s from many at a time: statuses %v, want success and %d", e.method, e.target, counts, e.status)
		}
	}
}

// crowd sends a request many times at a time and counts the statuses.
func (c *contractClient) crowd(e exchange, counts map[int]int) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range 16 {
		wg.Go(func() {
			status, _ := c.sendAs(e)
			mu.Lock()
			defer mu.Unlock()
			counts[status]++
		})
	}
	wg.Wait()
}

// covered holds what was seen to what the contract documents.
func (c *contractClient) covered() {
	c.t.Helper()
	var missing []string
	documented := statuses(c.t)
	for _, answer := range documented {
		if !c.seen[answer] {
			missing = append(missing, answer)
		}
		delete(c.seen, answer)
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(never)), missing); diff != "" {
		c.t.Errorf("documented answers that were not seen (-never +not seen):\n%s", diff)
	}
	for answer := range c.seen {
		if !strings.HasSuffix(answer, " 503") {
			c.t.Errorf("%s was seen, and is not documented", answer)
		}
	}
	c.t.Logf("%d of %d documented answers were seen", len(documented)-len(missing), len(documented))
}

// statuses returns the answers that the contract documents, in order, as
// "METHOD route status".
func statuses(t *testing.T) (out []string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "handlers", "smartface", "testdata", "operations.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		col := strings.Split(lines.Text(), "\t")
		if len(col) < 7 || col[0] != "smartface" {
			continue
		}
		for status := range strings.SplitSeq(col[5]+","+col[6], ",") {
			if status != "-" {
				out = append(out, fmt.Sprintf("%s %s %s", col[1], col[2], status))
			}
		}
	}
	slices.Sort(out)
	return out
}
