package pixel

// Image is a picture of 8-bit RGB, three bytes a pixel, rows without padding. It is for
// one goroutine, and not changed once something was cut out of it.
type Image struct {
	Width, Height int
	Pix           []byte // 3·Width·Height bytes

	owner  *Buffers
	halved *Image // nil until it is wanted
}

// Release gives the pixels back to the Buffers they came from. The image must
// not be used afterwards. It does nothing on an image made otherwise, and on nil.
func (m *Image) Release() {
	if m == nil || m.owner == nil {
		return
	}
	m.halved.Release()
	m.owner.bytes.put(m.Pix)
	m.Pix, m.owner, m.halved = nil, nil, nil
}

// LongSide returns the longer of width and height.
func (m *Image) LongSide() int { return max(m.Width, m.Height) }

// row returns the bytes of row y.
func (m *Image) row(y int) []byte {
	n := 3 * m.Width
	return m.Pix[y*n : (y+1)*n : (y+1)*n]
}

// Cut returns a copy of the part of src that is width × height px and begins at
// column x and row y. All of it must lie within src.
func (b *Buffers) Cut(src *Image, x, y, width, height int) *Image {
	dst := b.Image(width, height)
	for row := range height {
		copy(dst.row(row), src.row(y + row)[3*x:])
	}
	return dst
}
