package pixel

// #include "kernels.h"
import "C"

// Tensor is a block of float32 with its dimensions, the last one densest.
type Tensor struct {
	Shape []int64
	Data  []float32

	owner *Buffers
}

// Release gives the data back to the Buffers they came from. The tensor must
// not be used afterwards. It does nothing on a tensor made otherwise, and on nil.
func (t *Tensor) Release() {
	if t == nil || t.owner == nil {
		return
	}
	t.owner.floats.put(t.Data)
	t.Data, t.owner = nil, nil
}

// Norm says how a byte becomes a number for a model: (byte − Mean)·Scale for
// each of red, green and blue.
type Norm struct {
	Mean, Scale [3]float32
	BGR         bool // planes in the order blue, green, red
}

// Fill writes the image into a 1×3×H×W tensor as planes. The tensor may be
// larger than the image: what is right of it and below it becomes 0.
func (t *Tensor) Fill(m *Image, n *Norm) {
	h, w := int(t.Shape[2]), int(t.Shape[3])
	red, green, blue := t.Data[:h*w], t.Data[h*w:2*h*w], t.Data[2*h*w:3*h*w]
	if n.BGR {
		red, blue = blue, red
	}
	planes := [3][]float32{red, green, blue}
	if w == m.Width {
		fillPlanes(planes, m.Pix, n)
	} else {
		for y := range m.Height {
			fillPlanes([3][]float32{red[y*w:], green[y*w:], blue[y*w:]}, m.row(y), n)
			for _, p := range planes {
				clear(p[y*w+m.Width : (y+1)*w])
			}
		}
	}
	for _, p := range planes {
		clear(p[m.Height*w:])
	}
}

// fillPlanes writes pixels of packed RGB as three rows of numbers.
func fillPlanes(planes [3][]float32, rgb []byte, n *Norm) {
	C.pixel_planes(bytesAt(rgb), C.int32_t(len(rgb)/3), floatsAt(planes[0]), floatsAt(planes[1]), floatsAt(planes[2]),
		floatsAt(n.Mean[:]), floatsAt(n.Scale[:]), wide)
}

// table returns the 256 values of one channel.
func (n *Norm) table(channel int) *[256]float32 {
	var t [256]float32
	for i := range t {
		t[i] = (float32(i) - n.Mean[channel]) * n.Scale[channel]
	}
	return &t
}

// FillPixels writes the image into a 1×H×W×3 tensor of its size, pixel by pixel,
// the order of channels that models made for phones have.
func (t *Tensor) FillPixels(m *Image, n *Norm) {
	for c := range 3 {
		at := c
		if n.BGR {
			at = 2 - c
		}
		table := n.table(c)
		for i := c; i < len(m.Pix); i += 3 {
			t.Data[i-c+at] = table[m.Pix[i]]
		}
	}
}

// FillGrey writes the luma (ITU-R BT.601, 0…255) of the image, times a scale, into
// a 1×1×H×W tensor of its size.
func (t *Tensor) FillGrey(m *Image, scale float32) {
	for i := range t.Data {
		p := m.Pix[3*i : 3*i+3 : 3*i+3]
		t.Data[i] = (0.299*float32(p[0]) + 0.587*float32(p[1]) + 0.114*float32(p[2])) * scale
	}
}
