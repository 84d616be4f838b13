package models

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"
)

const member = "package/model/a.onnx"

// take reads no more of a member than the real reader would.
func take(got *[]byte, calls *int) func(io.Reader) error {
	return func(r io.Reader) error {
		*calls++
		data, err := io.ReadAll(io.LimitReader(r, 1<<20))
		*got = data
		return err
	}
}

func tarball(tb testing.TB, headers ...tar.Header) []byte {
	tb.Helper()
	var buf bytes.Buffer
	zipped := gzip.NewWriter(&buf)
	archive := tar.NewWriter(zipped)
	for _, h := range headers {
		text := strings.Repeat("x", int(h.Size))
		if err := archive.WriteHeader(&h); err != nil {
			tb.Fatal(err)
		}
		if _, err := io.WriteString(archive, text); err != nil {
			tb.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		tb.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		tb.Fatal(err)
	}
	return buf.Bytes()
}

func zipball(tb testing.TB, names ...string) []byte {
	tb.Helper()
	var buf bytes.Buffer
	archive := zip.NewWriter(&buf)
	for _, name := range names {
		w, err := archive.Create(name)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := io.WriteString(w, strings.Repeat("x", 100)); err != nil && !strings.HasSuffix(name, "/") {
			tb.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		tb.Fatal(err)
	}
	return buf.Bytes()
}

// A link under the member's name is not the member: it could name any file.
func TestTarMember_takesFilesOnly(t *testing.T) {
	t.Parallel()
	link := tar.Header{Name: member, Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}
	folder := tar.Header{Name: member, Typeflag: tar.TypeDir, Mode: 0o700}
	file := tar.Header{Name: member, Typeflag: tar.TypeReg, Size: 100}
	tests := []struct {
		name    string
		headers []tar.Header
		want    int // bytes; -1: no such member
	}{
		{"a file", []tar.Header{file}, 100},
		{"a link", []tar.Header{link}, -1},
		{"a folder", []tar.Header{folder}, -1},
		{"a link, then a file", []tar.Header{link, file}, 100},
		{"another path to it", []tar.Header{{Name: "./" + member, Typeflag: tar.TypeReg, Size: 100}}, -1},
		{"nothing", nil, -1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []byte
			var calls int
			err := tarMember(bytes.NewReader(tarball(t, tt.headers...)), member, take(&got, &calls))
			if (err == nil) != (tt.want >= 0) || len(got) != max(0, tt.want) {
				t.Errorf("tarMember() = %d bytes, %v, want %d", len(got), err, tt.want)
			}
		})
	}
}

func FuzzTarMember(f *testing.F) {
	good := tarball(f, tar.Header{Name: "package/package.json", Typeflag: tar.TypeReg, Size: 10}, tar.Header{Name: member, Typeflag: tar.TypeReg, Size: 100})
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add(tarball(f, tar.Header{Name: member, Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		var got []byte
		var calls int
		if err := tarMember(bytes.NewReader(data), member, take(&got, &calls)); err == nil && calls != 1 {
			t.Errorf("tarMember() error = nil after %d members, want one", calls)
		}
	})
}

func FuzzZipMember(f *testing.F) {
	good := zipball(f, "package/package.json", member)
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add(zipball(f, member+"/", "other"))
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var got []byte
		var calls int
		if err := zipMember(bytes.NewReader(data), int64(len(data)), member, take(&got, &calls)); err == nil && calls != 1 {
			t.Errorf("zipMember() error = nil after %d members, want one", calls)
		}
	})
}
