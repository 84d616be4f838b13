package pixel

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

// table returns the 256 values of one channel.
func (n *Norm) table(channel int) *[256]float32 {
	var t [256]float32
	for i := range t {
		t[i] = (float32(i) - n.Mean[channel]) * n.Scale[channel]
	}
	return &t
}

// Fill writes the image into a 1×3×H×W tensor as planes. The tensor may be
// larger than the image: what is right of it and below it becomes 0.
func (t *Tensor) Fill(m *Image, n *Norm) {
	h, w := int(t.Shape[2]), int(t.Shape[3])
	for c := range 3 {
		plane := c
		if n.BGR {
			plane = 2 - c
		}
		dst, table := t.Data[plane*h*w:(plane+1)*h*w], n.table(c)
		for y := range m.Height {
			fillRow(dst[y*w:(y+1)*w], m.row(y)[c:], table)
		}
		clear(dst[m.Height*w:])
	}
}

// fillRow maps every third byte of src into dst and clears the rest of dst.
func fillRow(dst []float32, src []byte, table *[256]float32) {
	x := 0
	for i := 0; i < len(src) && x < len(dst); i += 3 {
		dst[x] = table[src[i]]
		x++
	}
	clear(dst[x:])
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
