package main_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"net/http"
	"slices"
	"testing"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/vector"
)

// sketch is a portrait that is drawn on, to provoke what no portrait shows by itself.
type sketch struct {
	*image.RGBA
	place
}

// place is where the face of a portrait is, in px.
type place struct {
	LeftEyeX, LeftEyeY, RightEyeX, RightEyeY float64
	CropLeftTopX, CropLeftTopY               float64
	CropRightBottomX, CropRightBottomY       float64
}

// cropMargin is the side of a crop over the longer side of the face's box.
const cropMargin = 1.8

// sketch returns a portrait, in base64, of one person, to be drawn on.
func (s *server) sketch(portrait string) *sketch {
	s.t.Helper()
	found := want[[]place](s, http.StatusOK, "POST", searchPath, object{"image": object{"data": portrait}})
	if len(found) != 1 {
		s.t.Fatalf("got %d faces, want 1", len(found))
	}
	return &sketch{RGBA: decodePicture(s.t, portrait), place: found[0]}
}

func decodePicture(t *testing.T, text string) *image.RGBA {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	m, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewRGBA(image.Rect(0, 0, m.Bounds().Dx(), m.Bounds().Dy()))
	draw.Draw(out, out.Bounds(), m, m.Bounds().Min, draw.Src)
	return out
}

func encodePicture(t *testing.T, m image.Image) string {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 92}); err != nil {
		t.Fatal(err)
	}
	return encode(out.Bytes())
}

// box returns the square around the face's box.
func (p *place) box() (x, y, side float64) {
	side = (p.CropRightBottomX - p.CropLeftTopX) / cropMargin
	return (p.CropLeftTopX+p.CropRightBottomX)/2 - side/2, (p.CropLeftTopY+p.CropRightBottomY)/2 - side/2, side
}

// point is a place on a face: the unit is the distance of the eyes, the origin between
// them, y goes down to the mouth.
type point struct{ x, y float64 }

// at returns where a place on the face is in the picture, in px.
func (p *place) at(q point) (x, y float64) {
	dx, dy := p.RightEyeX-p.LeftEyeX, p.RightEyeY-p.LeftEyeY
	return (p.LeftEyeX+p.RightEyeX)/2 + q.x*dx - q.y*dy, (p.LeftEyeY+p.RightEyeY)/2 + q.x*dy + q.y*dx
}

// fill paints a shape on the face.
func (s *sketch) fill(c color.Color, outline ...point) {
	b := s.Bounds()
	r := vector.NewRasterizer(b.Dx(), b.Dy())
	for i, q := range outline {
		x, y := s.at(q)
		if i == 0 {
			r.MoveTo(float32(x), float32(y))
		} else {
			r.LineTo(float32(x), float32(y))
		}
	}
	r.ClosePath()
	r.Draw(s, b, image.NewUniform(c), image.Point{})
}

// ellipse is an outline around a place.
func ellipse(at point, rx, ry float64) []point {
	out := make([]point, 32)
	for i := range out {
		a := 2 * math.Pi * float64(i) / float64(len(out))
		out[i] = point{at.x + rx*math.Cos(a), at.y + ry*math.Sin(a)}
	}
	return out
}

// copied returns the same portrait, to be drawn on.
func (s *sketch) copied() *sketch {
	out := &sketch{RGBA: image.NewRGBA(s.Bounds()), place: s.place}
	draw.Draw(out, out.Bounds(), s, s.Bounds().Min, draw.Src)
	return out
}

// mask returns the portrait with a surgical mask over nose, mouth and chin, with pleats.
func (s *sketch) mask() *sketch {
	s = s.copied()
	blue, fold := color.RGBA{R: 150, G: 190, B: 215, A: 255}, color.RGBA{R: 130, G: 168, B: 192, A: 255}
	s.fill(blue, point{-1.02, 0.35}, point{-0.5, 0.24}, point{-0.17, 0.12}, point{0, 0.08}, point{0.17, 0.12}, point{0.5, 0.24}, point{1.02, 0.35},
		point{0.94, 0.92}, point{0.68, 1.46}, point{0.34, 1.77}, point{0, 1.88}, point{-0.34, 1.77}, point{-0.68, 1.46}, point{-0.94, 0.92})
	for y := 0.55; y < 1.3; y += 0.25 {
		s.fill(fold, point{-0.8, y}, point{0, y + 0.06}, point{0.8, y}, point{0.8, y + 0.04}, point{0, y + 0.1}, point{-0.8, y + 0.04})
	}
	return s
}

// closeEyes returns the portrait with lids in the colour of the skin below the eyes, and
// lashes.
func (s *sketch) closeEyes() *sketch {
	s = s.copied()
	for _, eye := range []float64{-0.5, 0.5} {
		x, y := s.at(point{eye, 0.36})
		skin := s.RGBAAt(int(x), int(y))
		s.fill(skin, ellipse(point{eye, 0}, 0.33, 0.19)...)
		lash := color.RGBA{R: skin.R / 2, G: skin.G / 2, B: skin.B / 2, A: 255}
		var arc []point
		for x := -0.27; x <= 0.271; x += 0.03 {
			arc = append(arc, point{eye + x, 0.10 - 0.9*x*x})
		}
		for _, q := range slices.Backward(arc) {
			arc = append(arc, point{q.x, q.y - 0.035})
		}
		s.fill(lash, arc...)
	}
	return s
}

// cutAt returns the part of the picture that begins left at a part of the box: 0 is
// its left side.
func (s *sketch) cutAt(part float64) image.Image {
	x, _, side := s.box()
	b := s.Bounds()
	b.Min.X = max(int(x+part*side), 0)
	return s.SubImage(b)
}

// closeUp returns what is around the box, with so much room in parts of its side.
func (s *sketch) closeUp(room float64) image.Image {
	x, y, side := s.box()
	return s.SubImage(image.Rect(int(x-room*side), int(y-room*side), int(x+(1+room)*side), int(y+(1+room)*side)))
}

// shrunk returns the picture at a part of its size.
func (s *sketch) shrunk(part float64) image.Image {
	b := s.Bounds()
	return resized(s, int(part*float64(b.Dx())), int(part*float64(b.Dy())))
}

func resized(m image.Image, width, height int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	xdraw.CatmullRom.Scale(out, out.Bounds(), m, m.Bounds(), xdraw.Src, nil)
	return out
}

// rotated returns the picture turned clockwise around the face.
func (s *sketch) rotated(degrees float64) image.Image {
	out := image.NewRGBA(s.Bounds())
	draw.Draw(out, out.Bounds(), image.NewUniform(color.Gray{Y: 128}), image.Point{}, draw.Src)
	cx, cy := s.at(point{0, 0.5})
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	turn := f64.Aff3{cos, -sin, cx - cos*cx + sin*cy, sin, cos, cy - sin*cx - cos*cy}
	xdraw.BiLinear.Transform(out, turn, s, s.Bounds(), xdraw.Over, nil)
	return out
}

// inOneRow returns pictures beside one another, brought to one height.
func inOneRow(t *testing.T, height int, pictures ...string) string {
	t.Helper()
	row := make([]*image.RGBA, len(pictures))
	width := 0
	for i, p := range pictures {
		m := decodePicture(t, p)
		row[i] = resized(m, m.Bounds().Dx()*height/m.Bounds().Dy(), height)
		width += row[i].Bounds().Dx()
	}
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	x := 0
	for _, m := range row {
		draw.Draw(out, m.Bounds().Add(image.Pt(x, 0)), m, image.Point{}, draw.Src)
		x += m.Bounds().Dx()
	}
	return encodePicture(t, out)
}
