package main_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/vectorstore/milvus"
	"github.com/facekeep/facekeep/vectorstore/milvus/milvustest"
)

// milvusOf returns the address and the prefix of the collections of a storage.
func milvusOf(where storage) (opts milvus.Options) {
	for _, arg := range where.args {
		if v, ok := strings.CutPrefix(arg, "--milvus-address="); ok {
			opts.Address = v
		} else if v, ok := strings.CutPrefix(arg, "--milvus-prefix="); ok {
			opts.Prefix = v
		}
	}
	return opts
}

// openStore opens the collections of a server beside it.
func openStore(t *testing.T, where storage) *milvus.Store {
	t.Helper()
	store, err := milvus.Open(t.Context(), milvusOf(where))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

// rowsIn returns all rows of the one label in Milvus, in the order of their faces
// and watchlists.
func rowsIn(t *testing.T, store *milvus.Store) (label face.TemplateLabel, rows []milvus.Row) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	labels, err := store.Labels(ctx)
	if err != nil || len(labels) != 1 {
		t.Fatalf("Milvus holds the labels %v (%v), want one", labels, err)
	}
	err = store.Rows(ctx, milvus.RowQuery{Label: labels[0], Vectors: true}, func(page []milvus.Row) error {
		rows = append(rows, page...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(rows, func(a, b milvus.Row) int {
		if c := bytes.Compare(a.Face[:], b.Face[:]); c != 0 {
			return c
		}
		return bytes.Compare(a.Watchlist[:], b.Watchlist[:])
	})
	return labels[0], rows
}

// placesOf searches a portrait and returns on how many watchlists each person is
// found; an answer of 503 is nil.
func placesOf(t *testing.T, s *server, name string) map[string]int {
	t.Helper()
	status, body, err := s.call("POST", "/api/v1/Watchlists/Search", object{
		"image": object{"data": portrait(t, name)}, "maxResultCount": 1000, "faceDetectorConfig": largestFace(),
	})
	if err != nil || status != http.StatusOK && status != http.StatusServiceUnavailable {
		t.Fatalf("the search is answered by %d (%v): %s", status, err, body)
	}
	if status != http.StatusOK {
		return nil
	}
	faces, err := decode[[]searchAnswer](body)
	if err != nil || len(faces) != 1 {
		t.Fatalf("the search is answered by %s (%v)", body, err)
	}
	out := map[string]int{}
	for _, m := range faces[0].MatchResults {
		out[m.WatchlistMemberID]++
	}
	return out
}

// TestIndexDamaged deletes one row in a hundred from Milvus behind the server's
// back and puts as many of the others twice, so that the totals agree. Once the
// server has looked, every search is right or refused, and the index is mended
// without being asked to.
func TestIndexDamaged(t *testing.T) {
	t.Parallel()
	const lists = 100
	where := production(t)
	s := start(t, where, "--index-check-every=1s", "--milvus-bound=6s")
	ids := make([]string, lists)
	for i := range ids {
		ids[i] = fmt.Sprintf("list%d", i)
		watchlist(s, ids[i])
	}
	want[object](s, http.StatusCreated, "POST", "/api/v1/WatchlistMembers/Register", register("Barack_Obama", portrait(t, "obama.jpg"), ids...))
	want[object](s, http.StatusCreated, "POST", "/api/v1/WatchlistMembers/Register", register("Joe_Biden", portrait(t, "biden.jpg"), ids...))
	waitUntil(t, "the index follows", func() bool { return follows(t, where) })

	store := openStore(t, where)
	label, rows := rowsIn(t, store)
	if len(rows) != 2*lists {
		t.Fatalf("Milvus holds %d rows, want %d", len(rows), 2*lists)
	}
	at := milvusOf(where)
	if err := milvustest.Insert(t.Context(), at.Address, at.Prefix, []milvus.Row{rows[1], rows[lists+1]}); err != nil {
		t.Fatal(err)
	}
	if err := store.DeleteRows(t.Context(), label, []int64{rows[0].ID, rows[lists].ID}); err != nil {
		t.Fatal(err)
	}
	expectRight := func(n int) {
		for picture, id := range map[string]string{"obama2.jpg": "Barack_Obama", "biden.jpg": "Joe_Biden"} {
			if found := placesOf(t, s, picture); found != nil && found[id] != lists {
				t.Fatalf("search %d after the damage was found: %s is found on %d watchlists (%v), want %d or a refusal", n, id, found[id], found, lists)
			}
		}
	}
	waitUntil(t, "the server finds the damage", func() bool { return strings.Contains(s.log.String(), "missing=2 surplus=0 duplicate=2") })
	until := time.Now().Add(8 * time.Second) // what is searched beside the index has left by then
	for n := 0; time.Now().Before(until); n++ {
		expectRight(n)
	}
	waitUntil(t, "the index is mended", func() bool { return follows(t, where) })
	_, metrics, err := s.call("GET", "/metrics", nil)
	if err != nil || !strings.Contains(string(metrics), `facekeep_index_drift{kind="missing"} 0`) {
		t.Errorf("the metrics (%v) do not say that nothing is missing any more", err)
	}
}

// TestLatePut has a row put into Milvus after its deletion, as a server does that
// hung meanwhile: it is never shown, and goes.
func TestLatePut(t *testing.T) {
	t.Parallel()
	where := production(t)
	s := start(t, where, "--index-check-every=1s")
	watchlist(s, "presidents")
	want[object](s, http.StatusCreated, "POST", "/api/v1/WatchlistMembers/Register", register("Barack_Obama", portrait(t, "obama.jpg"), "presidents"))
	want[object](s, http.StatusCreated, "POST", "/api/v1/WatchlistMembers/Register", register("Joe_Biden", portrait(t, "biden.jpg"), "presidents"))
	waitUntil(t, "the index follows", func() bool { return follows(t, where) })
	store := openStore(t, where)
	label, rows := rowsIn(t, store)
	want[object](s, http.StatusNoContent, "DELETE", "/api/v1/WatchlistMembers/Joe_Biden", nil)
	waitUntil(t, "the deletion is applied", func() bool { return follows(t, where) })
	late := make([]face.IndexRow, len(rows))
	for i, r := range rows {
		late[i] = r.IndexRow
	}
	if err := store.Upsert(t.Context(), label, late); err != nil {
		t.Fatal(err)
	}
	if err := store.Delete(t.Context(), []face.IndexRemoval{ // and a deletion that is older than the rows
		{IndexKey: face.IndexKey{Watchlist: rows[0].Watchlist, Face: rows[0].Face}, Before: rows[0].Version},
		{IndexKey: face.IndexKey{Watchlist: rows[1].Watchlist, Face: rows[1].Face}, Before: rows[1].Version},
	}); err != nil {
		t.Fatal(err)
	}
	waitUntil(t, "the late row goes", func() bool {
		expectKnown(t, s, "with a late row in the index")
		if found := placesOf(t, s, "biden.jpg"); found["Joe_Biden"] > 0 {
			t.Fatalf("after its deletion, the search finds %v", found)
		}
		return follows(t, where)
	})
}

// TestKilledBeforeApplying kills a server that has enrolled and deleted without
// applying anything to Milvus: the other server searches right at once, and
// applies what was left.
func TestKilledBeforeApplying(t *testing.T) {
	t.Parallel()
	where := production(t)
	other := start(t, where)
	watchlist(other, "presidents")
	want[object](other, http.StatusCreated, "POST", "/api/v1/WatchlistMembers/Register", register("Joe_Biden", portrait(t, "biden.jpg"), "presidents"))
	waitUntil(t, "the index follows", func() bool { return follows(t, where) })
	doomed := start(t, storage{args: away(where), open: where.open})
	want[object](doomed, http.StatusCreated, "POST", "/api/v1/WatchlistMembers/Register", register("Barack_Obama", portrait(t, "obama.jpg"), "presidents"))
	want[object](doomed, http.StatusNoContent, "DELETE", "/api/v1/WatchlistMembers/Joe_Biden", nil)
	go doomed.kill()
	expectKnown(t, other, "on the other server")
	if found := placesOf(t, other, "biden.jpg"); found["Joe_Biden"] > 0 {
		t.Errorf("after its deletion, the other server finds %v", found)
	}
	waitUntil(t, "the other server applies what was left", func() bool { return follows(t, where) })
	_, rows := rowsIn(t, openStore(t, where))
	if len(rows) != 1 || rows[0].Face == uuid.Nil {
		t.Errorf("Milvus holds %d rows, want that of Barack_Obama", len(rows))
	}
}

// away names a Milvus that is not there.
func away(where storage) []string {
	args := slices.Clone(where.args)
	for i, arg := range args {
		if strings.HasPrefix(arg, "--milvus-address=") {
			args[i] = "--milvus-address=127.0.0.1:1"
		}
	}
	return args
}
