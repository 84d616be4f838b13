package engine_test

import (
	"context"
	"image"
	"image/draw"
	"sync"
	"testing"
	"time"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/face"
)

func TestInspectErrors(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	data := read(t, "docs/portraits/obama.jpg")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancelLate := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancelLate()
	tests := []struct {
		name string
		ctx  context.Context
		data []byte
		want face.Kind
	}{
		{"nothing", t.Context(), nil, face.Invalid},
		{"text", t.Context(), []byte("hello"), face.Invalid},
		{"truncated", t.Context(), data[:len(data)/2], face.Invalid},
		{"vast header", t.Context(), []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\xc3\x50\x00\x00\xc3\x50\x08\x02\x00\x00\x00"), face.TooLarge},
		{"gone", gone, data, face.Canceled},
		{"late", late, data, face.Timeout},
	}
	for _, tt := range tests {
		_, err := e.Inspect(tt.ctx, tt.data, all())
		if err == nil || face.KindOf(err) != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
}

// Many at a time get what one alone gets.
func TestInspectInParallel(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	files := [][]byte{read(t, "docs/portraits/obama.jpg"), read(t, "docs/portraits/obama2.jpg"), read(t, "docs/portraits/biden.jpg")}
	want := make([]face.Inspected, 0, len(files))
	for _, data := range files {
		want = append(want, only(t, e, data, all()))
	}
	var callers sync.WaitGroup
	for n := range 12 {
		callers.Go(func() {
			got, err := e.Inspect(t.Context(), files[n%3], all())
			if err != nil || len(got.Faces) != 1 {
				t.Errorf("got %d faces, %v, want 1", len(got.Faces), err)
				return
			}
			if c := cosine(got.Faces[0].Template, want[n%3].Template); c < 0.99999 {
				t.Errorf("got cosine %v to what it was alone, want 1", c)
			}
		})
	}
	callers.Wait()
}

func TestAccurateStaysComparable(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	for _, path := range portraits() {
		data, opts := read(t, path), wireDefaults()
		a := only(t, e, data, opts)
		opts.Detector = face.Accurate
		b := only(t, e, data, opts)
		if c := cosine(a.Template, b.Template); a.Template.Label != b.Template.Label || c < 0.95 {
			t.Errorf("%s: got labels %s and %s, cosine %.3f, want one label and at least 0.95", path, a.Template.Label, b.Template.Label, c)
		}
	}
}

// TestAccurateFindsMore shows a crowd that is too small to be seen in a usual
// look at the picture.
func TestAccurateFindsMore(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	crowd, people := crowdOf(t, 4.5)
	data := encodePNG(t, crowd)
	balanced := len(inspect(t, e, data, face.InspectOptions{}).Faces)
	accurate := len(inspect(t, e, data, face.InspectOptions{Detector: face.Accurate}).Faces)
	if balanced > people/2 || accurate < people*8/10 || accurate > people {
		t.Errorf("got %d faces, and %d by the accurate detector, want at most half and at least 8 in 10 of %d", balanced, accurate, people)
	}
}

// crowdOf returns a picture full of portraits whose faces have a size in px, and
// how many there are.
func crowdOf(t *testing.T, size float64) (crowd image.Image, people int) {
	t.Helper()
	const width, height, portraitSize = 1400, 300, 52 // the last as Landmarks.Size of the portrait
	portrait := decodeJPEG(t, read(t, "docs/portraits/obama.jpg"))
	w, h := int(576*size/portraitSize), int(720*size/portraitSize)
	small := scaledTo(portrait, portrait.Bounds(), w, h)
	canvas := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := 0; y+h <= height; y += h {
		for x := 0; x+w <= width; x += w {
			draw.Draw(canvas, image.Rect(x, y, x+w, y+h), small, image.Point{}, draw.Src)
			people++
		}
	}
	return canvas, people
}

func TestResize(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	data := read(t, "docs/portraits/obama.jpg") // 576 × 720
	tests := []struct {
		name             string
		minEdge, maxEdge int
		width, height    int
	}{
		{"as it is", 0, 0, 576, 720},
		{"by the shorter edge", 144, 0, 144, 180},
		{"by the longer edge", 0, 100, 80, 100},
		{"both", 288, 100, 80, 100},
		{"larger", 0, 1440, 1152, 1440},
	}
	for _, tt := range tests {
		out, w, h, err := e.Resize(t.Context(), data, tt.minEdge, tt.maxEdge)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if b := decodeJPEG(t, out).Bounds(); w != tt.width || h != tt.height || b.Dx() != w || b.Dy() != h {
			t.Errorf("%s: got %d x %d in a picture of %v, want %d x %d", tt.name, w, h, b, tt.width, tt.height)
		}
	}
	if _, _, _, err := e.Resize(t.Context(), []byte("no"), 10, 10); face.KindOf(err) != face.Invalid {
		t.Errorf("no picture: got %v, want Invalid", err)
	}
}
