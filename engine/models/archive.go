package models

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// maxUnpacked is how many bytes of an archive are unpacked in search of one
// member: more than any package of the manifest holds.
const maxUnpacked = 1 << 30

// openMember hands on the bytes of one member of an archive. Nothing else of it
// is unpacked, and the member's name is compared, never used as a path.
func openMember(path, member string, use func(io.Reader) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	name := filepath.Base(path)
	switch {
	case strings.HasSuffix(name, ".whl"), strings.HasSuffix(name, ".zip"):
		info, err := f.Stat()
		if err != nil {
			return err
		}
		err = zipMember(f, info.Size(), member, use)
		return inArchive(name, err)
	case strings.HasSuffix(name, ".tgz"), strings.HasSuffix(name, ".tar.gz"):
		return inArchive(name, tarMember(f, member, use))
	}
	return fmt.Errorf("%s is no archive that can be read", name)
}

func inArchive(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", name, err)
}

func zipMember(r io.ReaderAt, size int64, member string, use func(io.Reader) error) error {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return err
	}
	for _, f := range archive.File {
		if f.Name != member || !f.Mode().IsRegular() {
			continue
		}
		body, err := f.Open()
		if err != nil {
			return err
		}
		defer body.Close()
		return use(body)
	}
	return noMember(member)
}

func tarMember(r io.Reader, member string, use func(io.Reader) error) error {
	unzipped, err := gzip.NewReader(r)
	if err != nil {
		return err
	}
	archive := tar.NewReader(io.LimitReader(unzipped, maxUnpacked))
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return noMember(member)
		}
		if err != nil {
			return err
		}
		if header.Name == member && header.Typeflag == tar.TypeReg {
			return use(archive)
		}
	}
}

func noMember(member string) error { return fmt.Errorf("no member %q", member) }
