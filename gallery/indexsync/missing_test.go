package indexsync

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// quietOutbox is the outbox of a gallery that nobody writes. Reading its tail gives
// what the script says.
type quietOutbox struct{ scriptedTail }

func (*quietOutbox) AllTemplates(context.Context, int, func(face.TemplateLabel, []face.IndexRow) error) (int64, error) {
	return 0, nil
}

func (*quietOutbox) ApplyChanges(context.Context, int, []uuid.UUID,
	func(ctx context.Context, changes []face.IndexChange) (applied []int64, err error),
) (int, error) {
	return 0, nil
}

func (*quietOutbox) ScanTemplates(context.Context, face.TemplateLabel, []uuid.UUID, int, func([]face.IndexRow) error) error {
	return nil
}

func (*quietOutbox) RowsAtMost(context.Context, int) (bool, error) { return true, nil }

func (*quietOutbox) Alone(ctx context.Context, _ string, do func(context.Context) error) (bool, error) {
	return true, do(ctx)
}

func (*quietOutbox) ForgetApplied(context.Context, time.Duration) error { return nil }

// TestMissingIsSearched holds that a row that is found missing is searched beside
// the index until the index shows it, unless it is removed meanwhile; here the
// index never does.
func TestMissingIsSearched(t *testing.T) {
	t.Parallel()
	const bound = 15 * time.Second
	removal := remove("W", "a")
	removal.Seq = 8
	for _, tt := range []struct {
		name    string
		removed bool
		after   time.Duration
		want    int
	}{
		{"at once", false, time.Second, 1},
		{"before the index shows it", false, bound - time.Second, 1},
		{"when the index surely shows it", false, bound + 2*time.Second, 0},
		{"removed since", true, time.Second, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				outbox := &quietOutbox{}
				empty := func() Searcher { return &rowsOnly{rows: map[face.IndexKey]face.IndexRow{}} }
				s, err := NewShared(outbox, empty(), SharedConfig{
					Bound: bound, NewIndex: empty,
					Count: func(context.Context) (Counts, error) {
						return Counts{Want: map[face.TemplateLabel]int{"L": 1}, Have: map[face.TemplateLabel]int{"L": 1}}, nil
					},
					Mend: func(ctx context.Context, _ bool, missing MissingFunc) (Drift, error) {
						row := face.IndexRow{Watchlist: id("W"), Member: id("m"), Face: id("a"), Vector: unitVector("a"), Version: 7}
						return Drift{Rows: 1, Missing: 1, Duplicate: 1}, missing(ctx, "L", []face.IndexRow{row})
					},
				})
				if err != nil {
					t.Fatal(err)
				}
				ctx, stop := context.WithCancel(t.Context())
				go func() { _ = s.Run(ctx) }()
				time.Sleep(tt.after)
				synctest.Wait()
				if tt.removed {
					outbox.readings = [][]taken{{{removal, -1}}}
				}
				hits, err := s.Search(t.Context(), face.IndexQuery{Label: "L", Vector: unitVector("a"), Limit: 1})
				if err != nil || len(hits) != tt.want {
					t.Errorf("Search = %v, %v; want %d hits", hits, err, tt.want)
				}
				stop()
				synctest.Wait()
			})
		})
	}
}
