package gallery_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
)

func TestIdentify(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	for _, id := range []string{"guests", "staff", "empty"} {
		s.list(t, id)
	}
	s.enrol(t, "ann", []string{"staff"}, "ann#1", "ann#2")
	s.enrol(t, "bob", []string{"staff", "guests"}, "bob#1")
	s.enrol(t, "cid", []string{"guests"}, "cid#1")
	s.enrol(t, "zoe", []string{"staff"}, "twin#1")
	s.enrol(t, "amy", []string{"staff"}, "twin#1")
	tests := []struct {
		name    string
		picture string
		lists   []string
		want    []found
	}{
		{"by another picture", "ann#3", nil, []found{{"staff", "ann"}}},
		{"in two lists, by id", "bob#2", nil, []found{{"guests", "bob"}, {"staff", "bob"}}},
		{"in one of two lists", "bob#2", []string{"staff"}, []found{{"staff", "bob"}}},
		{"in several lists", "bob#2", []string{"staff", "guests", "staff"}, []found{{"guests", "bob"}, {"staff", "bob"}}},
		{"in another list", "ann#3", []string{"guests"}, []found{}},
		{"equally near members, by id", "twin#2", nil, []found{{"staff", "amy"}, {"staff", "zoe"}}},
		{"in an empty list", "ann#3", []string{"empty"}, []found{}},
		{"a stranger", "dora#1", nil, []found{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, s.identify(t, tt.picture, tt.lists...)); diff != "" {
				t.Errorf("candidates (-want +got):\n%s", diff)
			}
		})
	}
}

func TestIdentifyErrors(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	s.list(t, "staff")
	tests := []struct {
		name  string
		query gallery.IdentifyQuery
		kind  face.Kind
	}{
		{"no face", gallery.IdentifyQuery{Image: []byte("."), MaxCandidates: 1}, face.NoFace},
		{"no picture", gallery.IdentifyQuery{Image: []byte("broken"), MaxCandidates: 1}, face.Invalid},
		{"unknown watchlist", gallery.IdentifyQuery{Image: []byte("ann"), WatchlistIDs: []string{"staff", "nope"}, MaxCandidates: 1}, face.NotFound},
		{"unknown watchlist, no picture", gallery.IdentifyQuery{Image: []byte("broken"), WatchlistIDs: []string{"nope"}, MaxCandidates: 1}, face.NotFound},
		{"unknown watchlist, no face", gallery.IdentifyQuery{Image: []byte("."), WatchlistIDs: []string{"nope"}, MaxCandidates: 1}, face.NotFound},
		{"unknown watchlist ends the look at a picture", gallery.IdentifyQuery{Image: []byte("endless"), WatchlistIDs: []string{"nope"}, MaxCandidates: 1}, face.NotFound},
		{"no candidates wanted", gallery.IdentifyQuery{Image: []byte("ann")}, face.Invalid},
		{"too many candidates wanted", gallery.IdentifyQuery{Image: []byte("ann"), MaxCandidates: 1 << 40}, face.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := s.Identify(t.Context(), tt.query); err == nil || face.KindOf(err) != tt.kind {
				t.Errorf("Identify = %v, want an error of kind %v", err, tt.kind)
			}
		})
	}
}
