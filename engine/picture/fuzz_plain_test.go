package picture_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/facekeep/facekeep/engine/picture"
)

// FuzzPlain: whatever the bytes, what our own decoder decodes is what the library does, and
// without a word of warning.
func FuzzPlain(f *testing.F) {
	for _, pattern := range []string{"testdata/*.jpg", "testdata/plain/*.jpg"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	c := withLibrary(f, picture.Limits{MaxBytes: 1 << 20, MaxPixels: 1 << 18})
	f.Fuzz(func(t *testing.T, data []byte) {
		comparePlain(t, c, "picture", data)
	})
}
