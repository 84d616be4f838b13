package load

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/facekeep/facekeep/face"
)

// maxBytes bounds the pictures of a run together, in bytes.
const maxBytes = 256 << 20

// formats are the endings of the files that count as pictures.
var formats = []string{".jpg", ".jpeg", ".png", ".webp"}

// Pictures reads the first pictures of a folder and what is below it, by name, at most
// so many and 256 MiB of them. None is Invalid.
func Pictures(dir string, most int) ([][]byte, error) {
	var out [][]byte
	left := int64(maxBytes)
	files := os.DirFS(dir)
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !d.Type().IsRegular() || !slices.Contains(formats, strings.ToLower(path.Ext(name))) {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if left -= info.Size(); left < 0 || len(out) == most {
			return fs.SkipAll
		}
		data, err := fs.ReadFile(files, name)
		out = append(out, data)
		return err
	})
	if err != nil {
		return nil, face.Wrap(face.Invalid, err, dir+" cannot be read")
	}
	if len(out) == 0 {
		return nil, face.Errorf(face.Invalid, "%s holds no pictures (%s)", dir, strings.Join(formats, ", "))
	}
	return out, nil
}

// bodies makes a body of JSON for each picture.
func bodies(pictures [][]byte, body func(i int) any) ([][]byte, error) {
	out := make([][]byte, len(pictures))
	for i := range pictures {
		var err error
		if out[i], err = json.Marshal(body(i)); err != nil {
			return nil, fmt.Errorf("make a request: %w", err)
		}
	}
	return out, nil
}
