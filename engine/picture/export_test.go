package picture

import (
	"os"
	"path/filepath"
	"testing"
)

// Files returns the bytes of the files of patterns.
func Files(tb testing.TB, patterns ...string) [][]byte {
	tb.Helper()
	var all [][]byte
	for _, pattern := range patterns {
		names, err := filepath.Glob(pattern)
		if err != nil {
			tb.Fatal(err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				tb.Fatal(err)
			}
			all = append(all, data)
		}
	}
	return all
}

// PlainForms are the forms of our own decoder of plain pictures, from the portable one to
// the widest of this processor.
func PlainForms() []int {
	var all []int
	for f := plainPortable; f <= widestPlain(); f++ {
		all = append(all, int(f))
	}
	return all
}

// LibraryOnly keeps a codec from using that decoder.
func (c *Codec) LibraryOnly() { c.turbo.plain = plainLibrary }

// DecodePlain decodes with nothing but a form of that decoder, and reports whether it
// would.
func (c *Codec) DecodePlain(form int, data []byte, eighths int) (pix []byte, ok bool) {
	f, err := readHeader(data)
	if err != nil || c.limits.check(f, f.memory(true)) != nil {
		return nil, false
	}
	return c.DecodePlainAs(form, data, data, eighths)
}

// DecodeLibrary decodes with nothing but the library, which returns 0 if it has nothing to
// say. Four inks are four bytes a pixel.
func (c *Codec) DecodeLibrary(data []byte, eighths int) (pix []byte, rc int, msg string) {
	f, err := readHeader(data)
	if err == nil {
		err = c.limits.check(f, f.memory(true))
	}
	if err != nil {
		return nil, -1, err.Error()
	}
	pix = make([]byte, max(f.components, 3)*scaled(f.width, eighths)*scaled(f.height, eighths))
	rc, msg, err = c.turbo.libraryDecode(data, f, pix, eighths)
	if err != nil {
		return nil, -1, err.Error()
	}
	return pix, rc, msg
}

// DecodePlainAs does so with the header of another file.
func (c *Codec) DecodePlainAs(form int, data, other []byte, eighths int) (pix []byte, ok bool) {
	f, err := readHeader(other)
	if err != nil {
		return nil, false
	}
	pix = make([]byte, 3*scaled(f.width, eighths)*scaled(f.height, eighths))
	return pix, plainDecode(plainForm(form), data, f, pix, eighths)
}
