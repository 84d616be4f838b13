package picture

/*
#cgo LDFLAGS: -ldl
#include <stdlib.h>
#include "turbo.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"strings"
	"unsafe"

	"github.com/facekeep/facekeep/engine/pixel"
)

// turbo is libjpeg-turbo, loaded at run time, so that one program runs with and
// without it and building needs no header of it.
type turbo struct {
	lib      *C.turbo
	name     string // the path or soname it was loaded by
	encoders chan unsafe.Pointer
	plain    plainForm // what decodes plain pictures
}

const reasonSize = 256 // of a message of the library; its own limit is 200

// openTurbo loads the library by path, or by soname through the system's loader.
// It keeps up to idle encoders for the next picture.
func openTurbo(name string, idle int) (*turbo, error) {
	path := C.CString(name)
	defer C.free(unsafe.Pointer(path))
	var reason [reasonSize]C.char
	lib := C.turbo_open(path, &reason[0], reasonSize)
	if lib == nil {
		return nil, errors.New(C.GoString(&reason[0]))
	}
	return &turbo{
		lib: lib, name: name, plain: fastestPlain(),
		encoders: make(chan unsafe.Pointer, idle),
	}, nil
}

// scaled returns a length at num/8 of its size as the library rounds it.
func scaled(length, num int) int { return (length*num + 7) / 8 }

// decode decodes a file of a header into dst, at eighths/8 of its size. A picture of
// four components is decoded as it is stored, four bytes a pixel; all others to RGB.
// What plainDecode can do does not reach the library.
func (t *turbo) decode(data []byte, f *header, dst []byte, eighths int) error {
	if plainDecode(t.plain, data, f, dst, eighths) {
		return nil
	}
	rc, msg, err := t.libraryDecode(data, f, dst, eighths)
	switch {
	case err != nil:
		return err
	case rc == 0:
		return nil
	case strings.Contains(msg, "Premature end of JPEG file"):
		return errTruncated(JPEG)
	case rc > 0:
		return nil // a warning: viewers show such a picture too
	}
	return errDamaged(JPEG, errors.New(msg))
}

// libraryDecode does the same with nothing but the library. rc is 0 for a whole picture, 1
// for one with a warning, and −1 for none; msg says why it is not 0.
//
// Each picture has a decoder of its own. One that is used again keeps the tables of the
// picture before, and uses them for one that has none; and after a bad header it goes on
// with that header in the next file.
func (t *turbo) libraryDecode(data []byte, f *header, dst []byte, eighths int) (rc int, msg string, err error) {
	h := C.turbo_new_decoder(t.lib)
	if h == nil {
		return 0, "", errNoMemory
	}
	defer C.turbo_free(t.lib, h)
	var reason [reasonSize]C.char
	asCMYK := C.int(0)
	if f.components == 4 {
		asCMYK = 1
	}
	rc = int(C.turbo_decode(t.lib, h, (*C.uchar)(unsafe.SliceData(data)), C.ulong(len(data)),
		C.int(f.width), C.int(f.height), (*C.uchar)(unsafe.SliceData(dst)),
		C.int(scaled(f.width, eighths)), C.int(scaled(f.height, eighths)), asCMYK, &reason[0], reasonSize))
	return rc, C.GoString(&reason[0]), nil
}

var errNoMemory = errors.New("libjpeg-turbo is out of memory")

// encode writes an image as a JPEG of a quality of 1…100.
func (t *turbo) encode(m *pixel.Image, quality int) ([]byte, error) {
	h, err := t.encoder()
	if err != nil {
		return nil, err
	}
	defer t.putBack(h)
	size := C.turbo_bound(t.lib, C.int(m.Width), C.int(m.Height))
	out := make([]byte, size)
	var reason [reasonSize]C.char
	rc := C.turbo_encode(t.lib, h, (*C.uchar)(unsafe.SliceData(m.Pix)), C.int(m.Width), C.int(m.Height),
		(*C.uchar)(unsafe.SliceData(out)), &size, C.int(quality), &reason[0], reasonSize)
	if rc != 0 {
		return nil, fmt.Errorf("encode JPEG: %s", C.GoString(&reason[0]))
	}
	return append([]byte(nil), out[:size]...), nil
}

// encoder returns an encoder that was used before, or a new one.
func (t *turbo) encoder() (unsafe.Pointer, error) {
	select {
	case h := <-t.encoders:
		return h, nil
	default:
	}
	h := C.turbo_new_encoder(t.lib)
	if h == nil {
		return nil, errNoMemory
	}
	return h, nil
}

func (t *turbo) putBack(h unsafe.Pointer) {
	select {
	case t.encoders <- h:
	default:
		C.turbo_free(t.lib, h)
	}
}

// close frees the idle encoders. The library itself stays loaded.
func (t *turbo) close() {
	for len(t.encoders) > 0 {
		C.turbo_free(t.lib, <-t.encoders)
	}
}
