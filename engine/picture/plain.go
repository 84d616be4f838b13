package picture

// #cgo CFLAGS: -O3
// #include "plain.h"
import "C"

import "unsafe"

// plainForm says what decodes plain pictures.
type plainForm int

// The library, or our own decoder in one of its forms.
const (
	plainLibrary  plainForm = -1
	plainPortable plainForm = C.PLAIN_PORTABLE
)

// widestPlain returns the widest form that this processor runs.
func widestPlain() plainForm { return plainForm(C.plain_wide()) }

// fastestPlain returns the form to use: none, if it is the portable one. The library has
// vector code for more processors.
func fastestPlain() plainForm {
	if form := widestPlain(); form != plainPortable {
		return form
	}
	return plainLibrary
}

// plainDecode decodes a file into packed RGB at eighths/8 of its size, if it is a plain
// and flawless JPEG. It reports whether it did: then dst holds what the library would have
// written, to the byte, and it would have found nothing to say. Otherwise dst may hold
// anything.
func plainDecode(form plainForm, data []byte, f *header, dst []byte, eighths int) bool {
	if form == plainLibrary || f.progressive || f.scans != 1 || f.components != 1 && f.components != 3 {
		return false
	}
	if eighths == 3 || !onlyScale(f.width, f.height, eighths) {
		return false
	}
	return C.plain_decode((*C.uint8_t)(unsafe.SliceData(data)), C.size_t(len(data)), C.int32_t(f.width), C.int32_t(f.height),
		C.int32_t(eighths), (*C.uint8_t)(unsafe.SliceData(dst)), C.int(form)) != 0
}

// onlyScale reports whether no larger scale yields a picture of the same size. The library
// is told the size alone, and takes the largest scale: that is another one where both
// sides are a few pixels.
func onlyScale(width, height, eighths int) bool {
	return scaled(width, eighths+1) > scaled(width, eighths) || scaled(height, eighths+1) > scaled(height, eighths)
}
