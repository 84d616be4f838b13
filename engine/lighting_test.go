package engine_test

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/face"
)

// altered returns a picture with every pixel changed.
func altered(m image.Image, change func(x, y int, rgb [3]float64) [3]float64) image.Image {
	out := image.NewRGBA(m.Bounds())
	for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y++ {
		for x := m.Bounds().Min.X; x < m.Bounds().Max.X; x++ {
			r, g, b, _ := m.At(x, y).RGBA()
			var c [3]uint8
			for n, v := range change(x, y, [3]float64{float64(r >> 8), float64(g >> 8), float64(b >> 8)}) {
				c[n] = uint8(math.Round(min(max(v, 0), 255)))
			}
			out.SetRGBA(x, y, color.RGBA{c[0], c[1], c[2], 255})
		}
	}
	return out
}

// each applies one change to red, green and blue.
func each(change func(float64) float64) func(int, int, [3]float64) [3]float64 {
	return func(_, _ int, c [3]float64) [3]float64 { return [3]float64{change(c[0]), change(c[1]), change(c[2])} }
}

// light asks for all that is told of the light on a face.
func light() face.InspectOptions {
	return face.InspectOptions{Central: true, Lighting: true, SkinTone: true, Noise: true}
}

func TestLightOfGoodPortraits(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	for _, path := range append(portraits(), "shared/images/people/alice_1.jpg", "shared/images/people/carl_1.jpg", "shared/images/people/dora_1.jpg") {
		a := only(t, e, read(t, path), light()).Attributes
		between(t, path+" dynamic range", a.DynamicRange, 128, 255)
		if *a.Glare > 0.02 || *a.UnevenLight > 0.3 || *a.SkinTone > 1 || a.Noise != nil && *a.Noise > 6 {
			t.Errorf("%s: got glare %.3f, uneven light %.2f, skin tone %.1f off, noise %v: not a good portrait", path, *a.Glare, *a.UnevenLight, *a.SkinTone, value(a.Noise))
		}
	}
}

// Each measurement rises strictly while what it is of gets worse.
func TestLightGetsWorse(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	m := decodeJPEG(t, read(t, "shared/images/people/dora_1.jpg"))
	middle := only(t, e, read(t, "shared/images/people/dora_1.jpg"), face.InspectOptions{Central: true}).Landmarks.Nose.X
	tests := []struct {
		name  string
		steps []float64
		worse func(step float64) image.Image
		value func(a face.Attributes) *float64
	}{
		{"exposed too long", []float64{1.3, 1.6, 2, 2.5}, func(k float64) image.Image {
			return altered(m, each(func(v float64) float64 { return k * v }))
		}, func(a face.Attributes) *float64 { return a.Glare }},
		{"dark at one side", []float64{0.8, 0.6, 0.4, 0.25}, func(k float64) image.Image {
			return altered(m, func(x, _ int, c [3]float64) [3]float64 {
				if float64(x) < middle { // that side is the lighter one
					return c
				}
				return [3]float64{k * c[0], k * c[1], k * c[2]}
			})
		}, func(a face.Attributes) *float64 { return a.UnevenLight }},
		{"noise", []float64{4, 8, 16, 32}, func(sigma float64) image.Image {
			r := rand.New(rand.NewPCG(1, 2))
			return altered(m, func(_, _ int, c [3]float64) [3]float64 {
				n := sigma * r.NormFloat64()
				return [3]float64{c[0] + n, c[1] + n, c[2] + n}
			})
		}, func(a face.Attributes) *float64 { return a.Noise }},
		{"flat", []float64{0.8, 0.6, 0.4, 0.25}, func(k float64) image.Image {
			return altered(m, each(func(v float64) float64 { return 127 + k*(v-127) }))
		}, func(a face.Attributes) *float64 { return new(-*a.DynamicRange) }},
		{"blue", []float64{60, 80, 100}, func(shift float64) image.Image {
			return altered(m, func(_, _ int, c [3]float64) [3]float64 { return [3]float64{c[0] - shift, c[1], c[2] + shift} })
		}, func(a face.Attributes) *float64 { return a.SkinTone }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			last := tt.value(only(t, e, encodePNG(t, m), light()).Attributes)
			for _, step := range tt.steps {
				got := tt.value(only(t, e, encodePNG(t, tt.worse(step)), light()).Attributes)
				if got == nil || *got <= *last {
					t.Errorf("%v: got %v, want more than the %.3f before", step, value(got), *last)
					return
				}
				last = got
			}
		})
	}
}

// Skin without colour is not natural, and of a picture that is stored in grey nobody
// can say.
func TestSkinWithoutColour(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	m := decodeJPEG(t, read(t, "docs/portraits/obama.jpg"))
	grey := altered(m, func(_, _ int, c [3]float64) [3]float64 {
		v := 0.299*c[0] + 0.587*c[1] + 0.114*c[2]
		return [3]float64{v, v, v}
	})
	inGrey := image.NewGray(m.Bounds())
	for y := range m.Bounds().Dy() {
		for x := range m.Bounds().Dx() {
			inGrey.Set(x, y, m.At(x, y))
		}
	}
	tone := only(t, e, encodePNG(t, grey), light()).Attributes.SkinTone
	near(t, "skin tone of grey", *tone, math.Hypot(5, 5), 0.5)
	for _, data := range [][]byte{encodePNG(t, inGrey), encodeJPEG(t, inGrey)} {
		got := inspect(t, e, data, light())
		if !got.Grey || got.Faces[0].Attributes.SkinTone != nil {
			t.Errorf("got grey %t, skin tone %v, want grey and nothing", got.Grey, value(got.Faces[0].Attributes.SkinTone))
		}
	}
	if inspect(t, e, encodePNG(t, m), face.InspectOptions{}).Grey {
		t.Error("a picture in colour is said to be stored in grey")
	}
}

// A face that is magnified says nothing about noise.
func TestNoiseOfASmallFace(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	if got := only(t, e, read(t, lfwPath("Laura_Bush", "1")), light()).Attributes.Noise; got != nil {
		t.Errorf("got noise %v of a face of 40 px, want nothing", *got)
	}
}
