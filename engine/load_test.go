package engine

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"log/slog"
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// fakeSet is a set of models by role; their bytes are their file names.
type fakeSet map[models.Role]string

func (fakeSet) Pack() models.Pack { return models.Standard }

func (s fakeSet) Model(r models.Role) (models.Model, bool) {
	file, ok := s[r]
	m := models.Model{File: file}
	if strings.HasPrefix(file, "AntiSpoofing") {
		m.Family = "antispoofing"
	}
	return m, ok
}

func (s fakeSet) Read(r models.Role) ([]byte, error) {
	if s[r] == "unreadable.onnx" {
		return nil, errors.New("disk on fire")
	}
	return []byte(s[r]), nil
}

func completeSet() fakeSet {
	return fakeSet{
		models.Detector: "yunet_n_dynamic.onnx", models.Extractor: "MobileFaceNet.onnx",
		models.Age: "age-v1.onnx", models.Gender: "gender-v1.onnx",
	}
}

// fakeRuntime gives models by file name and counts those that are open.
type fakeRuntime struct {
	models map[string]Model
	open   int
}

func (*fakeRuntime) Provider() string { return "abacus" }
func (*fakeRuntime) Version() string  { return "1" }

func (r *fakeRuntime) Load(name string, data []byte, _ ModelSpec) (Model, error) {
	m, ok := r.models[name]
	if !ok || string(data) != name {
		return nil, fmt.Errorf("cannot load %s", name)
	}
	r.open++
	return &fakeModel{Model: m, rt: r}, nil
}

func (*fakeRuntime) Check(name string, data []byte, _ ModelSpec) error {
	if name == "misfit.onnx" || string(data) != name {
		return fmt.Errorf("%s does not fit", name)
	}
	return nil
}

type fakeModel struct {
	Model

	rt *fakeRuntime
}

func (m *fakeModel) Close() error {
	m.rt.open--
	return nil
}

// oneFace is a YuNet that finds the same face in every input.
type oneFace struct{ constant }

func (oneFace) Run(in *pixel.Tensor, out []*pixel.Tensor) error {
	for _, t := range out {
		clear(t.Data)
	}
	columns := int(in.Shape[3]) / 32
	i := (int(in.Shape[2])/32/2)*columns + columns/2 // about in the middle
	for n := range int(in.Shape[0]) {
		out[2].Row(n)[i], out[5].Row(n)[i] = 1, 1
		copy(out[8].Row(n)[4*i:], []float32{0, 0, 1, 1})
		copy(out[11].Row(n)[10*i:], []float32{-.6, -.5, .6, -.5, 0, 0, -.5, .7, .5, .7})
	}
	return nil
}

func fakeModels() *fakeRuntime {
	return &fakeRuntime{models: map[string]Model{
		"yunet_n_dynamic.onnx": oneFace{}, "MobileFaceNet.onnx": constant(1),
		"age-v1.onnx": constant(1), "gender-v1.onnx": constant(1),
	}}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	with := func(role models.Role, file string) fakeSet {
		s := completeSet()
		if s[role] = file; file == "" {
			delete(s, role)
		}
		return s
	}
	tests := []struct {
		name string
		set  fakeSet
		want string
	}{
		{"no detector", with(models.Detector, ""), "no detector"},
		{"no extractor", with(models.Extractor, ""), "no extractor"},
		{"unknown detector", with(models.Detector, "magic.onnx"), "magic.onnx"},
		{"unknown extractor", with(models.Extractor, "magic.onnx"), "magic.onnx"},
		{"unreadable", with(models.Age, "unreadable.onnx"), "disk on fire"},
		{"unloadable", with(models.Gender, "broken.onnx"), "broken.onnx"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rt := fakeModels()
			_, err := New(Config{}, tt.set, rt, nil, slog.New(slog.DiscardHandler))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
			if rt.open != 0 {
				t.Errorf("got %d models left open, want none", rt.open)
			}
		})
	}
}

// somePNG returns a grey picture of 320 × 320.
func somePNG(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 320, 320))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func newFake(t *testing.T, rt *fakeRuntime, set fakeSet, reg prometheus.Registerer) *Engine {
	t.Helper()
	e, err := New(Config{}, set, rt, reg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil || rt.open != 0 {
			t.Errorf("Close: got %v and %d models open, want none", err, rt.open)
		}
	})
	return e
}

// A model that gives no numbers is our fault, not the client's.
func TestInspectOfAVectorThatIsNone(t *testing.T) {
	t.Parallel()
	rt := fakeModels()
	rt.models["MobileFaceNet.onnx"] = constant(math.NaN())
	e := newFake(t, rt, completeSet(), nil)
	_, err := e.Inspect(t.Context(), somePNG(t), face.InspectOptions{Templates: true})
	if err == nil || face.KindOf(err) != face.Internal {
		t.Errorf("got %v, want Internal", err)
	}
}

// What is not asked for, or what no model is there for, is not there.
func TestInspectGivesWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	e := newFake(t, fakeModels(), fakeSet{
		models.Detector: "yunet_n_dynamic.onnx", models.Extractor: "MobileFaceNet.onnx", models.Age: "age-v1.onnx",
	}, prometheus.NewRegistry())
	got, err := e.Inspect(t.Context(), somePNG(t), face.InspectOptions{Age: true, Gender: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Faces) != 1 {
		t.Fatalf("got %d faces, want 1", len(got.Faces))
	}
	f := got.Faces[0]
	if f.Template != nil || f.CropImage != nil || f.TemplateQuality != 0 {
		t.Errorf("got template %v, crop %v, template quality %d, want none", f.Template, f.CropImage, f.TemplateQuality)
	}
	if f.Attributes.Age == nil || f.Attributes.Gender != nil {
		t.Errorf("got age %v, gender %v, want an age and no gender", f.Attributes.Age, f.Attributes.Gender)
	}
	if f.Confidence != 1 || f.Quality != usualQuality {
		t.Errorf("got confidence %v, quality %d, want 1 and that of a usual face", f.Confidence, f.Quality)
	}
}

func TestCalibrations(t *testing.T) {
	t.Parallel()
	all, err := Calibrations()
	if err != nil {
		t.Fatal(err)
	}
	c, err := all.For(templateLabel("yunet-n", "mobilefacenet"))
	if err != nil {
		t.Fatal(err)
	}
	if s := c.Score(0.4); s < 35 || s > 45 {
		t.Errorf("got a score of %v at cosine 0.4, want about 40", s)
	}
}

func TestReadCalibrationsRefuses(t *testing.T) {
	t.Parallel()
	const good = `{"label":"a","knots":[{"cosine":0,"score":0},{"cosine":1,"score":100}]}`
	tests := []struct {
		name  string
		files fstest.MapFS
		want  string
	}{
		{"no JSON", fstest.MapFS{"a.json": {Data: []byte("{")}}, "a.json"},
		{"one knot", fstest.MapFS{"a.json": {Data: []byte(`{"label":"a","knots":[{}]}`)}}, "knots"},
		{"a label twice", fstest.MapFS{"a.json": {Data: []byte(good)}, "b.json": {Data: []byte(good)}}, "another one"},
	}
	for _, tt := range tests {
		if _, err := readCalibrations(tt.files, "*.json"); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want an error with %q", tt.name, err, tt.want)
		}
	}
}
