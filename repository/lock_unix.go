//go:build unix

package repository

import (
	"os"
	"path/filepath"
	"syscall"

	"github.com/facekeep/facekeep/face"
)

// takeDir makes the data folder and locks it until the returned function is
// called or the process ends. The index of a process lives in its memory, so a
// second process on the same folder would answer searches with less than is
// there.
func takeDir(dir string) (release func() error, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, face.Wrap(face.Unavailable, err, "the data folder cannot be made")
	}
	f, err := os.OpenFile(filepath.Join(dir, "facekeep.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, face.Wrap(face.Unavailable, err, "the data folder cannot be written")
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, face.Wrap(face.Unavailable, errDirInUse, "the data folder is in use by another process")
	}
	return f.Close, nil
}
