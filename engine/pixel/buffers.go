package pixel

// keepBytes is how much memory of each kind is kept for the next picture at most:
// enough for the workers of a usual machine, and no one huge picture keeps its
// memory for ever.
const keepBytes = 32 << 20

// Buffers lends the memory of images and tensors and takes it back, so that a
// steady stream of pictures costs little garbage. The zero value is ready to use,
// by any number of goroutines.
type Buffers struct {
	bytes  shelf[byte]
	floats shelf[float32]
}

// Image returns an image whose pixels are not cleared.
func (b *Buffers) Image(width, height int) *Image {
	return &Image{Width: width, Height: height, Pix: b.bytes.get(3 * width * height), owner: b}
}

// Tensor returns a tensor of a shape; its data are not cleared.
func (b *Buffers) Tensor(shape ...int64) *Tensor {
	n := 1
	for _, d := range shape {
		n *= int(d)
	}
	return &Tensor{Shape: shape, Data: b.floats.get(n), owner: b}
}
