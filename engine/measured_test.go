package engine

import (
	"maps"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// counted is a model that counts its runs.
type counted struct {
	Model

	runs *atomic.Int32
}

func (c counted) Run(in *pixel.Tensor, out []*pixel.Tensor) error {
	c.runs.Add(1)
	return c.Model.Run(in, out)
}

// slope is a model whose outputs rise from 0 to 1, so that no two places are one.
type slope struct{ constant }

func (slope) Run(_ *pixel.Tensor, out []*pixel.Tensor) error {
	for _, t := range out {
		for i := range t.Data {
			t.Data[i] = float32(i) / float32(len(t.Data))
		}
	}
	return nil
}

// A model that nothing asks for is not run: what is switched off costs nothing.
func TestMeasuredIsWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	all := map[models.Role]Model{
		models.Age: constant(1), models.Gender: constant(1), models.Mask: constant(0.5),
		models.Landmarks68: slope{}, models.EyeState: constant(0.5),
	}
	tests := []struct {
		name string
		opts face.InspectOptions
		want []models.Role
	}{
		{"nothing", face.InspectOptions{}, nil},
		{"templates alone", face.InspectOptions{Templates: true}, nil},
		{"age", face.InspectOptions{Age: true}, []models.Role{models.Age}},
		{"gender", face.InspectOptions{Gender: true}, []models.Role{models.Gender}},
		{"mask", face.InspectOptions{Mask: true}, []models.Role{models.Mask}},
		{"eyes", face.InspectOptions{Eyes: true}, []models.Role{models.EyeState, models.Landmarks68}},
		{"nose tip, which a mask covers", face.InspectOptions{NoseTip: true}, []models.Role{models.Landmarks68, models.Mask}},
		{"mouth", face.InspectOptions{Mouth: true}, []models.Role{models.Landmarks68}},
		{"head", face.InspectOptions{Head: true}, []models.Role{models.Landmarks68}},
		{"what needs no model", face.InspectOptions{Noise: true, Lighting: true, Background: true}, nil},
		{"nose tip and mask", face.InspectOptions{NoseTip: true, Mask: true}, []models.Role{models.Landmarks68, models.Mask}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rt, set, runs := fakeModels(), completeSet(), map[models.Role]*atomic.Int32{}
			for role, m := range all {
				set[role], runs[role] = string(role)+".onnx", new(atomic.Int32)
				rt.models[set[role]] = counted{m, runs[role]}
			}
			got, err := newFake(t, rt, set, nil).Inspect(t.Context(), somePNG(t), tt.opts)
			if err != nil || len(got.Faces) != 1 {
				t.Fatalf("got %d faces, %v, want 1", len(got.Faces), err)
			}
			maps.DeleteFunc(runs, func(_ models.Role, n *atomic.Int32) bool { return n.Load() == 0 })
			if diff := cmp.Diff(tt.want, slices.Sorted(maps.Keys(runs))); diff != "" {
				t.Errorf("models run: -want +got\n%s", diff)
			}
			if n := runs[models.Mask]; n != nil && n.Load() != 1 {
				t.Errorf("got %d runs of the mask model, want one for all that it tells", n.Load())
			}
			checkTold(t, &got.Faces[0].Attributes, &tt.opts)
		})
	}
}

// checkTold checks that attributes are told if and only if they are asked for.
func checkTold(t *testing.T, a *face.Attributes, o *face.InspectOptions) {
	t.Helper()
	for name, tt := range map[string]struct {
		told  *float64
		asked bool
	}{
		"age": {a.Age, o.Age}, "gender": {a.Gender, o.Gender}, "mask": {a.MaskConfidence, o.Mask},
		"nose tip": {a.NoseTipConfidence, o.NoseTip}, "left eye": {a.LeftEyeOpen, o.Eyes}, "right eye": {a.RightEyeOpen, o.Eyes},
		"mouth": {a.MouthOpen, o.Mouth}, "head's width": {a.HeadWidth, o.Head}, "head's height": {a.HeadHeight, o.Head},
		"range": {a.DynamicRange, o.Lighting}, "glare": {a.Glare, o.Lighting}, "uneven light": {a.UnevenLight, o.Lighting},
	} {
		if (tt.told != nil) != tt.asked {
			t.Errorf("%s: got %v, asked for %t", name, tt.told, tt.asked)
		}
	}
}

// What there is no model for is not told, also where another model would be half
// of it.
func TestPartsWithoutTheirModels(t *testing.T) {
	t.Parallel()
	rt, set := fakeModels(), completeSet()
	set[models.Landmarks68] = "fr_landmark.onnx"
	rt.models["fr_landmark.onnx"] = slope{}
	got, err := newFake(t, rt, set, nil).Inspect(t.Context(), somePNG(t), face.InspectOptions{Mask: true, NoseTip: true, Eyes: true})
	if err != nil || len(got.Faces) != 1 {
		t.Fatalf("got %d faces, %v, want 1", len(got.Faces), err)
	}
	checkTold(t, &got.Faces[0].Attributes, &face.InspectOptions{})
}
