package engine_test

import (
	"testing"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/face"
)

func BenchmarkInspect(b *testing.B) {
	e := newEngine(b, models.Standard, engine.Config{})
	benchmarks := []struct {
		name, file string
		opts       face.InspectOptions
	}{
		{"locate", "docs/portraits/obama.jpg", face.InspectOptions{MinFaceSize: 35}},
		{"identify", "docs/portraits/obama.jpg", wireDefaults()},
		{"enrol", "docs/portraits/obama.jpg", all()},
		{"large", "shared/images/people/alice_1.jpg", wireDefaults()},
		{"group", "shared/images/people/six_people.jpg", wireDefaults()},
	}
	for _, bb := range benchmarks {
		b.Run(bb.name, func(b *testing.B) {
			data := read(b, bb.file)
			b.ReportAllocs()
			for b.Loop() {
				inspect(b, e, data, bb.opts)
			}
		})
	}
}

// All workers busy: what a server does under load.
func BenchmarkInspectParallel(b *testing.B) {
	e := newEngine(b, models.Standard, engine.Config{})
	data := read(b, "docs/portraits/obama.jpg")
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			inspect(b, e, data, wireDefaults())
		}
	})
}
