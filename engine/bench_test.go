package engine_test

import (
	"fmt"
	"image"
	"image/draw"
	"syscall"
	"testing"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/enginetest"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/engine/picture"
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

// What a search asks of the engine for one face of a picture of 0.8 megapixels,
// with every feature and with none. Age and gender are told by both. The first
// may cost 2.2 times the second at most.
func BenchmarkSearchFeatures(b *testing.B) {
	e := newEngine(b, models.Standard, engine.Config{Picture: picture.Config{Library: above(b, "lib/libturbojpeg.so.0")}})
	m := decodeJPEG(b, read(b, "docs/portraits/obama.jpg"))
	data := encodeJPEG(b, scaledTo(m, m.Bounds(), 800, 1000))
	none := wireDefaults()
	none.Age, none.Gender = true, true
	every := none
	every.Mask, every.NoseTip, every.Pose, every.Sharpness, every.Brightness = true, true, true, true, true
	checked := every
	checked.Contrast, checked.Levels = true, true // as the conditions of the nearby check need
	checked.Liveness = []face.LivenessCheck{{Kind: face.Distant}, {Kind: face.Nearby}}
	for _, bb := range []struct {
		name string
		opts face.InspectOptions
	}{{"none", none}, {"all", every}, {"all and liveness", checked}} {
		b.Run(bb.name, func(b *testing.B) {
			before := enginetest.ProcessorTime(b, syscall.RUSAGE_SELF)
			for b.Loop() {
				if got := inspect(b, e, data, bb.opts); len(got.Faces) != 1 {
					b.Fatalf("got %d faces, want 1", len(got.Faces))
				}
			}
			b.ReportMetric((enginetest.ProcessorTime(b, syscall.RUSAGE_SELF)-before).Seconds()*1e3/float64(b.N), "cpu-ms")
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

// Eight faces of one picture, by how many of them a model sees in one run.
func BenchmarkFacesPerRun(b *testing.B) {
	data := read(b, "docs/portraits/obama.jpg")
	portrait := decodeJPEG(b, data)
	canvas := image.NewRGBA(image.Rect(0, 0, 4*288, 2*360))
	for n := range 8 {
		at := image.Pt(n%4*288, n/4*360)
		draw.Draw(canvas, image.Rectangle{at, at.Add(image.Pt(288, 360))}, scaledTo(portrait, portrait.Bounds(), 288, 360), image.Point{}, draw.Src)
	}
	eight := encodeJPEG(b, canvas)
	e := newEngine(b, models.Standard, engine.Config{Picture: picture.Config{Library: above(b, "lib/libturbojpeg.so.0")}})
	searched := wireDefaults()
	searched.Age, searched.Gender = true, true
	every := searched
	every.Mask, every.NoseTip, every.Eyes, every.Pose = true, true, true, true
	every.Liveness = []face.LivenessCheck{{Kind: face.Distant}}
	for name, opts := range map[string]face.InspectOptions{"search": searched, "all": every} {
		for _, n := range []int{1, 2, 4, 8} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				e.SetFacesPerRun(n)
				before := enginetest.ProcessorTime(b, syscall.RUSAGE_SELF)
				for b.Loop() {
					if got := inspect(b, e, eight, opts); len(got.Faces) != 8 {
						b.Fatalf("got %d faces, want 8", len(got.Faces))
					}
				}
				b.ReportMetric((enginetest.ProcessorTime(b, syscall.RUSAGE_SELF)-before).Seconds()*1e3/float64(b.N)/8, "cpu-ms/face")
			})
		}
	}
}
