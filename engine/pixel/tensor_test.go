package pixel_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/engine/pixel"
)

func TestFill(t *testing.T) {
	t.Parallel()
	m := grid(2, 2) // red 1…4, green 51…54, blue 101…104
	tests := []struct {
		name string
		norm pixel.Norm
		want []float32
	}{
		{
			"RGB, padded right and below", pixel.Norm{Scale: [3]float32{1, 1, 1}},
			[]float32{
				1, 2, 0, 3, 4, 0, 0, 0, 0,
				51, 52, 0, 53, 54, 0, 0, 0, 0,
				101, 102, 0, 103, 104, 0, 0, 0, 0,
			},
		},
		{
			"BGR with mean and scale", pixel.Norm{Mean: [3]float32{1, 51, 101}, Scale: [3]float32{1, 2, 3}, BGR: true},
			[]float32{
				0, 3, 0, 6, 9, 0, 0, 0, 0,
				0, 2, 0, 4, 6, 0, 0, 0, 0,
				0, 1, 0, 2, 3, 0, 0, 0, 0,
			},
		},
	}
	for _, tt := range tests {
		tensor := new(pixel.Buffers).Tensor(1, 3, 3, 3)
		for i := range tensor.Data {
			tensor.Data[i] = -7 // what a pool may leave behind
		}
		tensor.Fill(m, &tt.norm)
		if diff := cmp.Diff(tt.want, tensor.Data); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestFillMirrored(t *testing.T) {
	t.Parallel()
	batch := new(pixel.Buffers).Tensor(2, 3, 2, 3)
	for i := range batch.Data {
		batch.Data[i] = -7
	}
	batch.At(1).FillMirrored(grid(2, 2), &pixel.Norm{Scale: [3]float32{1, 1, 1}})
	want := []float32{
		2, 1, 0, 4, 3, 0,
		52, 51, 0, 54, 53, 0,
		102, 101, 0, 104, 103, 0,
	}
	if diff := cmp.Diff(want, batch.Row(1)); diff != "" {
		t.Errorf("the second of two (-want +got):\n%s", diff)
	}
	for i, v := range batch.Row(0) {
		if v != -7 {
			t.Fatalf("the first of two: got %v at %d, want it left alone", v, i)
		}
	}
}

func TestFillPixels(t *testing.T) {
	t.Parallel()
	m := grid(2, 1) // red 1, 2, green 51, 52, blue 101, 102
	tensor := new(pixel.Buffers).Tensor(1, 1, 2, 3)
	tensor.FillPixels(m, &pixel.Norm{Mean: [3]float32{1, 51, 101}, Scale: [3]float32{1, 2, 3}})
	if diff := cmp.Diff([]float32{0, 0, 0, 1, 2, 3}, tensor.Data); diff != "" {
		t.Errorf("RGB (-want +got):\n%s", diff)
	}
	tensor.FillPixels(m, &pixel.Norm{Scale: [3]float32{1, 1, 1}, BGR: true})
	if diff := cmp.Diff([]float32{101, 51, 1, 102, 52, 2}, tensor.Data); diff != "" {
		t.Errorf("BGR (-want +got):\n%s", diff)
	}
}

func TestFillGrey(t *testing.T) {
	t.Parallel()
	m := &pixel.Image{Width: 2, Height: 2, Pix: []byte{255, 255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255}}
	tensor := new(pixel.Buffers).Tensor(1, 1, 2, 2)
	tensor.FillGrey(m, 1./255)
	for i, want := range []float32{1, 0.299, 0.587, 0.114} {
		if got := tensor.Data[i]; got < want-1e-6 || got > want+1e-6 {
			t.Errorf("pixel %d: got %v, want %v", i, got, want)
		}
	}
}

func BenchmarkFill(b *testing.B) {
	var bufs pixel.Buffers
	m, tensor := bufs.Image(320, 214), bufs.Tensor(1, 3, 224, 320)
	norm := pixel.Norm{Scale: [3]float32{1, 1, 1}}
	for b.Loop() {
		tensor.Fill(m, &norm)
	}
}
