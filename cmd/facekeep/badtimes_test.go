package main_test

import (
	"context"
	"net/http"
	"os/exec"
	"slices"
	"testing"
	"time"
)

// expectKnown searches the portrait of an enrolled person, and fails unless it
// finds the person at once.
func expectKnown(t *testing.T, s *server, when string) {
	t.Helper()
	found := want[[]searchAnswer](s, http.StatusOK, "POST", "/api/v1/Watchlists/Search", object{"image": object{"data": portrait(t, "obama2.jpg")}})
	if len(found) != 1 || len(found[0].MatchResults) != 1 || found[0].MatchResults[0].WatchlistMemberID != "Barack_Obama" {
		t.Errorf("%s: the search finds %+v, want Barack_Obama", when, found)
	}
}

// TestStartWithMilvusAway: enrolling, searching and deleting go on without Milvus.
func TestStartWithMilvusAway(t *testing.T) {
	t.Parallel()
	where := production(t)
	s := start(t, storage{args: away(where), open: where.open})
	watchlist(s, "presidents")
	want[object](s, http.StatusCreated, "POST", "/api/v1/WatchlistMembers/Register", register("Barack_Obama", portrait(t, "obama.jpg"), "presidents"))
	expectKnown(t, s, "without Milvus")
	want[object](s, http.StatusCreated, "POST", "/api/v1/WatchlistMembers/Register", register("Joe_Biden", portrait(t, "biden.jpg"), "presidents"))
	want[object](s, http.StatusNoContent, "DELETE", "/api/v1/WatchlistMembers/Joe_Biden", nil)
	found := want[[]searchAnswer](s, http.StatusOK, "POST", "/api/v1/Watchlists/Search", object{"image": object{"data": portrait(t, "biden.jpg")}})
	if len(found) != 1 || len(found[0].MatchResults) != 0 {
		t.Errorf("after its deletion, the search finds %+v", found)
	}
	s.kill()
	expectKnown(t, start(t, where), "with Milvus back")
}

// TestCollectionDropped drops everything from Milvus behind the server's back: no
// search may miss anybody, and the index is mended without being asked to.
func TestCollectionDropped(t *testing.T) {
	t.Parallel()
	where := production(t)
	s := start(t, where)
	watchlist(s, "presidents")
	want[object](s, http.StatusCreated, "POST", "/api/v1/WatchlistMembers/Register", register("Barack_Obama", portrait(t, "obama.jpg"), "presidents"))
	expectKnown(t, s, "before")
	waitUntil(t, "the index follows", func() bool { return follows(t, where) })
	dropAll(t, where)
	if err := reindex(t, where, "--check"); err == nil {
		t.Error("reindex --check finds nothing amiss in an empty index")
	}
	s.kill()
	s = start(t, where) // has never seen the collection
	expectKnown(t, s, "after a restart over an empty index")
	waitUntil(t, "the index is mended", func() bool { return follows(t, where) })
	expectKnown(t, s, "once mended")
	dropAll(t, where)
	if err := reindex(t, where); err != nil {
		t.Errorf("reindex: %v", err)
	}
	if err := reindex(t, where, "--check"); err != nil {
		t.Errorf("reindex --check after reindex: %v", err)
	}
	expectKnown(t, s, "after reindex")
}

// follows reports whether every change is applied, and index and database agree.
func follows(t *testing.T, where storage) bool {
	t.Helper()
	left := -1
	db := where.open(t)
	defer func() { _ = db.Close() }() // this is asked again and again
	if err := db.QueryRow("SELECT count(*) FROM outbox WHERE applied_at IS NULL").Scan(&left); err != nil {
		t.Log(err)
	}
	return left == 0 && reindex(t, where, "--check") == nil
}

// reindex runs "facekeep reindex" over the storage of a server.
func reindex(t *testing.T, where storage, args ...string) error {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	return exec.Command(path, slices.Concat([]string{"reindex"}, where.args, args)...).Run()
}

func dropAll(t *testing.T, where storage) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	store := openStore(t, where)
	labels, err := store.Labels(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, label := range labels {
		if err := store.DropCollection(ctx, label); err != nil {
			t.Fatal(err)
		}
	}
	if len(labels) == 0 {
		t.Fatal("Milvus holds no collection of the server")
	}
}

// waitUntil asks again and again, for a minute at most.
func waitUntil(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("waited a minute in vain: %s", what)
		}
	}
}
