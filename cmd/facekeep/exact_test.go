package main_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// searchExactly searches a portrait with the header, and returns status and body.
func searchExactly(s *server, portrait, value string) (int, []byte) {
	s.t.Helper()
	body, err := json.Marshal(object{"image": object{"data": portrait}})
	if err != nil {
		s.t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, s.url+"/api/v1/Watchlists/Search", bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("X-Facekeep-Exact", value)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, answer
}

// index returns what /readyz says of the index, and its status.
func index(s *server) (status int, said string) {
	s.t.Helper()
	status, body, err := s.call("GET", "/readyz", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	state, err := decode[struct {
		Parts map[string]struct{ Status, Detail, Error string }
	}](body)
	if err != nil {
		s.t.Fatalf("%v in %s", err, body)
	}
	part := state.Parts["index"]
	return status, part.Status + "; " + part.Detail + part.Error
}

// TestExactSearch finds whom it should in both modes, and refuses a header that
// says neither.
func TestExactSearch(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, where storage) {
		t.Helper()
		s := start(t, where)
		watchlist(s, "presidents")
		want[object](s, http.StatusCreated, "POST", "/api/v1/WatchlistMembers/Register", register("Barack_Obama", portrait(t, "obama.jpg"), "presidents"))
		for _, value := range []string{"true", "false"} {
			if status, answer := searchExactly(s, portrait(t, "obama2.jpg"), value); status != http.StatusOK || !bytes.Contains(answer, []byte("Barack_Obama")) {
				t.Errorf("X-Facekeep-Exact: %s: status %d, %s; want Barack_Obama", value, status, answer)
			}
		}
		if status, answer := searchExactly(s, portrait(t, "obama2.jpg"), "perhaps"); status != http.StatusBadRequest || !bytes.Contains(answer, []byte("X-Facekeep-Exact")) {
			t.Errorf("X-Facekeep-Exact: perhaps: status %d, %s; want 400 and the name of the header", status, answer)
		}
	})
}

// TestReadyWithMilvusAway: a server that searches in memory is ready and says so.
// One whose gallery is too large for that is not ready, and refuses searches, but
// for those that ask to be exact.
func TestReadyWithMilvusAway(t *testing.T) {
	t.Parallel()
	where := production(t)
	where.args = away(where)
	s := start(t, where)
	watchlist(s, "presidents")
	for name, file := range map[string]string{"Barack_Obama": "obama.jpg", "Joe_Biden": "biden.jpg"} {
		want[object](s, http.StatusCreated, "POST", "/api/v1/WatchlistMembers/Register", register(name, portrait(t, file), "presidents"))
	}
	expectKnown(t, s, "in memory")
	if status, said := index(s); status != http.StatusOK || said != "ok; away: searching in memory" {
		t.Errorf("/readyz: status %d, %s; want 200, away: searching in memory", status, said)
	}
	s.kill()
	s = start(t, where, "--exact-limit=1")
	if status, said := index(s); status != http.StatusServiceUnavailable || !strings.HasPrefix(said, "unavailable; away") {
		t.Errorf("/readyz of a large gallery: status %d, %s; want 503, unavailable", status, said)
	}
	status, answer, err := s.call("POST", "/api/v1/Watchlists/Search", object{"image": object{"data": portrait(t, "obama2.jpg")}})
	if err != nil || status != http.StatusServiceUnavailable {
		t.Errorf("a search: status %d (%v), %s; want 503", status, err, answer)
	}
	if status, answer := searchExactly(s, portrait(t, "obama2.jpg"), "true"); status != http.StatusOK || !bytes.Contains(answer, []byte("Barack_Obama")) {
		t.Errorf("an exact search: status %d, %s; want Barack_Obama", status, answer)
	}
}
