package picture

import "encoding/binary"

// readWebP looks through the chunks of a RIFF file. The size is the largest that
// any chunk claims, so that a small canvas cannot hide a large picture.
func readWebP(data []byte) (*header, error) {
	h := &header{format: WebP, orientation: 1, pixelBytes: 8}
	rest := data[12:]
	for len(rest) >= 8 {
		name := string(rest[:4])
		n := uint64(binary.LittleEndian.Uint32(rest[4:]))
		body := rest[8:]
		if n < uint64(len(body)) {
			body = body[:n]
		}
		h.webpChunk(name, body)
		n += n & 1 // chunks begin at even places
		if n > uint64(len(rest)-8) {
			break
		}
		rest = rest[8+n:]
	}
	if h.width == 0 {
		return nil, errTruncated(WebP)
	}
	return h, nil
}

func (h *header) webpChunk(name string, body []byte) {
	switch {
	case name == "VP8X" && len(body) >= 10:
		h.grow(1+int(uint24(body[4:])), 1+int(uint24(body[7:])))
	case name == "VP8 " && len(body) >= 10:
		const mask = 1<<14 - 1 // the upper two bits say how to scale for display
		h.grow(int(binary.LittleEndian.Uint16(body[6:]))&mask, int(binary.LittleEndian.Uint16(body[8:]))&mask)
	case name == "VP8L" && len(body) >= 5:
		bits := binary.LittleEndian.Uint32(body[1:])
		h.grow(1+int(bits&0x3fff), 1+int(bits>>14&0x3fff))
	case name == "EXIF" && h.orientation == 1:
		h.orientation = exifOrientation(body)
	}
}

func (h *header) grow(width, height int) {
	h.width, h.height = max(h.width, width), max(h.height, height)
}

func uint24(b []byte) uint32 { return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 }
