package pixel_test

import (
	"math/rand/v2"
	"syscall"
	"testing"

	"github.com/facekeep/facekeep/engine/pixel"
)

// No kernel reads behind its source: what lies there may be no memory at all.
func TestKernelsAtTheEndOfMemory(t *testing.T) { //nolint:paralleltest // the form is switched for all
	page := syscall.Getpagesize()
	memory, err := syscall.Mmap(-1, 0, 4*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = syscall.Munmap(memory) }()
	if err := syscall.Mprotect(memory[3*page:], syscall.PROT_NONE); err != nil {
		t.Fatal(err)
	}
	inEveryForm(t, func(*testing.T) {
		r := rand.New(rand.NewPCG(3, 4))
		for n := range 300 {
			width, height := 1+r.IntN(40), 1+r.IntN(40)
			size := 3 * width * height
			src := &pixel.Image{Width: width, Height: height, Pix: memory[3*page-size : 3*page : 3*page]}
			s := similarity(r, src)
			if n%2 == 0 { // as it is, also where it ends
				s = pixel.Similarity{A: 1, TX: r.Float64(), TY: r.Float64()}
			}
			var bufs pixel.Buffers
			bufs.Warp(src, s, 64, 64)
			bufs.Resize(src, 1+r.IntN(80), 1+r.IntN(80))
			norm := pixel.Norm{Scale: [3]float32{1, 1, 1}}
			bufs.Tensor(1, 3, 40, 40).Fill(src, &norm)
			bufs.Tensor(1, 3, 40, 40).FillMirrored(src, &norm)
		}
	})
}
