package gallery_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery/indexsync"
)

// heap is an index as a shared one keeps it: rows under ids of its own, of which
// several may be of one key.
type heap struct {
	mu   sync.Mutex
	last int64
	rows []heapRow
}

type heapRow struct {
	label face.TemplateLabel
	held  indexsync.Held
}

// insert adds a row, whatever is there.
func (x *heap) insert(label face.TemplateLabel, r face.IndexRow) {
	x.last++
	x.rows = append(x.rows, heapRow{label, indexsync.Held{ID: x.last, Watchlist: r.Watchlist, Member: r.Member, Face: r.Face, Version: r.Version}})
}

func (x *heap) Upsert(_ context.Context, label face.TemplateLabel, rows []face.IndexRow) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, r := range rows {
		of := func(h heapRow) bool {
			return h.label == label && h.held.Watchlist == r.Watchlist && h.held.Face == r.Face
		}
		if !slices.ContainsFunc(x.rows, func(h heapRow) bool { return of(h) && h.held.Version > r.Version }) {
			x.rows = slices.DeleteFunc(x.rows, of)
			x.insert(label, r)
		}
	}
	return nil
}

// Add inserts rows whatever is there, as a shared index does.
func (x *heap) Add(_ context.Context, label face.TemplateLabel, rows []face.IndexRow) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, r := range rows {
		x.insert(label, r)
	}
	return nil
}

func (x *heap) Delete(_ context.Context, removals []face.IndexRemoval) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, r := range removals {
		x.rows = slices.DeleteFunc(x.rows, func(h heapRow) bool {
			return h.held.Watchlist == r.Watchlist && h.held.Face == r.Face && h.held.Version < r.Before
		})
	}
	return nil
}

func (x *heap) DropWatchlist(_ context.Context, watchlist uuid.UUID) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.rows = slices.DeleteFunc(x.rows, func(h heapRow) bool { return h.held.Watchlist == watchlist })
	return nil
}

func (x *heap) Labels(context.Context) ([]face.TemplateLabel, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	var out []face.TemplateLabel
	for _, h := range x.rows {
		if !slices.Contains(out, h.label) {
			out = append(out, h.label)
		}
	}
	return out, nil
}

func (x *heap) Held(_ context.Context, label face.TemplateLabel, after, upTo uuid.UUID, visit func([]indexsync.Held) error) error {
	x.mu.Lock()
	var out []indexsync.Held
	for _, h := range x.rows {
		if h.label == label && bytes.Compare(h.held.Face[:], after[:]) > 0 && bytes.Compare(h.held.Face[:], upTo[:]) <= 0 {
			out = append(out, h.held)
		}
	}
	x.mu.Unlock()
	return visit(out)
}

func (x *heap) DeleteRows(_ context.Context, _ face.TemplateLabel, ids []int64) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.rows = slices.DeleteFunc(x.rows, func(h heapRow) bool { return slices.Contains(ids, h.held.ID) })
	return nil
}

// follow applies all changes of a system to an index that is new.
func (s *system) follow(t *testing.T, x *heap) {
	t.Helper()
	must(t, indexsync.NewRelay(s.repo, x, 0, discard()).Flush(t.Context()))
	_, err := s.repo.ApplyChanges(t.Context(), 1000, nil, func(_ context.Context, changes []face.IndexChange) (applied []int64, err error) {
		for _, c := range changes {
			applied = append(applied, c.Seq)
		}
		return applied, nil
	})
	must(t, err)
}

// lose takes every so manieth row out of an index behind everybody's back.
func (x *heap) lose(every int) {
	i := 0
	x.rows = slices.DeleteFunc(x.rows, func(heapRow) bool { i++; return i%every == 0 })
}

// double puts every so manieth row once more.
func (x *heap) double(every int) {
	for i, h := range x.rows {
		if i%every == 0 {
			x.insert(h.label, face.IndexRow{Watchlist: h.held.Watchlist, Member: h.held.Member, Face: h.held.Face, Version: h.held.Version})
		}
	}
}

// TestReconcile does damage to an index that follows a gallery of 30 members on two
// watchlists, and has it found and mended, a few faces at a time.
func TestReconcile(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		damage func(t *testing.T, s *system, x *heap)
		want   indexsync.Drift
	}{
		{"none", func(*testing.T, *system, *heap) {}, indexsync.Drift{Rows: 60}},
		{"all lost", func(_ *testing.T, _ *system, x *heap) { x.rows = nil }, indexsync.Drift{Rows: 60, Missing: 60}},
		{"as many lost as doubled", func(_ *testing.T, _ *system, x *heap) {
			x.lose(10)
			x.double(9)
		}, indexsync.Drift{Rows: 60, Missing: 6, Duplicate: 6}},
		{"a put that comes late, after the deletion", func(t *testing.T, s *system, x *heap) {
			t.Helper()
			before := slices.Clone(x.rows)
			must(t, s.DeleteMember(t.Context(), "member7"))
			s.follow(t, x)
			for _, h := range before { // those of the others are older duplicates
				x.insert(h.label, face.IndexRow{Watchlist: h.held.Watchlist, Member: h.held.Member, Face: h.held.Face, Version: h.held.Version})
			}
		}, indexsync.Drift{Rows: 58, Surplus: 2, Duplicate: 58}},
		{"changes under way are none", func(t *testing.T, s *system, _ *heap) {
			t.Helper()
			must(t, s.DeleteMember(t.Context(), "member7"))
			must(t, s.Unlink(t.Context(), "guests", []string{"member8"}))
			must(t, s.Unlink(t.Context(), "guests", []string{"member9"}))
			must(t, s.Link(t.Context(), "guests", []string{"member9"}))
			s.enrol(t, "new", []string{"staff"}, "new")
		}, indexsync.Drift{Rows: 58}},
		{"a watchlist that is being dropped", func(t *testing.T, s *system, _ *heap) {
			t.Helper()
			must(t, s.DeleteWatchlist(t.Context(), "guests"))
		}, indexsync.Drift{Rows: 30}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, x := open(t, t.TempDir()), &heap{}
			s.list(t, "staff")
			s.list(t, "guests")
			for i := range 30 {
				id := fmt.Sprintf("member%d", i)
				s.enrol(t, id, []string{"staff", "guests"}, id)
			}
			s.follow(t, x)
			tt.damage(t, s, x)
			told := 0
			r := indexsync.Reconciler{From: s.repo, To: x, Faces: 7, Missing: func(_ context.Context, _ face.TemplateLabel, rows []face.IndexRow) error {
				told += len(rows)
				return nil
			}}
			for _, mend := range []bool{false, true} {
				r.Mend = mend
				got, err := r.Run(t.Context())
				if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
					t.Errorf("mending %t: %v, drift (-want +got):\n%s", mend, err, diff)
				}
			}
			if told != 2*tt.want.Missing {
				t.Errorf("%d missing rows were told of, want each of %d twice", told, tt.want.Missing)
			}
			s.follow(t, x)
			if got, err := r.Run(t.Context()); err != nil || !got.None() {
				t.Errorf("once mended: %+v (%v), want no drift", got, err)
			}
		})
	}
}

// TestReconcileRestored is about a database that was restored from a backup, while
// the index holds rows of later numbers: numbers go on above them, so that
// removals reach them.
func TestReconcileRestored(t *testing.T) {
	t.Parallel()
	s, x := open(t, t.TempDir()), &heap{}
	s.list(t, "staff")
	s.enrol(t, "ann", []string{"staff"}, "ann")
	s.follow(t, x)
	x.rows[0].held.Version = 5000
	r := indexsync.Reconciler{From: s.repo, To: x, Mend: true}
	if got, err := r.Run(t.Context()); err != nil || !got.None() {
		t.Errorf("Run = %+v (%v), want no drift", got, err)
	}
	must(t, s.DeleteMember(t.Context(), "ann"))
	changes, err := s.repo.Changes(t.Context(), 0, 100)
	must(t, err)
	if last := changes[len(changes)-1]; last.Seq != 5001 {
		t.Errorf("the deletion has the number %d, want 5001", last.Seq)
	}
	s.follow(t, x)
	if len(x.rows) != 0 {
		t.Errorf("after the deletion the index holds %v, want nothing", x.rows)
	}
}
