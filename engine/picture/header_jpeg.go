package picture

import (
	"bytes"
	"encoding/binary"
)

// Markers of a JPEG file (ITU-T T.81, table B.1), each behind a byte 0xff.
const (
	markerTEM   = 0x01
	markerSOF0  = 0xc0 // frame, baseline; c1…cf are other kinds, except
	markerDHT   = 0xc4
	markerJPG   = 0xc8
	markerDAC   = 0xcc
	markerRST0  = 0xd0
	markerRST7  = 0xd7
	markerEOI   = 0xd9
	markerSOS   = 0xda
	markerDQT   = 0xdb
	markerDRI   = 0xdd
	markerAPP0  = 0xe0
	markerAPP1  = 0xe1
	markerAPP14 = 0xee
	markerAPP15 = 0xef
	markerCOM   = 0xfe
)

// readJPEG walks over the whole file, marker by marker: the size must be known
// before decoding, the number of scans too, and a file without its end marker is
// truncated for every decoder alike.
func readJPEG(data []byte) (*header, error) {
	h := &header{format: JPEG, orientation: 1}
	rest := data[2:]
	for {
		marker, body, after := nextSegment(rest, h.scans > 0)
		switch marker {
		case 0:
			return nil, errTruncated(JPEG)
		case markerEOI:
			if h.width == 0 || h.scans == 0 {
				return nil, errTruncated(JPEG)
			}
			return h, nil
		}
		h.jpegSegment(marker, body)
		rest = after
	}
}

// jpegSegment takes from one marker segment what the header wants.
func (h *header) jpegSegment(marker byte, body []byte) {
	switch {
	case marker == markerSOS:
		h.scans++
	case marker == markerAPP1 && h.orientation == 1 && bytes.HasPrefix(body, exifPrefix):
		h.orientation = exifOrientation(body)
	case marker == markerAPP14 && bytes.HasPrefix(body, []byte("Adobe")):
		h.adobe = true
	case isFrame(marker) && len(body) >= 6 && h.width == 0:
		h.jpegFrame(body)
		h.progressive = marker&3 == 2
	}
}

// jpegFrame reads a frame header: precision, height, width, the number of
// components, and three bytes for each.
func (h *header) jpegFrame(body []byte) {
	h.height = int(binary.BigEndian.Uint16(body[1:]))
	h.width = int(binary.BigEndian.Uint16(body[3:]))
	h.components = int(body[5])
	h.grey = h.components == 1
	var sum, most float64
	for i := 6; i+3 <= len(body); i += 3 {
		n := float64(body[i+1]>>4) * float64(body[i+1]&15)
		sum, most = sum+n, max(most, n)
	}
	h.samples = sum / max(most, 1)
	h.pixelBytes = h.samples
}

func isFrame(marker byte) bool {
	return marker >= markerSOF0 && marker <= 0xcf &&
		marker != markerDHT && marker != markerJPG && marker != markerDAC
}

// nextSegment finds the next marker that counts, with the segment that it
// begins. In a scan, everything that cannot be a marker is skipped as data.
// Marker 0 means that there is none.
func nextSegment(data []byte, inScan bool) (marker byte, body, after []byte) {
	for {
		i := bytes.IndexByte(data, 0xff)
		if i < 0 || i+1 >= len(data) {
			return 0, nil, nil
		}
		marker, data = data[i+1], data[i+1:]
		switch {
		case marker == 0xff: // filler before a marker
			continue
		case marker == markerEOI:
			return marker, nil, nil
		case marker == 0 || marker == markerTEM || marker >= markerRST0 && marker <= markerRST7 || inScan && !followsScan(marker):
			continue
		}
		if len(data) < 3 {
			return 0, nil, nil
		}
		n := int(binary.BigEndian.Uint16(data[1:]))
		if n < 2 || 1+n > len(data) {
			return 0, nil, nil
		}
		return marker, data[3 : 1+n], data[1+n:]
	}
}

// followsScan reports whether a marker may stand after a scan has begun.
func followsScan(marker byte) bool {
	return marker == markerDHT || marker == markerDAC || marker >= markerSOS && marker <= markerDRI ||
		marker >= markerAPP0 && marker <= markerAPP15 || marker == markerCOM
}
