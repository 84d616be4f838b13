package engine

import (
	"context"

	"github.com/facekeep/facekeep/engine/pixel"
)

// How many faces of a picture a run of a model takes at most. On the CPU a third face
// saves nothing more, and the memory that it takes is kept for the next picture; a GPU
// idles below some tens.
const (
	facesPerRunCPU = 2
	facesPerRunGPU = 32
)

// facesPerRun returns what is best for a provider of the runtime.
func facesPerRun(provider string) int {
	if provider == "cpu" {
		return facesPerRunCPU
	}
	return facesPerRunGPU
}

// batched runs a model on many inputs at a time. There may be several models that take
// the same inputs and give outputs of one size.
type batched struct {
	models []Model
	bufs   *pixel.Buffers
	most   int     // inputs of a run at most, at least 1
	takes  []int64 // dimensions of one input
	gives  []int64 // and of what a model gives for it
}

// batched returns the runs of models that are loaded.
func (l *loader) batched(takes, gives []int64, models ...Model) batched {
	return batched{models: models, bufs: l.bufs, most: facesPerRun(l.rt.Provider()), takes: takes, gives: gives}
}

// run runs the models on n inputs. fill writes input i into a batch of one, read reads
// what a model gives for it, which is lent for the call: once for each model, in their
// order. Between runs the context is heeded.
func (b *batched) run(ctx context.Context, n int, fill func(i int, in *pixel.Tensor), read func(i int, out []float32) error) error {
	for from := 0; from < n; from += b.most {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := b.runOnce(from, min(from+b.most, n), fill, read); err != nil {
			return err
		}
	}
	return nil
}

// runOnce runs the models on the inputs from…to.
func (b *batched) runOnce(from, to int, fill func(i int, in *pixel.Tensor), read func(i int, out []float32) error) error {
	in, out := b.tensor(to-from, b.takes), b.tensor(to-from, b.gives)
	defer in.Release()
	defer out.Release()
	for i := from; i < to; i++ {
		fill(i, in.At(i-from))
	}
	for _, m := range b.models {
		if err := m.Run(in, []*pixel.Tensor{out}); err != nil {
			return err
		}
		for i := from; i < to; i++ {
			if err := read(i, out.Row(i-from)); err != nil {
				return err
			}
		}
	}
	return nil
}

// tensor lends a batch of n items.
func (b *batched) tensor(n int, item []int64) *pixel.Tensor {
	return b.bufs.Tensor(append([]int64{int64(n)}, item...)...)
}
