package engine

import (
	"errors"
	"slices"
	"sync"

	"github.com/facekeep/facekeep/engine/pixel"
)

// Bounds of what is gathered for one run.
const (
	gatheredInputs = 32
	gatheredFloats = 8 << 20 // of all inputs: six pictures of 640 px a side
)

var errAborted = errors.New("the run of the model was aborted")

// gathering is a model whose runs, where several are wanted at a time, are made together:
// what comes while one run is under way waits for it and shares the next one. So nobody
// waits who is alone, and nobody waits for a time that somebody chose. The first in line
// leads the next run, so that no goroutine is needed, and none can be passed over.
type gathering struct {
	Model

	bufs *pixel.Buffers

	mu      sync.Mutex
	busy    bool // a run is under way, or somebody was told to make one
	waiting []*wanted
}

// wanted is a run that somebody waits for.
type wanted struct {
	in   *pixel.Tensor
	out  []*pixel.Tensor
	lead chan []*wanted // of 1: those to be run together, itself the first
	done chan error     // of 1: it was run by another
}

// gathered returns a model with its runs gathered if that is of use: a GPU takes many
// inputs in hardly more time than one, the CPU does not.
func (l *loader) gathered(m Model) Model {
	if l.rt.Provider() == "cpu" {
		return m
	}
	return &gathering{Model: m, bufs: l.bufs}
}

// Run implements Model. The error of a run that was shared goes to all who shared it.
func (g *gathering) Run(in *pixel.Tensor, out []*pixel.Tensor) error {
	w := &wanted{in: in, out: out, lead: make(chan []*wanted, 1), done: make(chan error, 1)}
	g.enter(w)
	select {
	case err := <-w.done:
		return err
	case together := <-w.lead:
		return g.lead(together)
	}
}

// enter lets a run begin at once if there is none, else it waits.
func (g *gathering) enter(w *wanted) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.busy {
		g.waiting = append(g.waiting, w)
		return
	}
	g.busy = true
	w.lead <- []*wanted{w}
}

// lead makes the run of all of them, and passes on whatever becomes of it.
func (g *gathering) lead(together []*wanted) error {
	err := errAborted // unless the run returns
	defer func() {
		g.passOn()
		for _, w := range together[1:] {
			w.done <- err
		}
	}()
	err = g.runTogether(together)
	return err
}

// passOn tells the first of those who wait to lead the next run.
func (g *gathering) passOn() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.busy = len(g.waiting) > 0; !g.busy {
		return
	}
	first := g.waiting[0]
	together := []*wanted{first}
	inputs, floats := first.in.Shape[0], len(first.in.Data)
	var later []*wanted
	for _, w := range g.waiting[1:] {
		i, f := inputs+w.in.Shape[0], floats+len(w.in.Data)
		if i > gatheredInputs || f > gatheredFloats || !w.fits(first) {
			later = append(later, w)
			continue
		}
		together, inputs, floats = append(together, w), i, f
	}
	g.waiting = later
	first.lead <- together
}

// fits reports whether two runs differ in nothing but the number of their inputs.
func (w *wanted) fits(other *wanted) bool {
	return sameItems(w.in, other.in) && slices.EqualFunc(w.out, other.out, sameItems)
}

func sameItems(a, b *pixel.Tensor) bool { return slices.Equal(a.Shape[1:], b.Shape[1:]) }

// runTogether makes one run of several.
func (g *gathering) runTogether(together []*wanted) error {
	if len(together) == 1 {
		return g.Model.Run(together[0].in, together[0].out)
	}
	ins := make([]*pixel.Tensor, len(together))
	outs := make([][]*pixel.Tensor, len(together[0].out)) // of each output, those of the runs
	for n, w := range together {
		ins[n] = w.in
		for i, t := range w.out {
			outs[i] = append(outs[i], t)
		}
	}
	in, out := g.room(ins), make([]*pixel.Tensor, len(outs))
	defer in.Release()
	for i := range outs {
		out[i] = g.room(outs[i])
		defer out[i].Release()
	}
	join(in, ins)
	if err := g.Model.Run(in, out); err != nil {
		return err
	}
	for i := range outs {
		split(out[i], outs[i])
	}
	return nil
}

// room lends a tensor with room for all items of others.
func (g *gathering) room(parts []*pixel.Tensor) *pixel.Tensor {
	shape := slices.Clone(parts[0].Shape)
	for _, t := range parts[1:] {
		shape[0] += t.Shape[0]
	}
	return g.bufs.Tensor(shape...)
}

// join copies the parts into the whole.
func join(whole *pixel.Tensor, parts []*pixel.Tensor) {
	at := 0
	for _, t := range parts {
		at += copy(whole.Data[at:], t.Data)
	}
}

// split copies the whole into its parts.
func split(whole *pixel.Tensor, parts []*pixel.Tensor) {
	at := 0
	for _, t := range parts {
		at += copy(t.Data, whole.Data[at:])
	}
}
