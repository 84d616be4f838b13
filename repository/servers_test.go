package repository

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/repository/repositorytest"
)

// openServers opens so many repositories on one Postgres database.
func openServers(t *testing.T, n int) []*Repository {
	t.Helper()
	url := repositorytest.Postgres(t)
	out := make([]*Repository, n)
	for i := range out {
		out[i] = openWith(t, Options{URL: url, Connections: 6})
	}
	return out
}

// sharedIndex is an index that several servers feed. It tells when two of them
// are at one watchlist at a time.
type sharedIndex struct {
	t    *testing.T
	mu   sync.Mutex
	busy map[uuid.UUID]bool
	rows map[face.IndexKey]bool
}

func (x *sharedIndex) apply(_ context.Context, changes []face.IndexChange) ([]int64, error) {
	lists := map[uuid.UUID]bool{}
	for _, c := range changes {
		lists[c.Watchlist] = true
	}
	x.occupy(lists, true)
	defer x.occupy(lists, false)
	for _, c := range changes {
		x.one(c)
	}
	keep := changes[:1+rand.N(len(changes))] // now and then not everything succeeds
	return numbers(keep), nil
}

func (x *sharedIndex) occupy(lists map[uuid.UUID]bool, busy bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for w := range lists {
		if x.busy[w] == busy {
			x.t.Errorf("two servers are at the watchlist %v", w)
		}
		x.busy[w] = busy
	}
}

func (x *sharedIndex) one(c face.IndexChange) {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch c.Op {
	case face.IndexPut:
		if c.Vector != nil {
			x.rows[face.IndexKey{Watchlist: c.Watchlist, Face: c.Face}] = true
		}
	case face.IndexRemove:
		delete(x.rows, face.IndexKey{Watchlist: c.Watchlist, Face: c.Face})
	case face.IndexDrop:
		maps.DeleteFunc(x.rows, func(k face.IndexKey, _ bool) bool { return k.Watchlist == c.Watchlist })
	}
}

// writeAtRandom does what clients do, on few ids, so that they collide.
func writeAtRandom(t *testing.T, r *Repository, steps int) {
	t.Helper()
	ctx := t.Context()
	for range steps {
		id, list := fmt.Sprintf("m%d", rand.N(8)), fmt.Sprintf("w%d", rand.N(3))
		both := []string{id, fmt.Sprintf("m%d", rand.N(8))}
		var what string
		var err error
		switch rand.N(11) {
		case 8, 9:
			what = "AddFace"
			_, err = r.AddFace(ctx, id, anotherFace(t))
		case 10:
			what, err = "RemoveFace", removeSome(ctx, r, id)
		case 0, 1:
			what = "Enrol"
			m := newMember(t, id)
			_, err = r.Enrol(ctx, m, []string{list}, []face.Enrolled{newFace(t, m), newFace(t, m)})
		case 2:
			what, err = "Link", r.Link(ctx, list, both, epoch)
		case 3:
			what, err = "Unlink", r.Unlink(ctx, list, both, epoch)
		case 4:
			what, err = "DeleteMember", r.DeleteMember(ctx, id, epoch)
		case 5:
			what = "UpsertMember"
			_, err = r.UpsertMember(ctx, newMember(t, id))
		case 6:
			what = "UpsertWatchlist"
			_, err = r.UpsertWatchlist(ctx, newWatchlist(t, list))
		case 7:
			if rand.N(4) == 0 {
				what, err = "DeleteWatchlist", r.DeleteWatchlist(ctx, list, epoch)
			}
		}
		kind := face.KindOf(err)
		if err != nil && kind != face.NotFound && (kind != face.Conflict || what != "Enrol") {
			t.Errorf("%s: %v (%v)", what, err, kind)
		}
	}
}

// removeSome removes a face of a member, unless there is none, or others were
// faster.
func removeSome(ctx context.Context, r *Repository, memberID string) error {
	page, err := r.MemberFaces(ctx, memberID, face.PageQuery{Number: 1, Size: 1})
	if err != nil || len(page.Items) == 0 {
		return err
	}
	return r.RemoveFace(ctx, memberID, page.Items[0].ID, epoch)
}

// TestServers has several servers write, apply and read the tail of one database
// at once. In the end the index shows what the database holds, every tail knows
// of every change, and nothing is half there.
func TestServers(t *testing.T) {
	t.Parallel()
	servers := openServers(t, 3)
	create(t, servers[0], "w0", "w1", "w2")
	index := &sharedIndex{t: t, busy: map[uuid.UUID]bool{}, rows: map[face.IndexKey]bool{}}
	var writers, others sync.WaitGroup
	var written atomic.Bool
	tails := make([]*overlay, len(servers))
	for i, r := range servers {
		tails[i] = &overlay{r: r, bound: bound}
		for range 3 {
			writers.Go(func() { writeAtRandom(t, r, 60) })
		}
		others.Go(func() {
			for !written.Load() {
				if _, err := r.ApplyChanges(t.Context(), 7, nil, index.apply); err != nil {
					t.Errorf("ApplyChanges: %v", err)
				}
			}
		})
		others.Go(func() {
			for !written.Load() {
				tails[i].read(t)
			}
		})
	}
	writers.Wait()
	written.Store(true)
	others.Wait()
	for n := 1; n > 0; {
		var err error
		n, err = servers[0].ApplyChanges(t.Context(), 50, nil, index.apply)
		must(t, err)
	}
	checkIndex(t, servers[1], index)
	checkTails(t, servers[2], tails)
	checkWhole(t, servers[0])
}

func checkIndex(t *testing.T, r *Repository, index *sharedIndex) {
	t.Helper()
	want := map[face.IndexKey]bool{}
	_, err := r.AllTemplates(t.Context(), 100, func(_ face.TemplateLabel, rows []face.IndexRow) error {
		for _, row := range rows {
			want[face.IndexKey{Watchlist: row.Watchlist, Face: row.Face}] = true
		}
		return nil
	})
	must(t, err)
	if diff := cmp.Diff(want, index.rows); diff != "" {
		t.Errorf("index (-database +index):\n%s", diff)
	}
}

func checkTails(t *testing.T, r *Repository, tails []*overlay) {
	t.Helper()
	var all []int64
	must(t, r.read.Raw("SELECT seq FROM outbox").Scan(&all).Error)
	for i, o := range tails {
		known := o.read(t)
		missing := 0
		for _, seq := range all {
			if known[seq] == "" {
				missing++
			}
		}
		if missing > 0 || o.wholes != 1 || o.given > 2*len(all) {
			t.Errorf("tail %d misses %d of %d changes; it was given %d in %d whole tails", i, missing, len(all), o.given, o.wholes)
		}
	}
}

// checkWhole counts rows that would have no owner or no part.
func checkWhole(t *testing.T, r *Repository) {
	t.Helper()
	for what, query := range map[string]string{
		"pictures without a face":  "SELECT count(*) FROM images i WHERE NOT EXISTS (SELECT 1 FROM faces f WHERE f.image_id = i.id)",
		"faces without a template": "SELECT count(*) FROM faces f WHERE NOT EXISTS (SELECT 1 FROM templates t WHERE t.face_id = f.id)",
		"members without labels":   "SELECT count(*) FROM members m WHERE (SELECT count(*) FROM member_labels l WHERE l.member_uid = m.uid) <> 3",
	} {
		var n int
		must(t, r.read.Raw(query).Row().Scan(&n))
		if n > 0 {
			t.Errorf("%d %s", n, what)
		}
	}
}

// TestServersWantOneID has several servers want the same ids: each is given once,
// and the others are told by name.
func TestServersWantOneID(t *testing.T) {
	t.Parallel()
	servers := openServers(t, 3)
	create(t, servers[0], "staff")
	for round := range 10 {
		id := fmt.Sprintf("m%d", round)
		shared := newID(t)
		var wg sync.WaitGroup
		var byMember, byFace atomic.Int32
		for i, r := range servers {
			wg.Go(func() {
				m := newMember(t, id)
				tell(t, &byMember, r.CreateMember(t.Context(), m), fmt.Sprintf("Watchlist member with id '%s' exists already.", id))
				m = newMember(t, fmt.Sprint(id, " of ", i))
				f := newFace(t, m)
				f.Face.ID = shared
				_, err := r.Enrol(t.Context(), m, []string{"staff"}, []face.Enrolled{f})
				tell(t, &byFace, err, fmt.Sprintf("Face with id '%s' exists already.", shared))
			})
		}
		wg.Wait()
		if byMember.Load() != 1 || byFace.Load() != 1 {
			t.Errorf("the member was made %d times, the face %d times, want once", byMember.Load(), byFace.Load())
		}
	}
}

// tell counts successes, and wants one message of failures.
func tell(t *testing.T, won *atomic.Int32, err error, want string) {
	t.Helper()
	if err == nil {
		won.Add(1)
		return
	}
	if face.KindOf(err) != face.Conflict || face.MessageOf(err) != want {
		t.Errorf("got %v, want a Conflict that says %q", err, want)
	}
}

// TestTailOfLateCommit commits a lower number after a higher one was read, while
// a third transaction stays open all the time.
func TestTailOfLateCommit(t *testing.T) {
	t.Parallel()
	r := openServers(t, 1)[0]
	lists := create(t, r, "staff")
	idle, early := r.write.Begin(), r.write.Begin()
	must(t, idle.Exec("UPDATE watchlists SET threshold = threshold").Error) // has a number of its own
	must(t, noteDrop(early, key(lists[0].UID), epoch))
	o := &overlay{r: r, bound: bound}
	o.read(t)
	must(t, r.backend.update(t.Context(), func(tx *gorm.DB) error { return noteDrop(tx, key(lists[0].UID), epoch) }))
	for range 3 {
		if diff := cmp.Diff(map[int64]string{2: "drop 0 waiting"}, o.read(t)); diff != "" {
			t.Errorf("before the late commit (-want +got):\n%s", diff)
		}
	}
	must(t, early.Commit().Error)
	for range 3 {
		if diff := cmp.Diff(map[int64]string{1: "drop 0 waiting", 2: "drop 0 waiting"}, o.read(t)); diff != "" {
			t.Errorf("after the late commit (-want +got):\n%s", diff)
		}
	}
	if o.given != 2 {
		t.Errorf("%d changes were given, want each once", o.given)
	}
	must(t, idle.Rollback().Error)
}

// TestChangesWaitForCommits holds that a number is not passed by while its
// transaction runs.
func TestChangesWaitForCommits(t *testing.T) {
	t.Parallel()
	r := openServers(t, 1)[0]
	lists := create(t, r, "staff")
	early := r.write.Begin()
	must(t, noteDrop(early, key(lists[0].UID), epoch))
	must(t, r.backend.update(t.Context(), func(tx *gorm.DB) error { return noteDrop(tx, key(lists[0].UID), epoch) }))
	got := make(chan []face.IndexChange)
	go func() {
		changes, err := r.Changes(t.Context(), 0, 10)
		if err != nil {
			t.Errorf("Changes: %v", err)
		}
		got <- changes
	}()
	for waiting := 0; waiting == 0; { // until Changes is behind the open transaction
		must(t, r.read.Raw("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'outbox'::regclass").Row().Scan(&waiting))
	}
	must(t, early.Commit().Error)
	if changes := <-got; len(changes) != 2 || changes[0].Seq != 1 {
		t.Errorf("Changes = %v, want both in order", changes)
	}
}

// blocked starts a write, waits until it waits for a lock, and returns its end.
func blocked(t *testing.T, r *Repository, write func() error) <-chan error {
	t.Helper()
	end := make(chan error, 1)
	go func() { end <- write() }()
	for waiting := 0; waiting == 0; {
		must(t, r.read.Raw("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())").
			Row().Scan(&waiting))
	}
	return end
}

// TestDeleteMeetsLink deletes a member and a watchlist while a link is being made:
// what is noted of the deletion covers the link, and comes after it.
func TestDeleteMeetsLink(t *testing.T) {
	t.Parallel()
	for what, want := range map[string]string{"member": "remove staff", "watchlist": "drop staff"} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			r := openServers(t, 1)[0]
			lists := create(t, r, "staff")
			m, _ := enrol(t, r, "ann", nil, 1)
			row := membershipRow{WatchlistUID: key(lists[0].UID), MemberUID: key(m.UID), Created: at(epoch)}
			linking := r.write.Begin()
			must(t, linking.Create(&row).Error)
			end := blocked(t, r, func() error {
				if what == "member" {
					return r.DeleteMember(t.Context(), "ann", epoch)
				}
				return r.DeleteWatchlist(t.Context(), "staff", epoch)
			})
			must(t, noteLinked(linking, row))
			must(t, linking.Commit().Error)
			must(t, <-end)
			if diff := cmp.Diff([]string{"put staff", want}, operations(t, r, lists)); diff != "" {
				t.Errorf("outbox (-want +got):\n%s", diff)
			}
		})
	}
}

// TestWritesMeetDelete writes to a watchlist that is being deleted: an upsert
// makes a new one instead of bringing the old one back, others do not find it.
func TestWritesMeetDelete(t *testing.T) {
	t.Parallel()
	r := openServers(t, 1)[0]
	fresh := newWatchlist(t, "staff")
	m := newMember(t, "bob")
	enrol(t, r, "ann", nil, 1)
	for name, write := range map[string]func() error{
		"Enrol": func() error {
			_, err := r.Enrol(t.Context(), m, []string{"staff"}, []face.Enrolled{newFace(t, m)})
			return err
		},
		"Link":   func() error { return r.Link(t.Context(), "staff", []string{"ann"}, epoch) },
		"Unlink": func() error { return r.Unlink(t.Context(), "staff", []string{"ann"}, epoch) },
		"UpsertWatchlist": func() error {
			_, err := r.UpsertWatchlist(t.Context(), fresh)
			return err
		},
	} {
		create(t, r, "staff")
		deletion := r.write.Begin()
		must(t, deletion.Exec("DELETE FROM watchlists").Error)
		end := blocked(t, r, write)
		must(t, deletion.Commit().Error)
		err := <-end
		if name != "UpsertWatchlist" {
			if face.KindOf(err) != face.NotFound || face.MessageOf(err) != noWatchlist("staff").Msg {
				t.Errorf("%s: %v, want a NotFound error that names the watchlist", name, err)
			}
			continue
		}
		if got, missing := r.Watchlist(t.Context(), "staff"); err != nil || missing != nil || got.UID != fresh.UID {
			t.Errorf("%s (%v) leaves %v (%v), want the new one", name, err, got, missing)
		}
		must(t, r.DeleteWatchlist(t.Context(), "staff", epoch))
	}
}
