package pixel

// #cgo CFLAGS: -O3
// #cgo LDFLAGS: -lm
// #include "kernels.h"
import "C"

import "unsafe"

// wide is the form of the kernels that runs. Only tests change it.
var wide = int(C.pixel_wide()) //nolint:gochecknoglobals // a fact about the processor

// bytesAt returns where bytes begin, for C.
func bytesAt(p []byte) *C.uint8_t { return (*C.uint8_t)(unsafe.SliceData(p)) }

// floatsAt returns where numbers begin, for C.
func floatsAt(p []float32) *C.float { return (*C.float)(unsafe.SliceData(p)) }
