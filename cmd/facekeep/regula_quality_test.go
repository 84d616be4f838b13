package main_test

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"path/filepath"
	"slices"
	"testing"

	xdraw "golang.org/x/image/draw"
)

// TestRegulaQuality assesses a portrait that keeps the rules, and copies of it and
// other pictures that break one of them.
func TestRegulaQuality(t *testing.T) {
	t.Parallel()
	s := startRegula(t)
	crop := object{"type": 0, "padColor": []int{255, 255, 255}}
	good := s.one(pictureOf(t, "bella_1.jpg"), object{"onlyCentralFace": true, "outputImageParams": object{"crop": crop}}).Crop
	report := func(data string) regulaDetection { return s.one(data, object{"scenario": "QualityICAO"}) }
	d := report(good)
	for _, name := range d.Quality.NonCompliant {
		if name != "Yaw" && name != "FaceGlare" { // it looks 9° aside, and is lit like a magazine's
			t.Errorf("a good portrait: %s does not comply: %+v", name, d.Quality.Details)
		}
	}
	if d.Quality.Score < 0.9 {
		t.Errorf("a good portrait: got a score of %v, want at least 0.9", d.Quality.Score)
	}
	m := decodePicture(t, good)
	tests := map[string]struct {
		data string
		want []string
	}{
		"turned":                                {lfwPicture(t, "Tony_Blair"), []string{"Yaw", "OtherFaces", "ImageWidthToHeight", "EyesDistance"}},
		"dark":                                  {encodeAltered(t, m, func(c color.RGBA) color.RGBA { return color.RGBA{c.R / 12, c.G / 12, c.B / 12, 255} }), []string{"TooDark", "FaceDynamicRange"}},
		"flat":                                  {encodeAltered(t, m, func(c color.RGBA) color.RGBA { return color.RGBA{120 + c.R/5, 110 + c.G/5, 100 + c.B/5, 255} }), []string{"FaceDynamicRange"}},
		"green":                                 {encodeAltered(t, m, func(c color.RGBA) color.RGBA { return color.RGBA{c.G, c.R, c.B, 255} }), []string{"UnnaturalSkinTone"}},
		"masked":                                {encode(encodeJPEG(t, withMask(m, d.Landmarks))), []string{"MedicalMask", "FaceOccluded"}},
		"blurred":                               {encode(encodeJPEG(t, blurred(m, 24))), []string{"BlurLevel"}},
		"open-mouthed before a wall of letters": {pictureOf(t, "alice_1.jpg"), []string{"MouthOpen", "BackgroundUniformity"}},
	}
	for name, tt := range tests {
		bad := report(tt.data)
		for _, characteristic := range tt.want {
			if !slices.Contains(bad.Quality.NonCompliant, characteristic) {
				t.Errorf("%s: got %v, want %s among them", name, bad.Quality.NonCompliant, characteristic)
			}
		}
		if bad.Quality.Score > d.Quality.Score {
			t.Errorf("%s: got a score of %v, want no more than the good one's %v", name, bad.Quality.Score, d.Quality.Score)
		}
	}
	attributes := s.one(encode(encodeJPEG(t, withMask(m, d.Landmarks))), object{"attributes": object{"config": []object{{"name": "MedicalMask"}, {"name": "EyeLeft"}, {"name": "Age"}}}}).Attributes.Details
	if got := fmt.Sprintf("%v %v", attributes[0].Value, attributes[1].Value); got != "yes open" {
		t.Errorf("masked: got %v, want a mask and an open eye", attributes)
	}
}

// lfwPicture returns the first picture of somebody, or skips the test.
func lfwPicture(t *testing.T, name string) string {
	t.Helper()
	return pictureOf(t, filepath.Join("..", "..", "lfw", "images", name, name+"_0001.jpg"))
}

func encodeAltered(t *testing.T, m image.Image, change func(color.RGBA) color.RGBA) string {
	t.Helper()
	out := image.NewRGBA(m.Bounds())
	draw.Draw(out, out.Rect, m, m.Bounds().Min, draw.Src)
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.SetRGBA(x, y, change(out.RGBAAt(x, y)))
		}
	}
	return encode(encodeJPEG(t, out))
}

// blurred returns a picture without what is finer than a number of px.
func blurred(m image.Image, px int) image.Image {
	small := image.NewRGBA(image.Rect(0, 0, m.Bounds().Dx()/px, m.Bounds().Dy()/px))
	xdraw.BiLinear.Scale(small, small.Rect, m, m.Bounds(), xdraw.Src, nil)
	out := image.NewRGBA(m.Bounds())
	xdraw.CatmullRom.Scale(out, out.Rect, small, small.Rect, xdraw.Src, nil)
	return out
}

// withMask returns a portrait with a mask over nose and mouth.
func withMask(m image.Image, l [5][2]float64) image.Image {
	out := image.NewRGBA(m.Bounds())
	draw.Draw(out, out.Rect, m, m.Bounds().Min, draw.Src)
	eyes := l[1][0] - l[0][0]
	cx, top := l[2][0], l[2][1]-0.35*eyes
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			dx, dy := (float64(x)-cx)/(0.95*eyes), (float64(y)-top)/(1.45*eyes)
			if dy > 0 && dx*dx+dy*dy*dy < 1 {
				shade := uint8(15 * math.Abs(dx))
				out.SetRGBA(x, y, color.RGBA{165 - shade, 205 - shade, 225 - shade, 255})
			}
		}
	}
	return out
}
