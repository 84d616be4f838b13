package picture_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/facekeep/facekeep/engine/picture"
)

// eighthsAll are the scales that pictures are decoded at. Our own decoder does all but 3/8.
var eighthsAll = []int{1, 2, 3, 4, 8} //nolint:gochecknoglobals // a constant

// withLibrary returns a codec with libjpeg-turbo, the system's or that of make deps, or
// skips the test.
func withLibrary(tb testing.TB, limits picture.Limits) *picture.Codec {
	tb.Helper()
	c := newCodec(tb, picture.Config{Limits: limits})
	const ours = "../../lib/libturbojpeg.so.0"
	if _, err := os.Stat(ours); err == nil && c.Name() == "image/jpeg" {
		c = newCodec(tb, picture.Config{Library: ours, Limits: limits})
	}
	if c.Name() == "image/jpeg" {
		tb.Skip("libjpeg-turbo is not here")
	}
	return c
}

// comparePlain decodes a file both ways at every scale. It returns at how many the plain
// decoder did it.
func comparePlain(t *testing.T, c *picture.Codec, name string, data []byte) int {
	t.Helper()
	taken := 0
	for _, eighths := range eighthsAll {
		want, rc, msg := c.DecodeLibrary(data, eighths)
		forms := 0
		for _, form := range picture.PlainForms() {
			got, ok := c.DecodePlain(form, data, eighths)
			if !ok {
				continue
			}
			forms++
			if rc != 0 {
				t.Errorf("%s at %d/8, form %d: the library says %q", name, eighths, form, msg)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s at %d/8, form %d: the pixels differ from the library's", name, eighths, form)
			}
		}
		switch forms {
		case 0:
		case len(picture.PlainForms()):
			taken++
		default:
			t.Errorf("%s at %d/8: some forms decode it, others do not", name, eighths)
		}
	}
	return taken
}

// The decoder of plain pictures writes what the library writes, and does so for the
// pictures that it is for: of those made for the test, which cjpeg did, as their names say.
// Pictures of a few pixels are of the same size at several scales.
func TestPlain(t *testing.T) {
	t.Parallel()
	c := withLibrary(t, picture.Limits{})
	tests := map[string]int{
		"testdata/baseline.jpg": 4, "testdata/full444.jpg": 4, "testdata/grey.jpg": 4, "testdata/restart.jpg": 4, "testdata/turned.jpg": 4,
		"testdata/progressive.jpg":             0,
		"testdata/plain/plain-420-1x1-q75.jpg": 0, "testdata/plain/plain-444-1x1-q75.jpg": 1, "testdata/plain/plain-grey-1x1-q75.jpg": 1,
		"testdata/plain/plain-420-1x9-q90.jpg": 3, // chroma of a sample or two a row is not stretched as usual
	}
	for _, pattern := range []string{"testdata/plain/*.jpg", "../../docs/portraits/*.jpg"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) < 3 {
			t.Fatalf("got %v (%v), want files of %s", files, err, pattern)
		}
		for _, name := range files {
			if _, known := tests[name]; !known {
				tests[name] = 4
			}
			if strings.HasPrefix(filepath.Base(name), "other-") {
				tests[name] = 0
			}
		}
	}
	for name, want := range tests {
		if got := comparePlain(t, c, name, readFile(t, name)); got != want {
			t.Errorf("%s: decoded at %d scales, want %d", name, got, want)
		}
	}
}

// A flaw of any kind is for the library to judge, and what is no flaw is not.
func TestPlainFlaws(t *testing.T) {
	t.Parallel()
	c := withLibrary(t, picture.Limits{})
	whole := readFile(t, "testdata/plain/plain-420-70x50-q85-restart.jpg")
	scan := bytes.Index(whole, []byte("\xff\xda"))
	insert := func(at int, s string) []byte { return []byte(string(whole[:at]) + s + string(whole[at:])) }
	replace := func(before, after string) []byte { return bytes.Replace(whole, []byte(before), []byte(after), 1) }
	end := len(whole) - 2
	tests := []struct {
		name string
		data []byte
		want int
	}{
		{"as it is", whole, 4},
		{"extended sequential", replace("\xff\xc0", "\xff\xc1"), 4},
		{"a comment", insert(2, "\xff\xfe\x00\x03!"), 4},
		{"filler before a marker", insert(scan, "\xff\xff"), 4},
		{"filler before a restart marker", replace("\xff\xd0", "\xff\xff\xd0"), 4},
		{"bytes behind the end", insert(len(whole), "motion"), 4},
		{"JFIF of version 2", replace("JFIF\x00\x01", "JFIF\x00\x02"), 0},
		{"bytes before a marker", insert(scan, "\x00"), 0},
		{"bytes before the end marker", insert(end, "\x00"), 0},
		{"bytes before a restart marker", replace("\xff\xd0", "\x00\xff\xd0"), 0},
		{"another restart marker", replace("\xff\xd1", "\xff\xd2"), 0},
		{"no restart marker", replace("\xff\xd0", ""), 0},
		{"a comment behind the scan", insert(end, "\xff\xfe\x00\x03!"), 0},
		{"the scan twice", append(whole[:end:end], whole[scan:]...), 0},
		{"12 bits", replace("\xff\xc0\x00\x11\x08", "\xff\xc0\x00\x11\x0c"), 0},
	}
	for _, tt := range tests {
		if got := comparePlain(t, c, tt.name, tt.data); got != tt.want {
			t.Errorf("%s: decoded at %d scales, want %d", tt.name, got, tt.want)
		}
	}
}

// Photographs, as they come and as we encode them.
func TestPlainPhotographs(t *testing.T) {
	t.Parallel()
	c := withLibrary(t, picture.Limits{})
	files := sharedFiles(t, "images/people/*.jpg", 1)
	files = append(files, sharedFiles(t, "lfw/images/*/*_0001.jpg", 400)...)
	taken := 0
	for _, name := range files {
		taken += comparePlain(t, c, name, readFile(t, name))
	}
	if taken < len(files) {
		t.Errorf("%d of %d files were decoded at some scale, want more", taken, len(files))
	}
	for _, name := range append(sharedFiles(t, "images/people/dora_?.jpg", 1), "../../docs/portraits/obama.jpg") {
		m := decode(t, c, readFile(t, name), 0)
		for _, quality := range []int{1, 30, 75, 85, 92, 97, 100} {
			data, err := c.Encode(m.Image, quality)
			if err != nil {
				t.Fatal(err)
			}
			if got := comparePlain(t, c, fmt.Sprintf("%s, quality %d", name, quality), data); got != 4 {
				t.Errorf("%s, quality %d: decoded at %d scales, want 4", name, quality, got)
			}
		}
	}
}

// sharedFiles returns every so many of the files of a pattern below shared/, or skips the
// test.
func sharedFiles(tb testing.TB, pattern string, every int) []string {
	tb.Helper()
	for _, root := range []string{"../../shared", "../../../shared"} {
		all, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			tb.Fatal(err)
		}
		var some []string
		for i := 0; i < len(all); i += every {
			some = append(some, all[i])
		}
		if len(some) > 0 {
			return some
		}
	}
	tb.Skip("no shared/" + pattern + " here")
	return nil
}

// Nothing is read behind the file: what lies there may be no memory at all. A file that
// ends early is left to the library, wherever it ends.
func TestPlainAtTheEndOfMemory(t *testing.T) {
	t.Parallel()
	c := withLibrary(t, picture.Limits{})
	const room = 64 << 10
	memory, err := syscall.Mmap(-1, 0, room+syscall.Getpagesize(), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = syscall.Munmap(memory) }()
	if err := syscall.Mprotect(memory[room:], syscall.PROT_NONE); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"plain-420-70x50-q85-restart.jpg", "plain-444-33x17-q100.jpg", "plain-grey-17x33-q1.jpg"} {
		whole := readFile(t, "testdata/plain/"+name)
		for n := 4; n <= len(whole); n++ {
			data := memory[room-n : room : room]
			copy(data, whole[:n])
			for _, form := range picture.PlainForms() {
				if _, ok := c.DecodePlainAs(form, data, whole, 4); ok != (n == len(whole)) {
					t.Errorf("%s, %d bytes of %d: got %v", name, n, len(whole), ok)
				}
			}
		}
	}
}
