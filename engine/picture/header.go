package picture

import (
	"bytes"

	"github.com/facekeep/facekeep/face"
)

// Format is a file format of pictures.
type Format int

// The formats that are decoded.
const (
	JPEG Format = iota + 1
	PNG
	WebP
)

// String returns the name of the format.
func (f Format) String() string {
	switch f {
	case JPEG:
		return "JPEG"
	case PNG:
		return "PNG"
	case WebP:
		return "WebP"
	}
	return "unknown"
}

// header is what a file says of itself before it is decoded.
type header struct {
	format        Format
	width, height int     // px, as stored, before the orientation is applied
	orientation   int     // EXIF, 1…8
	grey          bool    // stored without colour
	pixelBytes    float64 // what the standard library's decoded form takes a pixel

	// Of a JPEG.
	scans       int
	components  int
	samples     float64 // a pixel, of all components: 3 at full, 1.5 at 4:2:0 sampling
	progressive bool
	adobe       bool // has an Adobe marker: CMYK is stored inverted
}

// memory returns the bytes that decoding holds at its peak, at most.
func (h *header) memory(turbo bool) int64 {
	perPixel := 3 + h.pixelBytes // the RGB, and what it is made from
	if h.format == JPEG {
		coefficient := 4.0
		if turbo {
			perPixel, coefficient = 3, 2
			if h.components == 4 {
				perPixel += 4 // the inks
			}
		}
		if h.progressive || h.scans > 1 { // the whole picture waits for its last scan
			perPixel += coefficient * h.samples
		}
	}
	return int64(perPixel * float64(h.width) * float64(h.height))
}

var errFormat = face.Errorf(face.Invalid, "not a JPEG, PNG or WebP picture")

// errTruncated says that a file stops before its picture does.
func errTruncated(f Format) error {
	return face.Errorf(face.Invalid, "the %s picture is truncated", f)
}

// errDamaged says that a file cannot be decoded, for a reason kept for the log.
func errDamaged(f Format, cause error) error {
	return face.Wrap(face.Invalid, cause, "the "+f.String()+" picture is damaged or of a kind that is not supported")
}

// readHeader reads what it needs of a file without decoding it.
func readHeader(data []byte) (*header, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return readJPEG(data)
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return readPNG(data)
	case len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return readWebP(data)
	}
	return nil, errFormat
}
