package gallery_test

import (
	"fmt"
	"testing"

	"github.com/facekeep/facekeep/gallery"
)

func BenchmarkEnrol(b *testing.B) {
	s := open(b, b.TempDir())
	s.list(b, "staff")
	i := 0
	for b.Loop() {
		name := fmt.Sprintf("member-%d", i)
		s.enrol(b, name, []string{"staff"}, name)
		i++
	}
}

func BenchmarkEnrolParallel(b *testing.B) {
	s := open(b, b.TempDir())
	s.list(b, "staff")
	names := make(chan string)
	go func() {
		for i := 0; ; i++ {
			select {
			case names <- fmt.Sprintf("member-%d", i):
			case <-b.Context().Done():
				return
			}
		}
	}()
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			name := <-names
			if _, err := s.Enrol(b.Context(), enrolment(name, []string{"staff"}, name)); err != nil {
				b.Error(err)
			}
		}
	})
}

// BenchmarkIdentify searches one watchlist of 10,000 faces.
func BenchmarkIdentify(b *testing.B) {
	s := open(b, b.TempDir())
	s.list(b, "staff")
	const people, pictures = 1000, 10
	for i := range people {
		files := make([]string, pictures)
		for j := range files {
			files[j] = fmt.Sprintf("member-%d#%d", i, j)
		}
		s.enrol(b, fmt.Sprintf("member-%d", i), []string{"staff"}, files...)
	}
	q := gallery.IdentifyQuery{Image: []byte("member-500#probe"), MinScore: 40, MaxCandidates: 10}
	b.ResetTimer()
	for b.Loop() {
		faces, err := s.Identify(b.Context(), q)
		if err != nil || len(faces[0].Candidates) == 0 {
			b.Fatal(faces, err)
		}
	}
}
