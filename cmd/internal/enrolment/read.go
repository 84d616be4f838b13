package enrolment

import (
	"errors"
	"io"
	"os"

	"github.com/facekeep/facekeep/face"
)

// maxPicture bounds a file, in bytes: in base64, and with what goes around it, it is
// as much as servers take by default.
const maxPicture = 47 << 20

// read returns the bytes of a picture. What cannot be read, and what is too large, is
// Invalid, in words for the report.
func read(path string) ([]byte, error) {
	// To open a pipe would wait for who writes to it.
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, face.Errorf(face.Invalid, "it is not a file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, face.Wrap(face.Invalid, err, "the file cannot be read: "+cause(err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxPicture+1))
	if err != nil {
		return nil, face.Wrap(face.Invalid, err, "the file cannot be read: "+cause(err))
	}
	if len(data) > maxPicture {
		return nil, face.Errorf(face.TooLarge, "the file is larger than %d MiB", maxPicture>>20)
	}
	return data, nil
}

// cause is what went wrong, without the path, which the report names already.
func cause(err error) string {
	if e, ok := errors.AsType[*os.PathError](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}
