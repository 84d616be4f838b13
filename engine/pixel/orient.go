package pixel

// Upright returns the image turned and mirrored as an EXIF orientation of 1…8
// asks, so that a person sees it upright. For 1, and for any other number, that
// is the image itself; otherwise src is released.
func (b *Buffers) Upright(src *Image, orientation int) *Image {
	if orientation < 2 || orientation > 8 {
		return src
	}
	defer src.Release()
	return b.turned(src, orientation)
}

// turned returns the image turned as an orientation of 2…8 asks.
func (b *Buffers) turned(src *Image, orientation int) *Image {
	w, h := src.Width, src.Height
	if orientation >= 5 {
		w, h = h, w
	}
	dst := b.Image(w, h)
	// Walking along a row of dst walks through src in steps of stepX bytes,
	// along a column in steps of stepY.
	px, row := 3, 3*src.Width
	lastCol, lastRow := 3*(src.Width-1), row*(src.Height-1)
	var start, stepX, stepY int
	switch orientation {
	case 2: // mirrored
		start, stepX, stepY = lastCol, -px, row
	case 3: // upside down
		start, stepX, stepY = lastRow+lastCol, -px, -row
	case 4: // upside down, mirrored
		start, stepX, stepY = lastRow, px, -row
	case 5: // mirrored along the main diagonal
		start, stepX, stepY = 0, row, px
	case 6: // to be turned clockwise
		start, stepX, stepY = lastRow, -row, px
	case 7: // mirrored along the other diagonal
		start, stepX, stepY = lastRow+lastCol, -row, -px
	case 8: // to be turned anticlockwise
		start, stepX, stepY = lastCol, row, -px
	}
	for y := range h {
		from := start + y*stepY
		out := dst.row(y)
		for x := 0; x < len(out); x += 3 {
			copy(out[x:x+3], src.Pix[from:from+3])
			from += stepX
		}
	}
	return dst
}
