package repository

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// enrolVectors stores a member with a face for each vector; the faces of even
// numbers have a template of another label besides.
func enrolVectors(t *testing.T, r *Repository, id string, lists []string, vectors ...[]float32) {
	t.Helper()
	m := newMember(t, id)
	all := make([]face.Enrolled, len(vectors))
	for i, v := range vectors {
		all[i] = newFace(t, m)
		all[i].Templates = []face.Template{{Label: testLabel, Vector: v}}
		if i%2 == 0 {
			all[i].Templates = append(all[i].Templates, face.Template{Label: "other@1", Vector: []float32{1}})
		}
	}
	if _, err := r.Enrol(t.Context(), m, lists, all); err != nil {
		t.Fatal(err)
	}
}

// unit returns a vector of its own for each number.
func unit(n int) []float32 {
	sin, cos := math.Sincos(float64(n))
	return []float32{float32(cos), float32(sin)}
}

// scan returns the rows that ScanTemplates gives, as text.
func scan(t *testing.T, r *Repository, label face.TemplateLabel, lists []uuid.UUID, size int) []string {
	t.Helper()
	var out []string
	err := r.ScanTemplates(t.Context(), label, lists, size, func(rows []face.IndexRow) error {
		if len(rows) == 0 || len(rows) > size {
			t.Errorf("a batch of %d rows, want 1 to %d", len(rows), size)
		}
		for _, row := range rows {
			out = append(out, fmt.Sprint(row))
		}
		clear(rows[0].Vector) // it is used again
		return nil
	})
	if err != nil {
		t.Errorf("ScanTemplates: %v", err)
	}
	slices.Sort(out)
	return out
}

// TestScanTemplates holds the scan to what AllTemplates gives.
func TestScanTemplates(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			lists := create(t, r, "staff", "guests", "empty")
			for i := range 12 {
				enrolVectors(t, r, fmt.Sprint("m", i), [][]string{{"staff"}, {"guests"}, {"staff", "guests"}}[i%3], unit(i), unit(100+i), unit(200+i))
			}
			many := make([]uuid.UUID, 3*maxBound)
			for i := range many {
				many[i] = newID(t)
			}
			many[5], many[2*maxBound], many[2*maxBound+1] = lists[0].UID, lists[1].UID, lists[1].UID
			for name, asked := range map[string][]uuid.UUID{
				"all": nil, "one": {lists[0].UID}, "two, one of them twice": {lists[1].UID, lists[0].UID, lists[1].UID},
				"none in it": {lists[2].UID}, "unknown": {newID(t)}, "more than one query takes": many,
			} {
				want := rowsOf(t, r, testLabel, asked)
				for _, size := range []int{1, 7, 1000} {
					if diff := cmp.Diff(want, scan(t, r, testLabel, asked, size)); diff != "" {
						t.Errorf("%s by %d (-want +got):\n%s", name, size, diff)
					}
				}
			}
			full := face.Errorf(face.Unavailable, "no more")
			if err := r.ScanTemplates(t.Context(), testLabel, nil, 10, func([]face.IndexRow) error { return full }); face.MessageOf(err) != full.Msg {
				t.Errorf("ScanTemplates = %v, want the error of its reader", err)
			}
		})
	}
}

// rowsOf returns the rows of a label in watchlists by AllTemplates, as text.
func rowsOf(t *testing.T, r *Repository, label face.TemplateLabel, lists []uuid.UUID) []string {
	t.Helper()
	var out []string
	_, err := r.AllTemplates(t.Context(), 100, func(l face.TemplateLabel, rows []face.IndexRow) error {
		for _, row := range rows {
			if l == label && (lists == nil || slices.Contains(lists, row.Watchlist)) {
				row.Version = 0 // a scan does not read it
				out = append(out, fmt.Sprint(row))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

func TestVectors(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			create(t, r, "staff")
			enrolVectors(t, r, "ann", []string{"staff"}, unit(1), unit(2))
			want, asked := map[uuid.UUID][]float32{}, []uuid.UUID{newID(t)}
			_, err := r.AllTemplates(t.Context(), 10, func(l face.TemplateLabel, rows []face.IndexRow) error {
				for _, row := range rows {
					if asked = append(asked, row.Face, row.Face); l == testLabel {
						want[row.Face] = row.Vector
					}
				}
				return nil
			})
			must(t, err)
			got, err := r.Vectors(t.Context(), testLabel, asked)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("Vectors (%v) (-want +got):\n%s", err, diff)
			}
			for limit, want := range map[int]bool{0: false, 2: false, 3: true, 1000: true} { // two faces, one of them with two labels
				if got, err := r.RowsAtMost(t.Context(), limit); got != want || err != nil {
					t.Errorf("RowsAtMost(%d) = %t (%v), want %t", limit, got, err, want)
				}
			}
		})
	}
}
