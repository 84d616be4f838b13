package repository

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// BenchmarkEnrol measures one enrolment of one face with a picture of 10 kB and a
// template of 512 floats, alone and by eight at a time.
func BenchmarkEnrol(b *testing.B) {
	for _, kind := range databases {
		for _, writers := range []int{1, 4} {
			b.Run(fmt.Sprintf("%s/writers=%d", kind, 2*writers), func(b *testing.B) {
				r := openKind(b, kind)
				create(b, r, "staff")
				b.SetParallelism(writers)
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						enrolLarge(b, r)
					}
				})
			})
		}
		b.Run(kind+"/writers=1", func(b *testing.B) {
			r := openKind(b, kind)
			create(b, r, "staff")
			took := make([]time.Duration, 0, b.N)
			for b.Loop() {
				start := time.Now()
				enrolLarge(b, r)
				took = append(took, time.Since(start))
			}
			quantiles(b, took)
		})
	}
}

func enrolLarge(b *testing.B, r *Repository) {
	b.Helper()
	m := newMember(b, uuid.NewString())
	f := newFace(b, m)
	f.Image.Data, f.Templates[0].Vector = make([]byte, 10_000), make([]float32, 512)
	if _, err := r.Enrol(b.Context(), m, []string{"staff"}, []face.Enrolled{f}); err != nil {
		b.Error(err)
	}
}

// quantiles reports the median and the 99th percentile.
func quantiles(b *testing.B, took []time.Duration) {
	b.Helper()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkTail measures what a search pays to know of fresh changes: going on
// when nothing has changed, with so many fresh ones known; and beginning anew.
func BenchmarkTail(b *testing.B) {
	for _, fresh := range []int{0, 1000, 100_000} {
		r := openKind(b, "postgres")
		create(b, r, "staff")
		fillOutbox(b, r, fresh)
		given := 0
		take := func(face.IndexChange, time.Duration) { given++ }
		next, _, err := r.Tail(b.Context(), "", bound, take)
		if err != nil || given != fresh {
			b.Fatalf("%d changes (%v), want %d", given, err, fresh)
		}
		b.Run(fmt.Sprintf("known=%d/new=0", fresh), func(b *testing.B) {
			took := make([]time.Duration, 0, 1000)
			for b.Loop() {
				start := time.Now()
				next, _, err = r.Tail(b.Context(), next, bound, take)
				must(b, err)
				took = append(took, time.Since(start))
			}
			quantiles(b, took)
		})
		b.Run(fmt.Sprintf("known=%d/new=1", fresh), func(b *testing.B) {
			took := make([]time.Duration, 0, 1000)
			for b.Loop() {
				b.StopTimer()
				must(b, noteDrop(r.write, key(uuid.New()), epoch))
				b.StartTimer()
				start := time.Now()
				next, _, err = r.Tail(b.Context(), next, bound, take)
				must(b, err)
				took = append(took, time.Since(start))
			}
			quantiles(b, took)
		})
		b.Run(fmt.Sprintf("known=0/new=%d", fresh), func(b *testing.B) {
			for b.Loop() {
				if _, _, err := r.Tail(b.Context(), "", bound, take); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkTailHeldBack goes on, with nothing new, while a transaction is open that
// is older than so many fresh changes: all of them have to be looked at.
func BenchmarkTailHeldBack(b *testing.B) {
	r := openKind(b, "postgres")
	create(b, r, "staff")
	old := r.write.Begin()
	must(b, old.Exec("UPDATE watchlists SET threshold = threshold").Error)
	fillOutbox(b, r, 100_000)
	next, _, err := r.Tail(b.Context(), "", bound, func(face.IndexChange, time.Duration) {})
	for b.Loop() {
		must(b, err)
		next, _, err = r.Tail(b.Context(), next, bound, func(face.IndexChange, time.Duration) {})
	}
	must(b, old.Rollback().Error)
}

// fillOutbox makes so many faces with templates of 512 floats, each with a put.
func fillOutbox(b *testing.B, r *Repository, n int) {
	b.Helper()
	const vector = "decode(repeat('0000803f', 512), 'hex')"
	for _, statement := range []string{
		fmt.Sprintf("CREATE TABLE ids AS SELECT gen_random_uuid() AS id FROM generate_series(1, %d)", n),
		"INSERT INTO members (uid, id, created_at) SELECT id, id::text, 1 FROM ids",
		"INSERT INTO images SELECT id, 'image/jpeg', 1, 1, '', 1 FROM ids",
		"INSERT INTO faces SELECT id, id, id, id, id, 1, 1, '{}', 1, 1, 1, 1, 1, '{}', 1, NULL FROM ids",
		"INSERT INTO templates SELECT id, 'test@1', " + vector + ", 1 FROM ids",
		"INSERT INTO outbox (op, watchlist_uid, member_uid, face_id, label, created_at) SELECT 'put', gen_random_uuid(), id, id, 'test@1', 1 FROM ids",
	} {
		must(b, r.write.Exec(statement).Error)
	}
}

// BenchmarkResolve measures what a search asks of the database when the index has
// named ten people.
func BenchmarkResolve(b *testing.B) {
	for _, kind := range databases {
		b.Run(kind, func(b *testing.B) {
			r := openKind(b, kind)
			list := create(b, r, "staff")[0]
			hits := make([]face.Hit, 1000)
			for i := range hits {
				m, faces := enrol(b, r, fmt.Sprint("m", i), []string{"staff"}, 1)
				hits[i] = face.Hit{Watchlist: list.UID, Member: m.UID, Face: faces[0].Face.ID}
			}
			took := make([]time.Duration, 0, 1000)
			for n := 0; b.Loop(); n++ {
				begin := n * 10 % len(hits)
				start := time.Now()
				found, err := r.Resolve(b.Context(), hits[begin:begin+10])
				took = append(took, time.Since(start))
				if err != nil || len(found) != 10 {
					b.Fatalf("Resolve found %d (%v), want 10", len(found), err)
				}
			}
			quantiles(b, took)
		})
	}
}
