package engine_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/face/eval"
)

// photographed returns the first four pictures of people of LFW who have as many.
func photographed(tb testing.TB, people int) [][]string {
	tb.Helper()
	dir := above(tb, "shared/lfw/images")
	if dir == "" {
		tb.Skip("no shared/lfw/images here")
	}
	names, err := os.ReadDir(dir)
	if err != nil {
		tb.Fatal(err)
	}
	var all [][]string
	for _, name := range names {
		files, err := filepath.Glob(filepath.Join(dir, name.Name(), "*.jpg"))
		if err != nil {
			tb.Fatal(err)
		}
		if len(files) < 4 || len(all) == people {
			continue
		}
		of := make([]string, 0, 4)
		for _, f := range files[:4] {
			of = append(of, "shared/lfw/images/"+name.Name()+"/"+filepath.Base(f))
		}
		all = append(all, of)
	}
	return all
}

// The pictures that are said to be bad are those that are not recognised: the more
// of them are left out, the lower is FNMR. The threshold is strict, so that few
// pictures give enough errors.
func TestQualityForetellsErrors(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("not in short mode")
	}
	e := newEngine(t, models.Standard, engine.Config{})
	var rated []eval.Rated
	for _, files := range photographed(t, 50) {
		templates := make([]*face.Template, 0, len(files))
		for _, f := range files {
			templates = append(templates, central(t, e, f))
		}
		for i, a := range templates {
			for _, b := range templates[i+1:] {
				rated = append(rated, eval.Rated{Cosine: cosine(a, b), Quality: float64(min(a.Quality, b.Quality))})
			}
		}
	}
	const threshold = 0.512 // FMR 1e-6
	d := eval.NewDiscard(rated, threshold)
	last := d.FNMR(0)
	for _, part := range []float64{0.1, 0.2, 0.3} {
		got := d.FNMR(part)
		if got >= last {
			t.Errorf("of %d pairs, %v left out: got FNMR %.4f, want less than the %.4f before", d.Total(), part, got, last)
		}
		last = got
	}
	if first := d.FNMR(0); last > 0.6*first {
		t.Errorf("got FNMR %.4f without the worst 30 %%, want much less than %.4f", last, first)
	}
}

// Both qualities say the same on their scales, and less of a picture that has lost
// its detail. Without a template there is a quality all the same.
func TestQualityOfAPortrait(t *testing.T) {
	t.Parallel()
	for _, pack := range []models.Pack{models.Standard, models.Registry} {
		t.Run(string(pack), func(t *testing.T) {
			t.Parallel()
			e := newEngine(t, pack, engine.Config{})
			data := read(t, "docs/portraits/obama.jpg")
			good := only(t, e, data, face.InspectOptions{Templates: true})
			m := decodeJPEG(t, data)
			k := 7 / good.Size
			tiny := scaledTo(m, m.Bounds(), int(k*576), int(k*720))
			bad := only(t, e, encodePNG(t, scaledTo(tiny, tiny.Bounds(), 576, 720)), face.InspectOptions{Templates: true, MaxFaces: 1})
			if good.Quality < 5000 || bad.Quality > good.Quality-1500 {
				t.Errorf("got quality %d, and %d at a size of 7 px: want a good one and a bad one", good.Quality, bad.Quality)
			}
			for _, f := range []face.Inspected{good, bad} {
				if off := float64(f.TemplateQuality)/255 - float64(f.Quality)/10000; math.Abs(off) > 0.003 || f.Template.Quality != f.TemplateQuality {
					t.Errorf("got template quality %d and %d, quality %d: want the same on their scales", f.TemplateQuality, f.Template.Quality, f.Quality)
				}
			}
			located := only(t, e, data, face.InspectOptions{})
			if want := 6500 * located.Confidence; math.Abs(float64(located.Quality)-want) > 1 || located.TemplateQuality != 0 {
				t.Errorf("without a template: got quality %d and %d, want %.0f and 0", located.Quality, located.TemplateQuality, want)
			}
		})
	}
}

// A face that the edge of the picture cuts is visible in part.
func TestVisible(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	got := inspect(t, e, read(t, "shared/images/people/six_people.jpg"), face.InspectOptions{})
	cut := 0
	for n, f := range got.Faces {
		b := f.Box
		w := min(b.X+b.W, float64(got.Width)) - max(b.X, 0)
		h := min(b.Y+b.H, float64(got.Height)) - max(b.Y, 0)
		if want := w / b.W * h / b.H; math.Abs(f.Visible-want) > 1e-9 {
			t.Errorf("face %d: got %v visible, want %v", n, f.Visible, want)
		}
		if want := f.Area * float64(got.Width) * float64(got.Height) / b.Area(); math.Abs(f.Visible-want) > 1e-9 {
			t.Errorf("face %d: got %v visible, want %v as the area says", n, f.Visible, want)
		}
		if room := f.Margin * max(b.W, b.H); math.Abs(room-min(b.X, b.Y, float64(got.Width)-b.X-b.W, float64(got.Height)-b.Y-b.H)) > 1e-9 || (f.Margin < 0) != (f.Visible < 1) {
			t.Errorf("face %d: got a margin of %v, which is %v px, around %+v", n, f.Margin, room, b)
		}
		if f.Visible < 1 {
			cut++
		}
	}
	if cut == 0 {
		t.Errorf("got no face of %d that the edge cuts, want one", len(got.Faces))
	}
}
