package picture_test

import (
	"testing"

	"github.com/facekeep/facekeep/engine/picture"
)

// FuzzPlain: whatever the bytes, what our own decoder decodes is what the library does, and
// without a word of warning.
func FuzzPlain(f *testing.F) {
	for _, data := range picture.Files(f, "testdata/*.jpg", "testdata/plain/*.jpg") {
		f.Add(data)
	}
	c := withLibrary(f, picture.Limits{MaxBytes: 1 << 20, MaxPixels: 1 << 18})
	f.Fuzz(func(t *testing.T, data []byte) {
		comparePlain(t, c, "picture", data)
	})
}
