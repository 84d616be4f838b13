package models

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
)

// HashError is a file whose bytes are not those of the manifest.
type HashError struct {
	File      string // its name in the manifest
	Path      string // the path or the address the bytes came from
	Want, Got string // sha256, hex; Got is empty where the bytes were not read to their end
	WantSize  int64
	GotSize   int64 // -1: more than WantSize
}

// Error names the file, where it was found, and both hashes.
func (e *HashError) Error() string {
	if e.Got == "" {
		return fmt.Sprintf("wrong file: %s from %s is longer than %d bytes", e.File, e.Path, e.WantSize)
	}
	return fmt.Sprintf("wrong hash: %s from %s has sha256 %s (%d bytes), the manifest has %s (%d bytes)",
		e.File, e.Path, e.Got, e.GotSize, e.Want, e.WantSize)
}

// readChecked returns the bytes of the model at path, or a *HashError. No more
// than the model's size is held in memory, whatever lies there.
func (model Model) readChecked(path string) ([]byte, error) {
	var buf bytes.Buffer
	buf.Grow(int(model.Size))
	err := model.check(path, &limitedBuffer{buf: &buf, left: model.Size})
	if err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// check reads the file at path to its end, hands its bytes to each as they
// come, and returns a *HashError if they are not the model's.
func (model Model) check(path string, each io.Writer) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(sum, each), f)
	if err != nil {
		return err
	}
	return model.match(path, hex.EncodeToString(sum.Sum(nil)), n)
}

// match compares what was found at path with the manifest.
func (model Model) match(path, sum string, size int64) error {
	if sum == model.SHA256 && size == model.Size {
		return nil
	}
	return &HashError{
		File: model.File, Path: path,
		Want: model.SHA256, Got: sum,
		WantSize: model.Size, GotSize: size,
	}
}

// limitedBuffer keeps the first bytes written to it and lets the rest go by.
type limitedBuffer struct {
	buf  *bytes.Buffer
	left int64
}

func (b *limitedBuffer) Write(p []byte) (int, error) {
	keep := min(int64(len(p)), b.left)
	b.buf.Write(p[:keep])
	b.left -= keep
	return len(p), nil
}
