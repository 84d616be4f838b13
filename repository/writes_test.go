package repository

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// TestNothingStaysBehind deletes in every order and counts what is left.
func TestNothingStaysBehind(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			ctx := t.Context()
			create(t, r, "staff", "guests")
			enrol(t, r, "ann", []string{"staff", "guests"}, 3)
			enrol(t, r, "bob", []string{"staff"}, 1)
			want := map[string]int{
				"watchlists": 2, "members": 2, "member_labels": 6, "memberships": 3, "images": 4, "faces": 4, "templates": 4, "outbox": 7,
			}
			check := func(when string, change map[string]int) {
				t.Helper()
				for table, n := range change {
					if want[table] += n; want[table] == 0 {
						delete(want, table)
					}
				}
				if diff := cmp.Diff(want, counts(t, r)); diff != "" {
					t.Fatalf("%s, rows (-want +got):\n%s", when, diff)
				}
			}
			check("at first", nil)
			must(t, r.DeleteWatchlist(ctx, "staff", epoch))
			check("without a watchlist", map[string]int{"watchlists": -1, "memberships": -2, "outbox": 1})
			must(t, r.DeleteMember(ctx, "ann", epoch))
			check("without a member", map[string]int{
				"members": -1, "member_labels": -3, "memberships": -1, "images": -3, "faces": -3, "templates": -3, "outbox": 3,
			})
			must(t, r.DeleteMember(ctx, "bob", epoch))
			check("without any member", map[string]int{"members": -1, "member_labels": -3, "images": -1, "faces": -1, "templates": -1})
			must(t, r.DeleteWatchlist(ctx, "guests", epoch))
			check("without anything", map[string]int{"watchlists": -1, "outbox": 1})
			must(t, r.ForgetChanges(ctx, 1<<40))
			check("in the end", map[string]int{"outbox": -want["outbox"]})
		})
	}
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// TestErasure looks for a deleted template and name in the database file.
func TestErasure(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r, err := Open(t.Context(), Options{Dir: dir})
	must(t, err)
	create(t, r, "staff")
	const secret = "a face nobody shall find again"
	m := newMember(t, "ann")
	f := newFace(t, m)
	f.Image.Data = []byte(strings.Repeat(secret, 1000))
	_, err = r.Enrol(t.Context(), m, []string{"staff"}, []face.Enrolled{f})
	must(t, err)
	must(t, r.DeleteMember(t.Context(), "ann", epoch))
	must(t, r.Close())
	data, err := os.ReadFile(filepath.Join(dir, sqliteFile))
	must(t, err)
	for _, trace := range []string{secret, *m.FullName} {
		if strings.Contains(string(data), trace) {
			t.Errorf("%q is in the file after its deletion", trace)
		}
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			ctx := t.Context()
			lists := create(t, r, "staff", "guests")
			enrol(t, r, "ann", []string{"staff"}, 2)
			must(t, r.CreateMember(ctx, newMember(t, "bob"))) // has no face: nothing for an index to follow
			steps := []struct {
				name string
				do   func() error
				kind face.Kind // −1: no error
				want []string  // what the outbox gains
			}{
				{"link", func() error { return r.Link(ctx, "guests", []string{"ann", "bob", "ann"}, epoch) }, -1, []string{"put guests", "put guests"}},
				{"link again", func() error { return r.Link(ctx, "guests", []string{"bob", "ann"}, epoch) }, -1, nil},
				{"link somebody unknown", func() error { return r.Link(ctx, "staff", []string{"bob", "eve"}, epoch) }, face.NotFound, nil},
				{"link to nowhere", func() error { return r.Link(ctx, "nope", []string{"bob"}, epoch) }, face.NotFound, nil},
				{"unlink somebody unknown", func() error { return r.Unlink(ctx, "staff", []string{"ann", "eve"}, epoch) }, face.NotFound, nil},
				{"unlink from nowhere", func() error { return r.Unlink(ctx, "nope", []string{"ann"}, epoch) }, face.NotFound, nil},
				{"unlink", func() error { return r.Unlink(ctx, "staff", []string{"ann", "bob"}, epoch) }, -1, []string{"remove staff", "remove staff"}},
				{"unlink again", func() error { return r.Unlink(ctx, "staff", []string{"ann"}, epoch) }, -1, nil},
				{"delete a member", func() error { return r.DeleteMember(ctx, "ann", epoch) }, -1, []string{"remove guests", "remove guests"}},
				{"delete a watchlist", func() error { return r.DeleteWatchlist(ctx, "guests", epoch) }, -1, []string{"drop guests"}},
			}
			want := []string{"put staff", "put staff"}
			for _, s := range steps {
				if err := s.do(); (err == nil) != (s.kind == -1) || err != nil && face.KindOf(err) != s.kind {
					t.Errorf("%s: %v", s.name, err)
				}
				want = append(want, s.want...)
				if diff := cmp.Diff(want, operations(t, r, lists)); diff != "" {
					t.Fatalf("%s: outbox (-want +got):\n%s", s.name, diff)
				}
			}
		})
	}
}

// TestManyLinks passes more ids than one query can hold, and names few of many
// that are unknown.
func TestManyLinks(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			create(t, r, "staff")
			known, unknown := make([]string, 2*maxBound+10), make([]string, 2*maxBound+10)
			for i := range known {
				known[i], unknown[i] = fmt.Sprintf("m%d", i), fmt.Sprintf("u%d", i)
				must(t, r.CreateMember(t.Context(), face.Member{UID: newID(t), ID: known[i], CreatedAt: epoch}))
			}
			must(t, r.Link(t.Context(), "staff", known, epoch))
			if got := counts(t, r)["memberships"]; got != len(known) {
				t.Errorf("%d links, want %d", got, len(known))
			}
			err := r.Link(t.Context(), "staff", unknown, epoch)
			want := fmt.Sprintf("Watchlist members with ids 'u0', 'u1', 'u2', 'u3', 'u4' and %d more were not found.", len(unknown)-5)
			if face.MessageOf(err) != want {
				t.Errorf("got %q, want %q", face.MessageOf(err), want)
			}
		})
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			ctx := t.Context()
			lists := create(t, r, "staff")
			ann, faces := enrol(t, r, "ann", []string{"staff"}, 1)
			enrol(t, r, "bob", []string{"staff"}, 1)
			must(t, r.DeleteMember(ctx, "bob", epoch))
			all, err := r.Changes(ctx, 0, 10)
			must(t, err)
			if len(all) != 3 {
				t.Fatalf("%d changes, want 3", len(all))
			}
			want := face.IndexChange{
				Seq: all[0].Seq, Op: face.IndexPut, Watchlist: lists[0].UID, Member: ann.UID, Face: faces[0].Face.ID,
				Label: testLabel, Vector: faces[0].Templates[0].Vector,
			}
			if diff := cmp.Diff(want, all[0]); diff != "" {
				t.Errorf("first change (-want +got):\n%s", diff)
			}
			if all[1].Op != face.IndexPut || all[1].Vector != nil {
				t.Errorf("second change = %v, want a put without its vector, which is gone", all[1])
			}
			if all[2].Op != face.IndexRemove || all[2].Face != all[1].Face {
				t.Errorf("third change = %v, want the removal of face %v", all[2], all[1].Face)
			}
			some, err := r.Changes(ctx, all[0].Seq, 1)
			if diff := cmp.Diff(all[1:2], some); diff != "" || err != nil {
				t.Errorf("changes after the first, one at most (%v):\n%s", err, diff)
			}
			must(t, r.ForgetChanges(ctx, all[1].Seq))
			rest, err := r.Changes(ctx, 0, 10)
			if diff := cmp.Diff(all[2:], rest); diff != "" || err != nil {
				t.Errorf("changes that are not forgotten (%v):\n%s", err, diff)
			}
			must(t, r.ForgetChanges(ctx, all[2].Seq))
			must(t, r.Link(ctx, "staff", []string{"ann"}, epoch)) // is linked: no change
			must(t, r.Unlink(ctx, "staff", []string{"ann"}, epoch))
			rest, err = r.Changes(ctx, all[2].Seq, 10)
			if err != nil || len(rest) != 1 || rest[0].Seq <= all[2].Seq {
				t.Errorf("changes after all were forgotten = %v (%v), want one with a number never used", rest, err)
			}
		})
	}
}

// TestTwoLabels holds that a face's templates of two labels are told apart.
func TestTwoLabels(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			create(t, r, "staff")
			m := newMember(t, "ann")
			f := newFace(t, m)
			other := face.Template{Label: "other@2", Vector: []float32{0, 1}, Quality: 7}
			f.Templates = append(f.Templates, other)
			_, err := r.Enrol(t.Context(), m, []string{"staff"}, []face.Enrolled{f})
			must(t, err)
			want := map[face.TemplateLabel][]float32{testLabel: f.Templates[0].Vector, other.Label: other.Vector}
			changes, err := r.Changes(t.Context(), 0, 10)
			must(t, err)
			noted := map[face.TemplateLabel][]float32{}
			for _, c := range changes {
				noted[c.Label] = c.Vector
			}
			if diff := cmp.Diff(want, noted); diff != "" || len(changes) != 2 {
				t.Errorf("%d changes (-want +got):\n%s", len(changes), diff)
			}
			loaded := map[face.TemplateLabel][]float32{}
			_, err = r.AllTemplates(t.Context(), 10, func(l face.TemplateLabel, rows []face.IndexRow) error {
				loaded[l] = rows[0].Vector
				return nil
			})
			must(t, err)
			if diff := cmp.Diff(want, loaded); diff != "" {
				t.Errorf("loaded templates (-want +got):\n%s", diff)
			}
		})
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			ctx := t.Context()
			lists := create(t, r, "staff", "guests")
			ann, annFaces := enrol(t, r, "ann", []string{"staff", "guests"}, 2)
			bob, bobFaces := enrol(t, r, "bob", []string{"staff"}, 1)
			hit := func(w face.Watchlist, m face.Member, f uuid.UUID) face.Hit {
				return face.Hit{Watchlist: w.UID, Member: m.UID, Face: f}
			}
			candidate := func(w face.Watchlist, m face.Member, f uuid.UUID) face.Candidate {
				return face.Candidate{Watchlist: w, Member: m, FaceID: f}
			}
			hits := []face.Hit{
				hit(lists[0], bob, bobFaces[0].Face.ID),
				hit(lists[1], bob, bobFaces[0].Face.ID), // not linked
				hit(lists[1], ann, annFaces[1].Face.ID),
				hit(lists[0], ann, bobFaces[0].Face.ID), // another's face
				hit(lists[0], ann, uuid.New()),          // no such face
				hit(newWatchlist(t, "x"), ann, annFaces[0].Face.ID),
				hit(lists[0], ann, annFaces[0].Face.ID),
			}
			want := []face.Candidate{
				candidate(lists[0], bob, bobFaces[0].Face.ID),
				candidate(lists[1], ann, annFaces[1].Face.ID),
				candidate(lists[0], ann, annFaces[0].Face.ID),
			}
			got, err := r.Resolve(ctx, hits)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("Resolve (%v) (-want +got):\n%s", err, diff)
			}
			const times = maxBound / 4 // more than one statement takes
			got, err = r.Resolve(ctx, slices.Repeat(hits, times))
			if diff := cmp.Diff(slices.Repeat(want, times), got); diff != "" || err != nil {
				t.Errorf("Resolve of %d hits (%v) (-want +got):\n%s", times*len(hits), err, diff)
			}
			if got, err := r.Resolve(ctx, nil); len(got) != 0 || err != nil {
				t.Errorf("Resolve of nothing = %v (%v)", got, err)
			}
			must(t, r.DeleteMember(ctx, "ann", epoch))
			got, err = r.Resolve(ctx, hits)
			if diff := cmp.Diff(want[:1], got); diff != "" || err != nil {
				t.Errorf("Resolve after a deletion (%v) (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestAllTemplates(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			create(t, r, "staff", "guests")
			want := map[string]int{}
			for i := range 10 {
				lists := []string{"staff", "guests"}[:1+i%2]
				m, faces := enrol(t, r, fmt.Sprintf("m%d", i), lists, 3)
				for _, f := range faces {
					want[fmt.Sprint(m.UID, f.Face.ID)] = len(lists)
				}
			}
			for _, size := range []int{1, 7, 45, 1000} {
				got := map[string]int{}
				seq, err := r.AllTemplates(t.Context(), size, func(label face.TemplateLabel, rows []face.IndexRow) error {
					if label != testLabel || len(rows) > size || len(rows) == 0 {
						t.Errorf("a batch of %d rows of label %q, want at most %d", len(rows), label, size)
					}
					for _, row := range rows {
						got[fmt.Sprint(row.Member, row.Face)]++
						if diff := cmp.Diff([]float32{0.6, -0.8, 0}, row.Vector); diff != "" {
							t.Error(diff)
						}
					}
					return nil
				})
				if diff := cmp.Diff(want, got); diff != "" || err != nil {
					t.Errorf("size %d (%v): rows of each face (-want +got):\n%s", size, err, diff)
				}
				if seq != 45 {
					t.Errorf("position %d, want 45, the number of puts", seq)
				}
			}
			full := face.Errorf(face.Unavailable, "the index is full")
			if _, err := r.AllTemplates(t.Context(), 10, func(face.TemplateLabel, []face.IndexRow) error { return full }); face.MessageOf(err) != full.Msg {
				t.Errorf("AllTemplates = %v, want the error of its reader", err)
			}
		})
	}
}

// TestFaults makes an enrolment fail at each table it writes, and counts what is
// left.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			create(t, r, "staff")
			before := counts(t, r)
			for _, table := range enrolTables {
				repair := injectFault(t, r, table)
				m := newMember(t, "ann")
				_, err := r.Enrol(t.Context(), m, []string{"staff"}, []face.Enrolled{newFace(t, m), newFace(t, m)})
				if err == nil || face.MessageOf(err) != "internal error" || !strings.Contains(err.Error(), "injected") {
					t.Errorf("with a fault at %s: Enrol = %v", table, err)
				}
				repair()
				if diff := cmp.Diff(before, counts(t, r)); diff != "" {
					t.Errorf("with a fault at %s, rows (-want +got):\n%s", table, diff)
				}
			}
			enrol(t, r, "ann", []string{"staff"}, 2) // the same goes through now
		})
	}
}

// injectFault makes every insertion into a table fail until it is repaired.
func injectFault(t *testing.T, r *Repository, table string) (repair func()) {
	t.Helper()
	raise, repaired := "BEGIN SELECT raise(ABORT, 'injected'); END", "DROP TRIGGER fault"
	if r.write.Name() == "postgres" {
		must(t, r.write.Exec(`CREATE OR REPLACE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql
			AS $$ BEGIN RAISE EXCEPTION 'injected'; END $$`).Error)
		raise, repaired = "FOR EACH ROW EXECUTE FUNCTION fault()", "DROP TRIGGER fault ON "+table
	}
	must(t, r.write.Exec("CREATE TRIGGER fault BEFORE INSERT ON "+table+" "+raise).Error)
	return func() { must(t, r.write.Exec(repaired).Error) }
}

// TestDiskFull lets the database grow no more in the middle of writing.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	r := openTest(t)
	create(t, r, "staff")
	before := counts(t, r)
	var pages int
	must(t, r.write.Raw("PRAGMA page_count").Row().Scan(&pages))
	must(t, r.write.Raw(fmt.Sprintf("PRAGMA max_page_count = %d", pages+10)).Row().Scan(&pages))
	m := newMember(t, "ann")
	f := newFace(t, m)
	f.Image.Data = make([]byte, 1<<20)
	_, err := r.Enrol(t.Context(), m, []string{"staff"}, []face.Enrolled{f})
	if face.KindOf(err) != face.Unavailable || !strings.Contains(face.MessageOf(err), "disk is full") {
		t.Errorf("Enrol = %v, want an Unavailable error that says why", err)
	}
	if diff := cmp.Diff(before, counts(t, r)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	must(t, r.write.Raw("PRAGMA max_page_count = 100000").Row().Scan(&pages))
	enrol(t, r, "ann", []string{"staff"}, 1)
}

func TestContextEnds(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			create(t, r, "staff")
			before := counts(t, r)
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			m := newMember(t, "ann")
			if _, err := r.Enrol(ctx, m, []string{"staff"}, []face.Enrolled{newFace(t, m)}); face.KindOf(err) != face.Canceled {
				t.Errorf("Enrol = %v, want a Canceled error", err)
			}
			late, cancel := context.WithDeadline(t.Context(), epoch.AddDate(-10, 0, 0))
			defer cancel()
			if _, err := r.Members(late, face.PageQuery{Number: 1, Size: 1}); face.KindOf(err) != face.Timeout {
				t.Errorf("Members = %v, want a Timeout error", err)
			}
			if diff := cmp.Diff(before, counts(t, r)); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

// TestContextEndsAnywhere ends the context at every stage of an enrolment: an
// error means that nothing was stored, its absence that everything was.
func TestContextEndsAnywhere(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			create(t, r, "staff")
			stored := 0
			for i := range 300 {
				m := newMember(t, fmt.Sprintf("m%d", i))
				f := newFace(t, m)
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*10*time.Microsecond)
				_, err := r.Enrol(ctx, m, []string{"staff"}, []face.Enrolled{f})
				cancel()
				if kind := face.KindOf(err); err != nil && kind != face.Timeout {
					t.Errorf("Enrol = %v, want a Timeout error", err)
				}
				_, missing := r.Image(t.Context(), f.Image.ID)
				if (err == nil) != (missing == nil) {
					t.Errorf("Enrol = %v, but its picture: %v", err, missing)
				}
				if err == nil {
					stored++
				}
			}
			want := map[string]int{"watchlists": 1}
			if stored > 0 {
				want = map[string]int{
					"watchlists": 1, "members": stored, "member_labels": 3 * stored, "memberships": stored,
					"images": stored, "faces": stored, "templates": stored, "outbox": stored,
				}
			}
			if diff := cmp.Diff(want, counts(t, r)); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			enrol(t, r, "the next", []string{"staff"}, 1)
		})
	}
}

// TestRace has many writers want the same ids, among readers; each id is given
// once, and nobody hears that the database is busy.
func TestRace(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			create(t, r, "staff")
			const writers, people = 8, 25
			won := make(chan string, writers*people)
			var wg sync.WaitGroup
			for range writers {
				wg.Go(func() {
					for i := range people {
						m := newMember(t, fmt.Sprintf("m%d", i))
						_, err := r.Enrol(t.Context(), m, []string{"staff"}, []face.Enrolled{newFace(t, m)})
						switch {
						case err == nil:
							won <- m.ID
						case face.KindOf(err) != face.Conflict:
							t.Errorf("Enrol: %v", err)
						}
						if _, err := r.Members(t.Context(), face.PageQuery{Number: 1, Size: 10, Total: true}); err != nil {
							t.Errorf("Members: %v", err)
						}
					}
				})
			}
			wg.Wait()
			close(won)
			times := map[string]int{}
			for id := range won {
				times[id]++
			}
			for i := range people {
				if id := fmt.Sprintf("m%d", i); times[id] != 1 {
					t.Errorf("%s was enrolled %d times, want once", id, times[id])
				}
			}
			if got := counts(t, r); got["members"] != people || got["faces"] != people || got["outbox"] != people {
				t.Errorf("rows %v, want %d members", got, people)
			}
		})
	}
}
