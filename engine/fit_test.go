package engine_test

import (
	"context"
	"testing"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/face"
)

func TestFit(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	m := decodeJPEG(t, read(t, "docs/portraits/obama.jpg")) // 576 × 720
	turned := storedAs(t, m, 6)
	tests := []struct {
		name          string
		f             face.Fitting
		width, height int
	}{
		{"as it is", face.Fitting{}, 576, 720},
		{"by the width", face.Fitting{Width: 144}, 144, 180},
		{"by the height", face.Fitting{Height: 100}, 80, 100},
		{"another aspect", face.Fitting{Width: 400, Height: 100}, 400, 100},
		{"larger", face.Fitting{Height: 1440, Quality: 90}, 1152, 1440},
		{"a point", face.Fitting{Width: 1, Height: 1}, 1, 1},
	}
	for _, tt := range tests {
		got, err := e.Fit(t.Context(), turned, tt.f)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		b := decodeJPEG(t, got.Data).Bounds()
		if got.Width != tt.width || got.Height != tt.height || b.Dx() != tt.width || b.Dy() != tt.height || got.MediaType != "image/jpeg" {
			t.Errorf("%s: got %d x %d in a picture of %v, want %d x %d", tt.name, got.Width, got.Height, b, tt.width, tt.height)
		}
	}
}

// A picture that was fitted shows the same person, and a lower quality makes it
// smaller.
func TestFitKeepsTheFace(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	data := read(t, "docs/portraits/obama.jpg")
	whole := only(t, e, data, wireDefaults())
	last := 0
	for _, quality := range []int{40, 70, 100} {
		got, err := e.Fit(t.Context(), data, face.Fitting{Width: 300, Quality: quality})
		if err != nil {
			t.Fatal(err)
		}
		if c := cosine(only(t, e, got.Data, wireDefaults()).Template, whole.Template); c < 0.85 {
			t.Errorf("quality %d: got cosine %.3f to the whole picture, want at least 0.85", quality, c)
		}
		if len(got.Data) <= last {
			t.Errorf("quality %d: got %d bytes, want more than the %d of less", quality, len(got.Data), last)
		}
		last = len(got.Data)
	}
}

func TestFitErrors(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	data := read(t, "docs/portraits/obama.jpg")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	tests := []struct {
		name string
		ctx  context.Context
		data []byte
		f    face.Fitting
		want face.Kind
	}{
		{"no picture", t.Context(), []byte("no"), face.Fitting{}, face.Invalid},
		{"a negative width", t.Context(), data, face.Fitting{Width: -1, Height: 100}, face.Invalid},
		{"a negative quality", t.Context(), data, face.Fitting{Width: 100, Quality: -1}, face.Invalid},
		{"too much quality", t.Context(), data, face.Fitting{Width: 100, Quality: 101}, face.Invalid},
		{"too large", t.Context(), data, face.Fitting{Width: 4097, Height: 100}, face.Invalid},
		{"too large by the aspect", t.Context(), data, face.Fitting{Width: 3500}, face.Invalid},
		{"gone", gone, data, face.Fitting{Width: 100}, face.Canceled},
	}
	for _, tt := range tests {
		if _, err := e.Fit(tt.ctx, tt.data, tt.f); err == nil || face.KindOf(err) != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
}
