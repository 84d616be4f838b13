//go:build !unix

package repository

import (
	"os"

	"github.com/facekeep/facekeep/face"
)

// takeDir makes the data folder. Where there is no advisory lock the operator
// sees to it that one process uses it.
func takeDir(dir string) (release func() error, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, face.Wrap(face.Unavailable, err, "the data folder cannot be made")
	}
	return func() error { return nil }, nil
}
