package gallery_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/gallery/indexsync"
	"github.com/facekeep/facekeep/vectorstore/exact"
)

// flakyIndex is an index that refuses writes while it is down.
type flakyIndex struct {
	*exact.Index
	down atomic.Bool
}

var errDown = errors.New("the index is down")

func (x *flakyIndex) Upsert(ctx context.Context, label face.TemplateLabel, rows []face.IndexRow) error {
	if x.down.Load() {
		return errDown
	}
	return x.Index.Upsert(ctx, label, rows)
}

func (x *flakyIndex) Delete(ctx context.Context, removals []face.IndexRemoval) error {
	if x.down.Load() {
		return errDown
	}
	return x.Index.Delete(ctx, removals)
}

func (x *flakyIndex) DropWatchlist(ctx context.Context, w uuid.UUID) error {
	if x.down.Load() {
		return errDown
	}
	return x.Index.DropWatchlist(ctx, w)
}

// TestIndexDown holds what happens while an index cannot follow: writes succeed,
// because they are committed; searches say that they cannot answer, rather than
// answer with what is old; and once the index is back, the first search is right.
func TestIndexDown(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	flaky := &flakyIndex{Index: s.index}
	s.relay = indexsync.NewRelay(s.repo, flaky, 0, discard())
	s.rewire(func(*gallery.Parts) {})
	s.list(t, "staff")
	s.enrol(t, "ann", []string{"staff"}, "ann#1")
	for _, write := range []func(){
		func() { s.enrol(t, "bob", []string{"staff"}, "bob#1") },
		func() { must(t, s.DeleteMember(t.Context(), "ann")) },
		func() { must(t, s.Unlink(t.Context(), "staff", []string{"bob"})) },
		func() { must(t, s.Link(t.Context(), "staff", []string{"bob"})) },
	} {
		flaky.down.Store(true)
		write()
		for _, picture := range []string{"ann#2", "bob#2"} {
			_, err := s.Identify(t.Context(), gallery.IdentifyQuery{Image: []byte(picture), MaxCandidates: 1})
			if face.KindOf(err) != face.Unavailable || !errors.Is(err, errDown) {
				t.Errorf("Identify = %v, want an Unavailable error", err)
			}
		}
		flaky.down.Store(false)
		s.identify(t, "ann#2")
	}
	if diff := cmp.Diff([]found{}, s.identify(t, "ann#2")); diff != "" {
		t.Errorf("a deleted member (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]found{{"staff", "bob"}}, s.identify(t, "bob#2")); diff != "" {
		t.Errorf("a new member (-want +got):\n%s", diff)
	}
}

// TestIndexBehind changes the database without telling the index, as in the
// moment between a commit and the index's following it: what the index still
// names is not answered, and what it hides is.
func TestIndexBehind(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(s *system) error
		want   []found
	}{
		"the nearest member is deleted": {
			func(s *system) error { return s.repo.DeleteMember(t.Context(), "twin1", epoch) }, []found{{"staff", "twin2"}},
		},
		"the nearest member is unlinked": {
			func(s *system) error { return s.repo.Unlink(t.Context(), "staff", []string{"twin1"}, epoch) }, []found{{"staff", "twin2"}},
		},
		"all but the farthest are deleted": {
			func(s *system) error {
				return errors.Join(s.repo.DeleteMember(t.Context(), "twin1", epoch), s.repo.DeleteMember(t.Context(), "twin2", epoch))
			}, []found{{"staff", "twin3"}},
		},
		"the watchlist is deleted": {
			func(s *system) error { return s.repo.DeleteWatchlist(t.Context(), "staff", epoch) }, []found{},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, t.TempDir())
			s.list(t, "staff")
			s.enrol(t, "twin1", []string{"staff"}, "twin")
			s.enrol(t, "twin2", []string{"staff"}, "twin#23")
			s.enrol(t, "twin3", []string{"staff"}, "twin#2")
			must(t, tt.change(s))
			faces, err := s.Identify(t.Context(), gallery.IdentifyQuery{Image: []byte("twin"), MinScore: 40, MaxCandidates: 1})
			must(t, err)
			if diff := cmp.Diff(tt.want, names(faces[0].Candidates)); diff != "" {
				t.Errorf("candidates (-want +got):\n%s", diff)
			}
		})
	}
}

// lost is an index that names a face which no database knows, whatever is done.
type lost struct{}

func (lost) Search(context.Context, face.IndexQuery) ([]face.Hit, error) {
	return []face.Hit{{Watchlist: uuid.New(), Member: uuid.New(), Face: uuid.New(), Cosine: 1}}, nil
}

// TestIndexLost holds that an index which is never right is not believed.
func TestIndexLost(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	s.rewire(func(p *gallery.Parts) { p.Index = lost{} })
	_, err := s.Identify(t.Context(), gallery.IdentifyQuery{Image: []byte("ann"), MaxCandidates: 1})
	if face.KindOf(err) != face.Unavailable {
		t.Errorf("Identify = %v, want an Unavailable error", err)
	}
}

func TestCheckLabel(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	s.list(t, "staff")
	s.enrol(t, "ann", []string{"staff"}, "ann#1", "ann#2")
	must(t, s.CheckLabel(t.Context()))
	curve := *testCurve()["fake@1"]
	curve.Label = "fake@2"
	s.engine.label = "fake@2"
	if err := s.CheckLabel(t.Context()); err == nil {
		t.Error("CheckLabel without a calibration: no error")
	}
	s.rewire(func(p *gallery.Parts) { p.Calibrations = face.Calibrations{"fake@2": &curve} })
	err := s.CheckLabel(t.Context())
	want := `the gallery holds 2 templates "fake@1", but the models make "fake@2"`
	if face.KindOf(err) != face.Conflict || len(face.MessageOf(err)) < len(want) || face.MessageOf(err)[:len(want)] != want {
		t.Errorf("CheckLabel = %v, want %q", err, want)
	}
	must(t, s.DeleteMember(t.Context(), "ann"))
	must(t, s.CheckLabel(t.Context()))
}
