package gallery_test

import (
	"bytes"
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strings"
	"sync/atomic"

	"github.com/facekeep/facekeep/face"
)

// dim is the dimension of the fake engine's templates.
const dim = 64

// fakeEngine reads pictures that say who is in them: names parted by "|", the
// largest face first; "" and "." hold nobody. What follows "#" in a name makes
// another picture of the same person: its vector is near to, but not the same as,
// that of the name alone. "broken" is no picture, and "endless" is looked at until
// somebody gives it up.
type fakeEngine struct {
	label    face.TemplateLabel
	inspects atomic.Int64
	spoil    func(*face.Inspected) // changes what is found, if set
}

func newFakeEngine() *fakeEngine { return &fakeEngine{label: "fake@1"} }

func (e *fakeEngine) Label() face.TemplateLabel { return e.label }

func (e *fakeEngine) Inspect(ctx context.Context, data []byte, opts face.InspectOptions) (face.Inspection, error) {
	e.inspects.Add(1)
	if err := ctx.Err(); err != nil {
		return face.Inspection{}, face.Wrap(face.Canceled, err, "the request was given up")
	}
	text := string(data)
	if text == "endless" {
		<-ctx.Done()
		return face.Inspection{}, face.Wrap(face.Canceled, ctx.Err(), "the request was given up")
	}
	if text == "broken" {
		return face.Inspection{}, face.Errorf(face.Invalid, "not a JPEG, PNG or WebP picture")
	}
	out := face.Inspection{Width: 640, Height: 480}
	for i, name := range strings.Split(text, "|") {
		if name == "" || name == "." || opts.MaxFaces > 0 && i >= opts.MaxFaces {
			continue
		}
		out.Faces = append(out.Faces, e.inspected(name, 100-float64(i), opts))
	}
	return out, nil
}

func (e *fakeEngine) inspected(name string, size float64, opts face.InspectOptions) face.Inspected {
	age := 31.5
	f := face.Inspected{Finding: face.Finding{
		Box:        face.Box{X: 10.5, Y: 20.25, W: size, H: size * 1.25},
		Landmarks:  face.Landmarks{LeftEye: face.Point{X: 1, Y: 2}, RightEye: face.Point{X: 3, Y: 4}, Nose: face.Point{X: 5, Y: 6}, LeftMouth: face.Point{X: 7, Y: 8}, RightMouth: face.Point{X: 9, Y: 10}},
		Crop:       face.Quad{LeftTop: face.Point{X: -1, Y: -2}, RightTop: face.Point{X: 11, Y: -2}, LeftBottom: face.Point{X: -1, Y: 12}, RightBottom: face.Point{X: 11, Y: 12}},
		Confidence: 0.875, Size: size, Area: 0.05, Quality: 8750, Attributes: face.Attributes{Age: &age},
	}}
	if opts.Templates {
		f.TemplateQuality = 200
		f.Template = &face.Template{Label: e.label, Vector: vectorOf(name), Quality: 200}
	}
	if opts.Crops {
		f.CropImage = &face.Image{MediaType: "image/jpeg", Width: 112, Height: 112, Data: []byte("crop of " + name)}
	}
	for _, check := range opts.Liveness {
		f.Liveness = append(f.Liveness, face.Liveness{Kind: check.Kind, Performed: true, Score: 97})
	}
	if e.spoil != nil {
		e.spoil(&f)
	}
	return f
}

func (e *fakeEngine) Fit(_ context.Context, data []byte, f face.Fitting) (face.Image, error) {
	if f.Quality > 100 {
		return face.Image{}, face.Errorf(face.Invalid, "no such quality")
	}
	return face.Image{MediaType: "image/jpeg", Width: f.Width, Height: f.Height, Data: bytes.TrimSuffix(data, []byte("|huge"))}, nil
}

func (e *fakeEngine) Resize(_ context.Context, jpeg []byte, minEdge, maxEdge int) ([]byte, int, int, error) {
	edge := max(minEdge, maxEdge)
	return append(bytes.Clone(jpeg), fmt.Sprintf(" at %d", edge)...), edge, edge, nil
}

// vectorOf returns the template of a name. People are far apart (a cosine near
// 0), pictures of one person are near (about 0.98).
func vectorOf(name string) []float32 {
	person, picture, other := strings.Cut(name, "#")
	v := gaussian(person)
	if other {
		for i, x := range gaussian(person + "#" + picture) {
			v[i] += 0.15 * x
		}
	}
	return unit(v)
}

func gaussian(seed string) []float64 {
	h := fnv.New64a()
	h.Write([]byte(seed))
	rng := rand.New(rand.NewPCG(h.Sum64(), 7))
	v := make([]float64, dim)
	for i := range v {
		v[i] = rng.NormFloat64()
	}
	return v
}

func unit(v []float64) []float32 {
	var sum float64
	for _, x := range v {
		sum += x * x
	}
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = float32(x / math.Sqrt(sum))
	}
	return out
}

// testCurve gives the cosine 0.5 the score 40, and 1 the score 100.
func testCurve() face.Calibrations {
	return face.Calibrations{"fake@1": {Label: "fake@1", Knots: []face.Knot{{Cosine: -1, Score: 0}, {Cosine: 0.5, Score: 40}, {Cosine: 1, Score: 100}}}}
}
