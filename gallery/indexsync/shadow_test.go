package indexsync

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/facekeep/facekeep/face"
)

// shadowCounts returns the counters of shadow searches that are not zero.
func shadowCounts(t *testing.T, reg *prometheus.Registry) map[string]float64 {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, f := range families {
		name, ok := strings.CutPrefix(f.GetName(), "facekeep_index_shadow_")
		if !ok {
			continue
		}
		for _, m := range f.GetMetric() {
			key := strings.TrimSuffix(strings.TrimSuffix(name, "total"), "_")
			for _, l := range m.GetLabel() {
				key += " " + l.GetValue()
			}
			if v := m.GetCounter().GetValue(); v != 0 {
				out[key] = v
			}
		}
	}
	return out
}

// TestShadow lets an index hide rows that are known, and wants exactly the recall
// that this leaves.
func TestShadow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reg := prometheus.NewRegistry()
		s, db, index := newSystem(t, 60, func(c *SharedConfig) { c.ShadowRate, c.Metrics = 1, reg })
		defer running(t, s)()
		synctest.Wait()
		for _, n := range []int{4, 7, 11} {
			index.hidden[db.rows[n].Face] = true
		}
		search := func(v []float32) {
			q := face.IndexQuery{Label: scanLabel, Vector: v, Limit: 1, MinCosine: 0.999, Skip: func(face.IndexKey) bool { return false }}
			if _, err := s.Search(t.Context(), q); err != nil {
				t.Error(err)
			}
			synctest.Wait()
		}
		for n := range 20 {
			search(db.rows[n].Vector) // finds row n, or nobody
		}
		search([]float32{1, 0, 0, 0, 0, 0, 0, 0}) // finds nobody, and there is nobody
		want := map[string]float64{"": 21, "wanted 1": 20, "right 1": 17, "wanted 10": 20, "right 10": 17}
		if diff := cmp.Diff(want, shadowCounts(t, reg)); diff != "" {
			t.Errorf("single matches (-want +got):\n%s", diff)
		}
	})
}

// TestShadowOfMany hides three of the ten nearest, the first not among them.
func TestShadowOfMany(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reg := prometheus.NewRegistry()
		s, db, index := newSystem(t, 60, func(c *SharedConfig) { c.ShadowRate, c.Metrics = 1, reg })
		defer running(t, s)()
		q := face.IndexQuery{Label: scanLabel, Vector: db.rows[30].Vector, Limit: 10, MinCosine: -1}
		truth, err := index.Index.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range []int{1, 4, 8} {
			for _, r := range db.rows {
				if r.Member == truth[i].Member && r.Watchlist == truth[i].Watchlist {
					index.hidden[r.Face] = true
				}
			}
		}
		synctest.Wait()
		if _, err := s.Search(t.Context(), q); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		want := map[string]float64{"": 1, "wanted 1": 1, "right 1": 1, "wanted 10": 10, "right 10": 7}
		if diff := cmp.Diff(want, shadowCounts(t, reg)); diff != "" {
			t.Errorf("counts (-want +got):\n%s", diff)
		}
	})
}

// TestShadowLeavesWritesOut holds that what was put or removed between a search and
// its repetition is no miss, and that an old search is not compared.
func TestShadowLeavesWritesOut(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		op   face.IndexOp
		age  time.Duration // of its application
		wait time.Duration // before the scan stands
		want map[string]float64
	}{
		{"put and not applied", face.IndexPut, -1, time.Second, map[string]float64{"skipped changed": 1}},
		{"put and applied", face.IndexPut, time.Second, time.Second, map[string]float64{"skipped changed": 1}},
		{"removed", face.IndexRemove, -1, time.Second, map[string]float64{"skipped changed": 1}},
		{"its watchlist dropped", face.IndexDrop, -1, time.Second, map[string]float64{"skipped changed": 1}},
		{"too late", "", 0, 16 * time.Second, map[string]float64{"skipped late": 1}},
		{"in time", "", 0, 14 * time.Second, map[string]float64{"": 1, "wanted 1": 1, "right 1": 1, "wanted 10": 1, "right 10": 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				reg := prometheus.NewRegistry()
				s, db, _ := newSystem(t, 10, func(c *SharedConfig) { c.ShadowRate, c.Metrics = 1, reg })
				db.gate = make(chan struct{})
				defer running(t, s)()
				synctest.Wait()
				r := db.rows[2]
				if _, err := s.Search(t.Context(), face.IndexQuery{Label: scanLabel, Vector: r.Vector, Limit: 1, MinCosine: 0.9}); err != nil {
					t.Fatal(err)
				}
				time.Sleep(tt.wait) // bubble time
				if tt.op != "" {
					db.tell(tt.age, face.IndexChange{Seq: 1, Op: tt.op, Watchlist: r.Watchlist, Member: r.Member, Face: r.Face, Label: scanLabel, Vector: r.Vector})
				}
				close(db.gate)
				synctest.Wait()
				if diff := cmp.Diff(tt.want, shadowCounts(t, reg)); diff != "" {
					t.Errorf("counts (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// TestShadowIsBounded holds that one search is repeated at a time, and none
// right after.
func TestShadowIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reg := prometheus.NewRegistry()
		s, db, _ := newSystem(t, 10, func(c *SharedConfig) { c.ShadowRate, c.Metrics = 1, reg })
		db.gate = make(chan struct{})
		stop := running(t, s)
		search := func() {
			start := time.Now()
			if _, err := s.Search(t.Context(), face.IndexQuery{Label: scanLabel, Vector: db.rows[2].Vector, Limit: 1, MinCosine: 0.9}); err != nil {
				t.Error(err)
			}
			if took := time.Since(start); took != 0 {
				t.Errorf("a search took %v, want no time: it waits for no scan", took)
			}
			synctest.Wait()
		}
		synctest.Wait()
		search() // is being repeated
		search()
		search()
		time.Sleep(2 * time.Second) // bubble time; so long the repetition takes
		close(db.gate)
		synctest.Wait()
		search()
		time.Sleep(restFor*2*time.Second - time.Millisecond) // bubble time
		search()
		if diff := cmp.Diff("1 compared, 4 busy, 1 scans", bounded(t, reg, db)); diff != "" {
			t.Errorf("within the time of rest: -want +got\n%s", diff)
		}
		time.Sleep(time.Millisecond) // bubble time
		synctest.Wait()
		db.gate = make(chan struct{})
		search()
		if diff := cmp.Diff("1 compared, 4 busy, 2 scans", bounded(t, reg, db)); diff != "" {
			t.Errorf("after the rest: -want +got\n%s", diff)
		}
		close(db.gate)
		stop()
	})
}

func bounded(t *testing.T, reg *prometheus.Registry, db *fakeDatabase) string {
	t.Helper()
	counts := shadowCounts(t, reg)
	return fmt.Sprintf("%v compared, %v busy, %d scans", counts[""], counts["skipped busy"], db.scans)
}
