package repository

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// TestCompare reads a gallery slice by slice, and finds each row once.
func TestCompare(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			lists := create(t, r, "staff", "guests")
			want := map[face.IndexKey][]float32{}
			for _, name := range []string{"ann", "bo", "cy"} {
				_, faces := enrol(t, r, name, []string{"staff", "guests"}, 3)
				for _, f := range faces {
					for _, w := range lists {
						want[face.IndexKey{Watchlist: w.UID, Face: f.Face.ID}] = f.Templates[0].Vector
					}
				}
			}
			got, slices := map[face.IndexKey]int{}, 0
			for after := uuid.Nil; after != uuid.Max; slices++ {
				upTo, err := r.FaceAfter(t.Context(), after, 4)
				must(t, err)
				must(t, r.WantedKeys(t.Context(), after, upTo, func(label face.TemplateLabel, key face.IndexKey) {
					if label != testLabel {
						t.Errorf("label %q, want %q", label, testLabel)
					}
					got[key]++
				}))
				after = upTo
			}
			if len(got) != len(want) || slices != 3 {
				t.Errorf("%d rows in %d slices, want %d in 3", len(got), slices, len(want))
			}
			for key := range want {
				if got[key] != 1 {
					t.Errorf("row %v comes %d times", key, got[key])
				}
			}
			checkIndexRows(t, r, want)
		})
	}
}

// checkIndexRows asks for rows, among others that are not wanted.
func checkIndexRows(t *testing.T, r *Repository, want map[face.IndexKey][]float32) {
	t.Helper()
	keys := make([]face.IndexKey, 0, 1+2*len(want))
	keys = append(keys, face.IndexKey{Watchlist: uuid.New(), Face: uuid.New()})
	for key := range want {
		keys = append(keys, key, face.IndexKey{Watchlist: uuid.New(), Face: key.Face})
	}
	changes, err := r.Changes(t.Context(), 0, 100)
	must(t, err)
	rows, err := r.IndexRows(t.Context(), testLabel, keys)
	must(t, err)
	if len(rows) != len(want) {
		t.Errorf("%d rows, want %d", len(rows), len(want))
	}
	for _, row := range rows {
		if diff := cmp.Diff(want[face.IndexKey{Watchlist: row.Watchlist, Face: row.Face}], row.Vector); diff != "" {
			t.Errorf("vector (-want +got):\n%s", diff)
		}
		if last := changes[len(changes)-1].Seq; row.Version != last {
			t.Errorf("version %d, want %d, the last number", row.Version, last)
		}
	}
	if rows, err := r.IndexRows(t.Context(), "other@1", keys); err != nil || len(rows) > 0 {
		t.Errorf("under another label: %d rows (%v), want none", len(rows), err)
	}
}

func TestUnderWay(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			create(t, r, "staff", "guests")
			under := func(want ...face.IndexOp) {
				t.Helper()
				since, err := r.Clock(t.Context())
				must(t, err)
				for range 2 {
					changes, err := r.UnderWay(t.Context(), since)
					must(t, err)
					got := make([]face.IndexOp, len(changes))
					for i, c := range changes {
						got[i] = c.Op
					}
					slices.Sort(got)
					if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
						t.Errorf("under way (-want +got):\n%s", diff)
					}
					applyAll(t, r) // since then
				}
			}
			under()
			enrol(t, r, "ann", []string{"staff", "guests"}, 1)
			under(face.IndexPut, face.IndexPut)
			under()
			must(t, r.DeleteWatchlist(t.Context(), "guests", epoch))
			must(t, r.DeleteMember(t.Context(), "ann", epoch))
			under(face.IndexDrop, face.IndexRemove)
			under()
		})
	}
}

// TestNumberAbove holds that numbers skip ahead when told to, and never go back.
func TestNumberAbove(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			create(t, r, "staff")
			must(t, r.NumberAbove(t.Context(), 40))
			enrol(t, r, "ann", []string{"staff"}, 1)
			must(t, r.NumberAbove(t.Context(), 30))
			enrol(t, r, "bo", []string{"staff"}, 1)
			must(t, r.NumberAbove(t.Context(), 50))
			enrol(t, r, "cy", []string{"staff"}, 1)
			changes, err := r.Changes(t.Context(), 0, 100)
			must(t, err)
			if diff := cmp.Diff([]int64{41, 42, 51}, numbers(changes)); diff != "" {
				t.Errorf("numbers (-want +got):\n%s", diff)
			}
		})
	}
}
