package indexsync

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/face"
)

// guarded is an index as its guard sees it. Its numbers agree, whatever is missing,
// because as many rows are there twice.
type guarded struct {
	rows    int
	missing int
	loses   chan int // if set, tells before a count how many more are missing
	lost    bool     // more rows are wanted than are there
	err     error
	checks  []time.Duration // when it was compared
	gently  []bool
	kept    int             // rows that are searched beside it
	takes   time.Duration   // that a count takes
	counts  []time.Duration // when one began
}

// watch runs a guard over an index until the context ends.
func watch(ctx context.Context, x *guarded) *guard {
	stats, begun := newGuardMetrics(), time.Now()
	g := &guard{
		every: 5 * time.Minute, bound: 15 * time.Second, now: time.Now, log: silence(), stats: &stats,
		count: func(context.Context) (Counts, error) {
			x.counts = append(x.counts, time.Since(begun))
			time.Sleep(x.takes)
			select {
			case n := <-x.loses:
				x.missing += n
			default:
			}
			have := x.rows
			if x.lost {
				have -= x.missing
			}
			return Counts{Want: map[face.TemplateLabel]int{"L": x.rows}, Have: map[face.TemplateLabel]int{"L": have}}, x.err
		},
		keep: func(_ context.Context, _ face.TemplateLabel, rows []face.IndexRow) error {
			x.kept += len(rows)
			return nil
		},
		mend: func(ctx context.Context, gently bool, missing MissingFunc) (Drift, error) {
			x.checks, x.gently = append(x.checks, time.Since(begun)), append(x.gently, gently)
			drift := Drift{Rows: x.rows, Missing: x.missing, Duplicate: x.missing}
			for range 2 {
				if err := missing(ctx, "L", make([]face.IndexRow, x.missing)); err != nil {
					return drift, err
				}
			}
			x.missing = 0
			return drift, nil
		},
	}
	go g.run(ctx)
	return g
}

// TestGuard follows a guard through the bad times of an index.
func TestGuard(t *testing.T) {
	t.Parallel()
	const minute = time.Minute
	tests := []struct {
		name        string
		index       guarded
		trustedAt   []time.Duration // looked at
		wantTrusted []bool
		wantChecks  []time.Duration
		wantGently  []bool
		wantKept    int
	}{
		{
			"whole", guarded{rows: 1000},
			[]time.Duration{time.Second, 11 * minute}, []bool{true, true},
			[]time.Duration{0, 5 * minute, 10 * minute}, []bool{true, true, true}, 0,
		},
		{
			"a few are missing and the numbers agree", guarded{rows: 100_000, missing: 1000},
			[]time.Duration{time.Second, 4 * minute}, []bool{true, true},
			[]time.Duration{0}, []bool{true}, 2000,
		},
		{
			"many are missing and the numbers agree", guarded{rows: 100_000, missing: 1001},
			[]time.Duration{time.Second, 14 * time.Second, 16 * time.Second}, []bool{false, false, true},
			[]time.Duration{0}, []bool{true}, 1001,
		},
		{
			"many are missing", guarded{rows: 100_000, missing: 5000, lost: true},
			[]time.Duration{time.Second, 14 * time.Second, 16 * time.Second}, []bool{false, false, true},
			[]time.Duration{0}, []bool{false}, 0,
		},
		{
			"away", guarded{rows: 10, err: face.Errorf(face.Unavailable, "away")},
			[]time.Duration{10 * minute}, []bool{false}, nil, nil, 0,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				x := tt.index
				ctx, stop := context.WithCancel(t.Context())
				g, begun := watch(ctx, &x), time.Now()
				for i, at := range tt.trustedAt {
					time.Sleep(at - time.Since(begun))
					synctest.Wait()
					if got := g.trusted.Load(); got != tt.wantTrusted[i] {
						t.Errorf("after %v: trusted = %t, want %t", at, got, tt.wantTrusted[i])
					}
				}
				stop()
				synctest.Wait()
				if diff := cmp.Diff(tt.wantChecks, x.checks); diff != "" {
					t.Errorf("compared at (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(tt.wantGently, x.gently); diff != "" {
					t.Errorf("gently (-want +got):\n%s", diff)
				}
				if x.kept != tt.wantKept {
					t.Errorf("%d rows are searched beside the index, want %d", x.kept, tt.wantKept)
				}
			})
		})
	}
}

// TestGuardCountsTwice holds that an index that was whole is compared when two
// counts in a row find rows missing, and not after one.
func TestGuardCountsTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		x := &guarded{rows: 1000, lost: true, loses: make(chan int, 1)}
		ctx, stop := context.WithCancel(t.Context())
		g := watch(ctx, x)
		time.Sleep(lookEvery + lookEvery/2)
		x.loses <- 5
		time.Sleep(lookEvery/2 + lookAgain + lookAgain/2)
		synctest.Wait()
		if diff := cmp.Diff([]time.Duration{0, 2*lookEvery + lookAgain}, x.checks); diff != "" {
			t.Errorf("compared at (-want +got):\n%s", diff)
		}
		if !g.trusted.Load() || x.kept != 10 {
			t.Errorf("trusted = %t with %d rows kept, want true and 10", g.trusted.Load(), x.kept)
		}
		stop()
		synctest.Wait()
	})
}

// TestGuardRests holds that a large gallery is not counted without end.
func TestGuardRests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		x := &guarded{rows: 1000, takes: 10 * time.Second}
		ctx, stop := context.WithCancel(t.Context())
		watch(ctx, x)
		time.Sleep(500 * time.Second)
		stop()
		synctest.Wait()
		if diff := cmp.Diff([]time.Duration{0, 210 * time.Second, 420 * time.Second}, x.counts); diff != "" {
			t.Errorf("counted at (-want +got):\n%s", diff)
		}
	})
}
