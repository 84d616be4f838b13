package repository

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// bound is the staleness bound of these tests: nothing outlives it here.
const bound = time.Hour

// numbers returns the numbers of changes.
func numbers(changes []face.IndexChange) []int64 {
	out := make([]int64, len(changes))
	for i, c := range changes {
		out[i] = c.Seq
	}
	return out
}

// applyAll applies everything, and returns what was given to apply.
func applyAll(t *testing.T, r *Repository) (all []face.IndexChange) {
	t.Helper()
	for {
		n, err := r.ApplyChanges(t.Context(), 100, nil, func(_ context.Context, changes []face.IndexChange) ([]int64, error) {
			all = append(all, changes...)
			return numbers(changes), nil
		})
		must(t, err)
		if n == 0 {
			return all
		}
	}
}

func TestApplyChanges(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			create(t, r, "staff", "guests")
			enrol(t, r, "ann", []string{"staff", "guests"}, 2)
			want, err := r.Changes(t.Context(), 0, 100)
			must(t, err)
			if n, oldest, err := r.Backlog(t.Context()); n != 4 || !oldest.Equal(epoch) || err != nil {
				t.Errorf("Backlog = %d since %v (%v), want 4 since %v", n, oldest, err, epoch)
			}
			got := applyAll(t, r)
			if diff := cmp.Diff(want, got); diff != "" || got[0].Vector == nil {
				t.Errorf("given to apply (-want +got):\n%s", diff)
			}
			if n, oldest, err := r.Backlog(t.Context()); n != 0 || !oldest.IsZero() || err != nil {
				t.Errorf("Backlog = %d since %v (%v), want nothing", n, oldest, err)
			}
			must(t, r.ForgetApplied(t.Context(), bound))
			if n := counts(t, r)["outbox"]; n != 4 {
				t.Errorf("%d changes are kept within the bound, want 4", n)
			}
			must(t, r.ForgetApplied(t.Context(), -bound)) // all were applied before that
			if n := counts(t, r)["outbox"]; n != 0 {
				t.Errorf("%d changes are kept, want none", n)
			}
		})
	}
}

// TestApplyChangesInPart fails in the middle: what was applied is noted, and what
// comes after a failure in its watchlist is not.
func TestApplyChangesInPart(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			lists := create(t, r, "staff", "guests")
			enrol(t, r, "ann", []string{"staff", "guests"}, 3) // staff 1 2 3, guests 4 5 6
			fault := errors.New("the index is away")
			n, err := r.ApplyChanges(t.Context(), 5, nil, func(_ context.Context, changes []face.IndexChange) ([]int64, error) {
				if len(changes) != 5 {
					t.Errorf("%d changes, want 5", len(changes))
				}
				return []int64{changes[0].Seq, changes[2].Seq, changes[3].Seq, 6, 1 << 40}, fault
			})
			if n != 2 || !errors.Is(err, fault) {
				t.Errorf("ApplyChanges = %d, %v, want 2 and the fault", n, err)
			}
			n, err = r.ApplyChanges(t.Context(), 5, []uuid.UUID{lists[0].UID}, func(_ context.Context, changes []face.IndexChange) ([]int64, error) {
				if diff := cmp.Diff([]int64{5, 6}, numbers(changes)); diff != "" {
					t.Errorf("without a watchlist (-want +got):\n%s", diff)
				}
				return nil, nil
			})
			if n != 0 || err != nil {
				t.Errorf("ApplyChanges = %d, %v, want nothing", n, err)
			}
			if diff := cmp.Diff([]int64{2, 3, 5, 6}, numbers(applyAll(t, r))); diff != "" {
				t.Errorf("given out again (-want +got):\n%s", diff)
			}
		})
	}
}

// TestApplyChangesThoughCallerLeaves notes what is applied, also for a caller that
// goes away meanwhile.
func TestApplyChangesThoughCallerLeaves(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			create(t, r, "staff")
			enrol(t, r, "ann", []string{"staff"}, 1)
			ctx, leave := context.WithCancel(t.Context())
			n, err := r.ApplyChanges(ctx, 5, nil, func(ctx context.Context, changes []face.IndexChange) ([]int64, error) {
				if _, ok := ctx.Deadline(); !ok {
					t.Error("there is no end to applying")
				}
				leave()
				return numbers(changes), nil
			})
			if n != 1 || err != nil || len(applyAll(t, r)) != 0 {
				t.Errorf("ApplyChanges = %d, %v, want 1, which is not given out again", n, err)
			}
		})
	}
}

// TestApplyChangesAlone holds that a watchlist is in one hand at a time.
func TestApplyChangesAlone(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			create(t, r, "staff")
			enrol(t, r, "ann", []string{"staff"}, 1)
			_, err := r.ApplyChanges(t.Context(), 1, nil, func(context.Context, []face.IndexChange) ([]int64, error) {
				enrol(t, r, "bob", []string{"staff"}, 1) // writers go on
				if got := applyAll(t, r); len(got) != 0 {
					t.Errorf("meanwhile, another gets %d changes", len(got))
				}
				return nil, nil
			})
			must(t, err)
			if got := applyAll(t, r); len(got) != 2 {
				t.Errorf("afterwards, another gets %d changes, want 2", len(got))
			}
		})
	}
}

// overlay is what a reader knows by its tail.
type overlay struct {
	r       *Repository
	bound   time.Duration
	next    string
	wholes  int
	given   int
	changes map[int64]string
}

// read reads on, and returns what is known then.
func (o *overlay) read(t *testing.T) map[int64]string {
	t.Helper()
	fresh := map[int64]string{}
	next, whole, err := o.r.Tail(t.Context(), o.next, o.bound, func(c face.IndexChange, age time.Duration) {
		state := "waiting"
		if age >= 0 {
			state = "applied"
		}
		fresh[c.Seq] = fmt.Sprint(c.Op, " ", len(c.Vector), " ", state)
		o.given++
	})
	must(t, err)
	if o.next = next; whole {
		o.wholes++
		o.changes = map[int64]string{}
	}
	maps.Copy(o.changes, fresh)
	return o.changes
}

func TestTail(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			o := &overlay{r: r, bound: bound}
			create(t, r, "staff")
			want := map[int64]string{}
			expect := func(when string) {
				t.Helper()
				if diff := cmp.Diff(want, o.read(t)); diff != "" {
					t.Fatalf("%s (-want +got):\n%s", when, diff)
				}
			}
			expect("at first")
			enrol(t, r, "ann", []string{"staff"}, 2)
			want[1], want[2] = "put 3 waiting", "put 3 waiting"
			expect("after an enrolment")
			expect("again")
			must(t, r.Unlink(t.Context(), "staff", []string{"ann"}, epoch))
			want[3], want[4] = "remove 0 waiting", "remove 0 waiting"
			expect("after an unlink")
			applyAll(t, r)
			want = map[int64]string{1: "put 3 applied", 2: "put 3 applied", 3: "remove 0 applied", 4: "remove 0 applied"}
			expect("after the application")
			must(t, r.DeleteWatchlist(t.Context(), "staff", epoch))
			want[5] = "drop 0 waiting"
			expect("after a deletion")
			late := &overlay{r: r}
			if diff := cmp.Diff(map[int64]string{5: "drop 0 waiting"}, late.read(t)); diff != "" {
				t.Errorf("for a reader to whom what is applied is old (-want +got):\n%s", diff)
			}
			if r.write.Name() == "postgres" && (o.wholes != 1 || o.given != 9) {
				t.Errorf("%d changes were given, in %d whole tails, want each once as it was made and applied", o.given, o.wholes)
			}
		})
	}
}

func TestInOrder(t *testing.T) {
	t.Parallel()
	a, b := uuid.New(), uuid.New()
	changes := make([]face.IndexChange, 5)
	for i, w := range []uuid.UUID{a, b, a, b, a} {
		changes[i] = face.IndexChange{Seq: int64(i + 1), Watchlist: w}
	}
	for _, tt := range []struct{ done, want []int64 }{
		{nil, []int64{}},
		{[]int64{5, 4, 3, 2, 1}, []int64{1, 2, 3, 4, 5}},
		{[]int64{1, 4, 5}, []int64{1}},
		{[]int64{2, 4, 5, 77}, []int64{2, 4}},
	} {
		if got := inOrder(changes, tt.done); !slices.Equal(got, tt.want) {
			t.Errorf("of %v, %v are in order, want %v", tt.done, got, tt.want)
		}
	}
}
