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

// At returns item i of a batch, a batch of one that shares the data.
func (t *Tensor) At(i int) *Tensor {
	shape := append([]int64{1}, t.Shape[1:]...)
	return &Tensor{Shape: shape, Data: t.Row(i)}
}

// Row returns the data of item i of a batch.
func (t *Tensor) Row(i int) []float32 {
	n := len(t.Data) / int(t.Shape[0])
	return t.Data[i*n : (i+1)*n : (i+1)*n]
}

// Fill writes the image into a 1×3×H×W tensor as planes. The tensor may be
// larger than the image: what is right of it and below it becomes 0.
func (t *Tensor) Fill(m *Image, n *Norm) { t.fill(m, n, 0) }

// FillMirrored is Fill of the image with left and right exchanged.
func (t *Tensor) FillMirrored(m *Image, n *Norm) { t.fill(m, n, 1) }

func (t *Tensor) fill(m *Image, n *Norm, mirrored C.int32_t) {
	h, w := int(t.Shape[2]), int(t.Shape[3])
	planes := [3][]float32{t.Data[:h*w], t.Data[h*w : 2*h*w], t.Data[2*h*w : 3*h*w]}
	red, green, blue := planes[0], planes[1], planes[2]
	if n.BGR {
		red, blue = blue, red
	}
	job := C.planes_job{width: C.int32_t(m.Width), height: C.int32_t(m.Height), stride: C.int32_t(w), mirrored: mirrored}
	for c := range 3 {
		job.mean[c], job.scale[c] = C.float(n.Mean[c]), C.float(n.Scale[c])
	}
	C.pixel_planes(&job, bytesAt(m.Pix), floatsAt(red), floatsAt(green), floatsAt(blue), C.int(wide))
	for _, p := range planes {
		for y := 0; m.Width < w && y < m.Height; y++ {
			clear(p[y*w+m.Width : (y+1)*w])
		}
		clear(p[m.Height*w:])
	}
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
