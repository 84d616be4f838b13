package picture

import "github.com/facekeep/facekeep/face"

// Default limits, which a zero field of Limits stands for.
const (
	DefaultMaxBytes  = 32 << 20
	DefaultMaxPixels = 64 << 20
	DefaultMemory    = 512 << 20
)

// Bounds that are not configuration: no camera comes near them.
const (
	maxSide       = 65535   // px; what a JPEG can say
	maxScans      = 100     // of a progressive JPEG; encoders write about ten
	maxScanPixels = 2 << 30 // scans × pixels: bounds the time a progressive JPEG takes
)

// Limits bound what is decoded at all. A zero field is its default.
type Limits struct {
	MaxBytes  int   // of the file
	MaxPixels int   // width × height
	Memory    int64 // bytes that all pictures being decoded at a time may take
}

func (l Limits) withDefaults() Limits {
	if l.MaxBytes <= 0 {
		l.MaxBytes = DefaultMaxBytes
	}
	if l.MaxPixels <= 0 {
		l.MaxPixels = DefaultMaxPixels
	}
	if l.Memory <= 0 {
		l.Memory = DefaultMemory
	}
	return l
}

// check refuses a header that promises more than the limits allow.
func (l Limits) check(h *header, memory int64) error {
	if h.width < 1 || h.height < 1 {
		return face.Errorf(face.Invalid, "the picture is %d x %d pixels, that is nothing to look at", h.width, h.height)
	}
	if h.width > maxSide || h.height > maxSide {
		return face.Errorf(face.TooLarge, "the picture is %d x %d pixels, at most %d a side are accepted", h.width, h.height, maxSide)
	}
	pixels := int64(h.width) * int64(h.height)
	if pixels > int64(l.MaxPixels) {
		return face.Errorf(face.TooLarge, "the picture is %d x %d pixels, at most %d in all are accepted", h.width, h.height, l.MaxPixels)
	}
	if h.scans > maxScans || pixels*int64(h.scans) > maxScanPixels {
		return face.Errorf(face.TooLarge, "the picture is %d x %d pixels in %d scans, which is too much to decode", h.width, h.height, h.scans)
	}
	if memory > l.Memory {
		return face.Errorf(face.TooLarge, "the picture is %d x %d pixels of a kind that takes %d MiB to decode, at most %d are lent",
			h.width, h.height, memory>>20, l.Memory>>20)
	}
	return nil
}
