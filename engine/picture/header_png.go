package picture

import "encoding/binary"

// readPNG reads the size from IHDR and looks through the other chunks for eXIf,
// which may stand before or after the pixels. That the file is whole is left to
// the decoder.
func readPNG(data []byte) (*header, error) {
	const ihdr = 8 + 8 // the signature, then the length and name of the first chunk
	if len(data) < ihdr+13 {
		return nil, errTruncated(PNG)
	}
	w, h := binary.BigEndian.Uint32(data[ihdr:]), binary.BigEndian.Uint32(data[ihdr+4:])
	if string(data[12:16]) != "IHDR" || w > 1<<31-1 || h > 1<<31-1 {
		return nil, errDamaged(PNG, nil)
	}
	return &header{
		format: PNG, width: int(w), height: int(h),
		orientation: pngOrientation(data[8:]),
		grey:        data[ihdr+9] == pngGrey || data[ihdr+9] == pngGreyAlpha,
		pixelBytes:  pngPixelBytes(data[ihdr+8], data[ihdr+9]),
	}, nil
}

// Colour types without colour.
const (
	pngGrey      = 0
	pngGreyAlpha = 4
)

// pngPixelBytes returns what the decoded form of a bit depth and colour type
// takes.
func pngPixelBytes(depth, colour byte) float64 {
	n := 4.0
	if colour == pngGrey || colour == 3 { // or a palette
		n = 1
	}
	if depth == 16 {
		n *= 2
	}
	return n
}

// pngOrientation looks through the chunks for an orientation.
func pngOrientation(data []byte) int {
	for len(data) >= 12 {
		n := uint64(binary.BigEndian.Uint32(data))
		if n > uint64(len(data)-12) {
			break
		}
		if string(data[4:8]) == "eXIf" {
			return exifOrientation(data[8 : 8+n])
		}
		data = data[12+n:]
	}
	return 1
}
