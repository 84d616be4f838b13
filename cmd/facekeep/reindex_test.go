package main_test

import (
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/cmd/internal/crowd"
	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/vectorstore/milvus"
)

// TestReindexRestores fills Postgres with 10,000 people, builds the index from it
// twice, with everything dropped in between, and wants the same answers of both.
func TestReindexRestores(t *testing.T) {
	t.Parallel()
	testReindex(t, production(t), crowd.NewGallery(crowd.Made(500), 10_000, 20))
}

// TestDrillReindex does so with 100,000 people, and restarts Milvus in the end to
// see how long the collection takes to be there again.
func TestDrillReindex(t *testing.T) {
	kills(t)
	where := production(t)
	where.args = append(where.args, "--milvus-flat-below=1000000") // answers are to be the same, so they have to be exact
	g := crowd.NewGallery(crowd.Real(t), 100_000, 100)
	before := testReindex(t, where, g)
	for _, do := range []string{"kill", "start"} {
		if out, err := services(do, "milvus"); err != nil {
			t.Fatalf("%s milvus: %v: %s", do, err, out)
		}
	}
	begun := time.Now()
	store := openStore(t, where)
	waitUntil(t, "Milvus answers searches", func() bool {
		_, err := store.Search(t.Context(), g.Query(g.Mated[0], 0, 1))
		return err == nil
	})
	t.Logf("the collection answers %.1f s after the restart of Milvus", time.Since(begun).Seconds())
	if diff := cmp.Diff(before, answers(t, store, g)); diff != "" {
		t.Errorf("answers after a restart of Milvus differ (-before +after):\n%s", diff)
	}
}

// testReindex returns the answers that are the same of both.
func testReindex(t *testing.T, where storage, g *crowd.Gallery) [][]face.Hit {
	t.Helper()
	if err := g.CopyTo(t.Context(), where.flag("--database-url"), 3000); err != nil {
		t.Fatal(err)
	}
	store := openStore(t, where)
	rebuild(t, where, len(g.Rows))
	before := answers(t, store, g)
	dropAll(t, where)
	rebuild(t, where, len(g.Rows))
	if diff := cmp.Diff(before, answers(t, store, g)); diff != "" {
		t.Errorf("answers after the second reindex differ (-first +second):\n%s", diff)
	}
	return before
}

var lastLine = regexp.MustCompile(`(?m)^(\d+) rows in ([0-9.]+) s \((\d+) rows/s\): (\d+) missing, 0 surplus, 0 duplicate$`)

// rebuild runs "facekeep reindex" over an empty index, and then with --check.
func rebuild(t *testing.T, where storage, rows int) {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		args    []string
		missing int
	}{{nil, rows}, {[]string{"--check"}, 0}} {
		out, err := exec.Command(path, slices.Concat([]string{"reindex"}, where.args, step.args)...).Output()
		if err != nil {
			t.Fatalf("reindex %v: %v", step.args, err)
		}
		m := lastLine.FindStringSubmatch(string(out))
		if m == nil || m[1] != strconv.Itoa(rows) || m[4] != strconv.Itoa(step.missing) {
			t.Fatalf("reindex %v says %q, want %d rows and %d missing", step.args, out, rows, step.missing)
		}
		t.Logf("reindex %s: %s", strings.Join(step.args, " "), m[0])
	}
}

// answers returns what 200 probes find, in the order of the probes.
func answers(t *testing.T, store *milvus.Store, g *crowd.Gallery) [][]face.Hit {
	t.Helper()
	if n, err := store.Count(t.Context(), g.Label); err != nil || n != len(g.Rows) { // searches see what a count has seen
		t.Fatalf("Milvus holds %d rows (%v), want %d", n, err, len(g.Rows))
	}
	out := make([][]face.Hit, 200)
	for i := range out {
		hits, err := store.Search(t.Context(), g.Query(g.Mated[i], i%3, 10))
		if err != nil {
			t.Fatal(err)
		}
		if len(hits) != 10 {
			t.Fatalf("probe %d: %d hits, want 10", i, len(hits))
		}
		out[i] = hits
	}
	return out
}

// flag returns the value of an argument.
func (s storage) flag(name string) string {
	for _, arg := range s.args {
		if v, ok := strings.CutPrefix(arg, name+"="); ok {
			return v
		}
	}
	return ""
}
