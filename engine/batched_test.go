package engine

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// doubling is a model that gives twice what it gets, and notes the sizes of batches.
type doubling struct {
	constant

	batches *[]int64
}

func (m doubling) Run(in *pixel.Tensor, out []*pixel.Tensor) error {
	*m.batches = append(*m.batches, in.Shape[0])
	for i, v := range in.Data {
		out[0].Data[i] = 2 * v
	}
	return nil
}

// failing is a model that fails.
type failing struct{ constant }

func (failing) Run(*pixel.Tensor, []*pixel.Tensor) error { return errors.New("no power") }

func newBatched(most int, models ...Model) batched {
	return batched{models: models, bufs: new(pixel.Buffers), most: most, takes: []int64{1, 1, 2}, gives: []int64{2}}
}

// Every input is read once for each model, in runs of no more than there may be.
func TestBatchedRun(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		n, most int
		batches []int64
	}{
		{"none", 0, 4, nil},
		{"fewer", 3, 4, []int64{3}},
		{"full", 4, 4, []int64{4}},
		{"more", 5, 2, []int64{2, 2, 1}},
		{"one by one", 3, 1, []int64{1, 1, 1}},
	}
	for _, tt := range tests {
		var first, second []int64
		b := newBatched(tt.most, doubling{batches: &first}, doubling{batches: &second})
		read := make([][]float32, tt.n)
		err := b.run(t.Context(), tt.n, func(i int, in *pixel.Tensor) {
			in.Data[0], in.Data[1] = float32(i), 0.5
		}, func(i int, out []float32) error {
			read[i] = append(read[i], out...)
			return nil
		})
		if err != nil {
			t.Errorf("%s: got %v, want no error", tt.name, err)
		}
		for i, got := range read {
			if want := []float32{float32(2 * i), 1, float32(2 * i), 1}; !slices.Equal(got, want) {
				t.Errorf("%s: input %d: got %v, want %v", tt.name, i, got, want)
			}
		}
		if diff := cmp.Diff([][]int64{tt.batches, tt.batches}, [][]int64{first, second}); diff != "" {
			t.Errorf("%s: batches (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestBatchedRunStops(t *testing.T) {
	t.Parallel()
	fill := func(int, *pixel.Tensor) {}
	gone := errors.New("no number")
	var batches []int64
	b := newBatched(1, doubling{batches: &batches})
	if err := b.run(t.Context(), 3, fill, func(int, []float32) error { return gone }); !errors.Is(err, gone) || len(batches) != 1 {
		t.Errorf("nothing to be read: got %v after %d runs, want its error after one", err, len(batches))
	}
	b = newBatched(1, failing{})
	if err := b.run(t.Context(), 3, fill, func(int, []float32) error { return nil }); err == nil {
		t.Error("a model that fails: got no error, want one")
	}
	ctx, cancel := context.WithCancel(t.Context())
	batches = nil
	b = newBatched(1, doubling{batches: &batches})
	err := b.run(ctx, 3, fill, func(int, []float32) error {
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) || len(batches) != 1 {
		t.Errorf("a context that ends: got %v after %d runs, want its error after one", err, len(batches))
	}
}

// threeFaces is a YuNet that finds the same three faces in every input of more than 160
// px, and none in others.
type threeFaces struct{ constant }

func (threeFaces) Run(in *pixel.Tensor, out []*pixel.Tensor) error {
	for _, t := range out {
		clear(t.Data)
	}
	columns := int(in.Shape[3]) / 32
	for n := range int(in.Shape[0]) {
		for k := range 3 {
			i := (1+3*k)*columns + 1 + 3*k
			if in.Shape[3] <= lookSide {
				continue
			}
			out[2].Row(n)[i], out[5].Row(n)[i] = 1, 1
			copy(out[8].Row(n)[4*i:], []float32{0, 0, 0.5 + 0.1*float32(k), 1})
			copy(out[11].Row(n)[10*i:], []float32{-.6, -.5, .6, -.5, 0, 0, -.5, .7, .5, .7})
		}
	}
	return nil
}

// All faces of a picture are one run of each model that looks at them.
func TestInspectRunsModelsOnce(t *testing.T) {
	t.Parallel()
	rt := fakeModels()
	rt.models["yunet_n_dynamic.onnx"] = threeFaces{}
	var ages []int64
	rt.models["age-v1.onnx"] = noted{constant(1), &ages}
	e := newFake(t, rt, completeSet(), nil)
	got, err := e.Inspect(t.Context(), somePNG(t), face.InspectOptions{Templates: true, Age: true})
	if err != nil || len(got.Faces) != 3 {
		t.Fatalf("got %d faces, %v, want 3", len(got.Faces), err)
	}
	if diff := cmp.Diff([]int64{3}, ages); diff != "" {
		t.Errorf("batches of the age model (-want +got):\n%s", diff)
	}
}

// noted is a model that notes the sizes of its batches.
type noted struct {
	Model

	batches *[]int64
}

func (m noted) Run(in *pixel.Tensor, out []*pixel.Tensor) error {
	*m.batches = append(*m.batches, in.Shape[0])
	return m.Model.Run(in, out)
}
