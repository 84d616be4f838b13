package picture

import (
	"bytes"
	"encoding/binary"
)

var exifPrefix = []byte("Exif\x00\x00")

const (
	tagOrientation = 0x0112
	typeShort      = 3
	maxEntries     = 512 // of a directory; cameras write some dozens
)

// exifOrientation returns the orientation, 1…8, that a block of EXIF data asks
// for, and 1 for anything it does not understand: a picture is never refused for
// its EXIF data. The "Exif" prefix is optional.
func exifOrientation(block []byte) int {
	tiff := bytes.TrimPrefix(block, exifPrefix)
	order := tiffOrder(tiff)
	if order == nil {
		return 1
	}
	dir := uint64(order.Uint32(tiff[4:]))
	if dir+2 > uint64(len(tiff)) {
		return 1
	}
	entries := tiff[dir+2:]
	n := min(int(order.Uint16(tiff[dir:])), len(entries)/12, maxEntries)
	for i := range n {
		if v, ok := orientationEntry(order, entries[12*i:12*i+12]); ok {
			return v
		}
	}
	return 1
}

// tiffOrder returns the byte order of TIFF data, or nil if they are none.
func tiffOrder(tiff []byte) binary.ByteOrder {
	if len(tiff) < 8 {
		return nil
	}
	switch string(tiff[:4]) {
	case "II*\x00":
		return binary.LittleEndian
	case "MM\x00*":
		return binary.BigEndian
	}
	return nil
}

// orientationEntry reads a directory entry: tag, type, count and value.
func orientationEntry(order binary.ByteOrder, entry []byte) (int, bool) {
	if order.Uint16(entry) != tagOrientation {
		return 0, false
	}
	v := int(order.Uint16(entry[8:]))
	if order.Uint16(entry[2:]) != typeShort || order.Uint32(entry[4:]) != 1 || v < 1 || v > 8 {
		return 1, true
	}
	return v, true
}
