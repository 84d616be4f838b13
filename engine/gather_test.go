package engine

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/engine/pixel"
)

// gated is a model that doubles what it gets. Each run waits to be let through with an
// error or none, and its shape is noted.
type gated struct {
	constant

	pass   chan error
	shapes *[][]int64
}

func (m gated) Run(in *pixel.Tensor, out []*pixel.Tensor) error {
	*m.shapes = append(*m.shapes, slices.Clone(in.Shape))
	if err := <-m.pass; err != nil {
		return err
	}
	for i, v := range in.Data {
		out[0].Data[i] = 2 * v
	}
	return nil
}

// crowd is runs of a gated model that came one after the other.
type crowd struct {
	model  gated
	g      *gathering
	all    sync.WaitGroup
	errs   []error
	shapes [][]int64
}

func newCrowd() *crowd {
	c := new(crowd)
	c.model = gated{pass: make(chan error), shapes: &c.shapes}
	c.g = &gathering{Model: c.model, bufs: new(pixel.Buffers)}
	return c
}

// come wants runs of inputs of a shape, and returns when each runs or waits.
func (c *crowd) come(t *testing.T, shapes ...[]int64) {
	t.Helper()
	for _, shape := range shapes {
		n := len(c.errs)
		c.errs = append(c.errs, nil)
		c.all.Go(func() { c.errs[n] = c.run(float32(n), shape) })
		synctest.Wait()
	}
}

func (c *crowd) run(first float32, shape []int64) error {
	bufs := new(pixel.Buffers)
	in, out := bufs.Tensor(shape...), bufs.Tensor(shape...)
	for i := range in.Data {
		in.Data[i] = first + float32(i)/1024
	}
	if err := c.g.Run(in, []*pixel.Tensor{out}); err != nil {
		return err
	}
	for i, v := range in.Data {
		if out.Data[i] != 2*v {
			return fmt.Errorf("got %v at %d, want %v", out.Data[i], i, 2*v)
		}
	}
	return nil
}

// let lets runs through and waits for what follows.
func (c *crowd) let(errs ...error) {
	for _, err := range errs {
		c.model.pass <- err
		synctest.Wait()
	}
}

func TestGathering(t *testing.T) {
	t.Parallel()
	one, two, wide := []int64{1, 2, 3}, []int64{2, 2, 3}, []int64{1, 2, 4}
	tests := []struct {
		name string
		come [][]int64
		want [][]int64 // shapes of the runs
	}{
		{"alone", [][]int64{one}, [][]int64{one}},
		{"one waits", [][]int64{one, two}, [][]int64{one, two}},
		{"who waits goes together", [][]int64{one, one, two, one}, [][]int64{one, {4, 2, 3}}},
		{"another shape goes by itself", [][]int64{one, one, wide, two}, [][]int64{one, {3, 2, 3}, wide}},
		{"the first in line is in the next run", [][]int64{one, wide, one, one}, [][]int64{one, wide, two}},
		{"so many inputs", [][]int64{one, {20, 2, 3}, {20, 2, 3}, {12, 2, 3}}, [][]int64{one, {32, 2, 3}, {20, 2, 3}}},
		{"more inputs than are gathered", [][]int64{one, {40, 2, 3}, one}, [][]int64{one, {40, 2, 3}, one}},
		{"so many numbers", [][]int64{one, {1, 1, 5 << 20}, {1, 1, 5 << 20}}, [][]int64{one, {1, 1, 5 << 20}, {1, 1, 5 << 20}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newCrowd()
				c.come(t, tt.come...)
				c.let(make([]error, len(tt.want))...)
				c.all.Wait()
				if err := errors.Join(c.errs...); err != nil {
					t.Error(err)
				}
				if diff := cmp.Diff(tt.want, c.shapes); diff != "" {
					t.Errorf("runs (-want +got):\n%s", diff)
				}
				if c.g.busy || len(c.g.waiting) > 0 {
					t.Errorf("got busy %t and %d waiting at the end, want none", c.g.busy, len(c.g.waiting))
				}
			})
		})
	}
}

// somewhere is a runtime of another provider.
type somewhere struct {
	*fakeRuntime

	provider string
}

func (s somewhere) Provider() string { return s.provider }

// Runs are gathered, and made of many faces, where there is a GPU.
func TestGatheredByProvider(t *testing.T) {
	t.Parallel()
	for provider, gpu := range map[string]bool{"cpu": false, "cuda": true, "tensorrt": true} {
		n, err := loadNetworks(completeSet(), somewhere{fakeModels(), provider}, new(pixel.Buffers))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range n.loaded {
			if _, got := m.(*gathering); got != gpu {
				t.Errorf("%s: got a %T", provider, m)
			}
		}
		if got := n.extractor.most > 2; got != gpu || n.detector.most != n.extractor.most {
			t.Errorf("%s: got %d and %d faces in a run", provider, n.detector.most, n.extractor.most)
		}
		if err := n.close(); err != nil {
			t.Error(err)
		}
	}
}

// A run that fails fails for all who shared it, and for nobody else.
func TestGatheringFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, one, power := newCrowd(), []int64{1, 2}, errors.New("no power")
		c.come(t, one, one, one)
		c.let(nil)
		c.come(t, one)
		c.let(power, nil)
		c.all.Wait()
		if diff := cmp.Diff([]bool{false, true, true, false}, []bool{c.errs[0] != nil, errors.Is(c.errs[1], power), errors.Is(c.errs[2], power), c.errs[3] != nil}); diff != "" {
			t.Errorf("who got an error (-want +got):\n%s", diff)
		}
	})
}

// bomb is a model that waits to be let through and does not bear two inputs at a time.
type bomb struct {
	constant

	pass chan struct{}
}

func (m bomb) Run(in *pixel.Tensor, _ []*pixel.Tensor) error {
	<-m.pass
	if in.Shape[0] > 1 {
		panic("boom")
	}
	return nil
}

// A model that panics takes nobody with it but the one who ran it.
func TestGatheringPanics(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pass, bufs := make(chan struct{}), new(pixel.Buffers)
		g := &gathering{Model: bomb{pass: pass}, bufs: bufs}
		results := make([]any, 4)
		var all sync.WaitGroup
		for n := range results {
			all.Go(func() {
				defer func() {
					if r := recover(); r != nil {
						results[n] = r
					}
				}()
				if err := g.Run(bufs.Tensor(1, 2), []*pixel.Tensor{bufs.Tensor(1, 2)}); err != nil {
					results[n] = err
				}
			})
			if synctest.Wait(); n == 2 { // the others come when the first run is over
				pass <- struct{}{}
				synctest.Wait()
			}
		}
		pass <- struct{}{}
		synctest.Wait()
		pass <- struct{}{}
		all.Wait()
		if want := []any{nil, "boom", errAborted, nil}; !slices.Equal(results, want) {
			t.Errorf("got %v, want %v", results, want)
		}
	})
}
