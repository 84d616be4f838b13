package picture_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"strings"
	"testing"

	"github.com/facekeep/facekeep/engine/picture"
	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// pngHeader returns the first bytes of a PNG of a size, and nothing of its pixels.
func pngHeader(width, height uint32, depth, colour byte) []byte {
	chunk := binary.BigEndian.AppendUint32([]byte("IHDR"), width)
	chunk = binary.BigEndian.AppendUint32(chunk, height)
	chunk = append(chunk, depth, colour, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	out = append(out, chunk...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
}

// jpegOf returns a JPEG of a size that holds scans without data.
func jpegOf(width, height uint16, frame byte, scans int) []byte {
	out := []byte{0xff, 0xd8, 0xff, frame, 0, 17, 8}
	out = binary.BigEndian.AppendUint16(out, height)
	out = binary.BigEndian.AppendUint16(out, width)
	out = append(out, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0)
	for range scans {
		out = append(out, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0)
	}
	return append(out, 0xff, 0xd9)
}

func webpOf(chunk string, body []byte) []byte {
	out := append([]byte("RIFF\x00\x00\x00\x00WEBP"), chunk...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(body)))
	out = append(out, body...)
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}

// What a header alone gives away is refused by Open.
func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		data []byte
		kind face.Kind
		msg  string
	}{
		{"nothing", nil, face.Invalid, "empty"},
		{"text", []byte("hello, world, this is no picture"), face.Invalid, "not a JPEG, PNG or WebP picture"},
		{"GIF", []byte("GIF89a\x01\x00\x01\x00"), face.Invalid, "not a JPEG"},
		{"too many bytes", append([]byte("\xff\xd8\xff"), make([]byte, 1<<20)...), face.TooLarge, "1048579 bytes, at most 1048576"},
		{"vast PNG header", pngHeader(50000, 50000, 8, 2), face.TooLarge, "50000 x 50000"},
		{"overflowing PNG header", pngHeader(1<<31-1, 1<<31-1, 16, 6), face.TooLarge, "2147483647 x 2147483647"},
		{"long and thin PNG", pngHeader(1<<20, 1, 8, 0), face.TooLarge, "65535 a side"},
		{"deep PNG", pngHeader(7900, 7900, 16, 6), face.TooLarge, "MiB to decode"},
		{"PNG without width", pngHeader(0, 10, 8, 2), face.Invalid, "0 x 10"},
		{"PNG without IHDR", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIDAT0123456789abcdef"), face.Invalid, "damaged"},
		{"PNG signature alone", []byte("\x89PNG\r\n\x1a\n"), face.Invalid, "truncated"},
		{"vast JPEG", jpegOf(65500, 65500, 0xc0, 1), face.TooLarge, "65500 x 65500"},
		{"JPEG without height", jpegOf(100, 0, 0xc0, 1), face.Invalid, "100 x 0"},
		{"JPEG of very many scans", jpegOf(100, 100, 0xc2, 101), face.TooLarge, "101 scans"},
		{"large JPEG of many scans", jpegOf(7000, 7000, 0xc2, 60), face.TooLarge, "60 scans"},
		{"JPEG without a scan", jpegOf(100, 100, 0xc0, 0), face.Invalid, "truncated"},
		{"JPEG start alone", []byte("\xff\xd8\xff"), face.Invalid, "truncated"},
		{"vast WebP", webpOf("VP8L", []byte{0x2f, 0xff, 0xff, 0xff, 0x0f}), face.TooLarge, "16384 x 16384"},
		{"vast lossy WebP", webpOf("VP8 ", []byte{0, 0, 0, 0x9d, 1, 0x2a, 0xff, 0x3f, 0xff, 0x3f}), face.TooLarge, "16383 x 16383"},
		{"vast WebP canvas", webpOf("VP8X", []byte{0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}), face.TooLarge, "16777216"},
		{"WebP without a picture", webpOf("ICCP", []byte("none")), face.Invalid, "truncated"},
	}
	for name, c := range codecs(t, picture.Limits{MaxBytes: 1 << 20}) {
		for _, tt := range tests {
			t.Run(name+"/"+tt.name, func(t *testing.T) {
				t.Parallel()
				_, err := c.Open(tt.data)
				if got := face.KindOf(err); err == nil || got != tt.kind || !strings.Contains(face.MessageOf(err), tt.msg) {
					t.Errorf("got %v (%v), want a message with %q (%v)", err, got, tt.msg, tt.kind)
				}
			})
		}
	}
}

// What the header hides is found out by decoding, or before, and is Invalid.
func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	files := []string{
		"baseline.jpg", "progressive.jpg", "cmyk.jpg", "rgb.png", "palette.png", "deep.png", "lossy.webp", "lossless.webp", "alpha.webp",
	}
	for name, c := range codecs(t, picture.Limits{}) {
		for _, file := range files {
			t.Run(name+"/truncated "+file, func(t *testing.T) {
				t.Parallel()
				whole := readFile(t, "testdata/"+file)
				for _, n := range []int{len(whole) / 3, len(whole) / 2, len(whole) * 9 / 10, len(whole) - 14} {
					err := open(t.Context(), c, whole[:n])
					if err == nil || face.KindOf(err) != face.Invalid {
						t.Errorf("%d of %d bytes: got %v, want an Invalid error", n, len(whole), err)
					}
				}
			})
		}
	}
}

func TestDecodeTruncatedJPEGSaysSo(t *testing.T) {
	t.Parallel()
	data := readFile(t, "../../docs/portraits/biden.jpg")
	for name, c := range codecs(t, picture.Limits{}) {
		for _, n := range []int{len(data) / 2, len(data) - 2, 700} {
			err := open(t.Context(), c, data[:n])
			if face.KindOf(err) != face.Invalid || !strings.Contains(face.MessageOf(err), "truncated") {
				t.Errorf("%s, %d of %d bytes: got %v, want truncated", name, n, len(data), err)
			}
		}
	}
}

// open opens and decodes, and returns the first error.
func open(ctx context.Context, c *picture.Codec, data []byte) error {
	src, err := c.Open(data)
	if err != nil {
		return err
	}
	defer src.Close()
	m, err := src.Decode(ctx, 0)
	if err != nil {
		return err
	}
	m.Release()
	return nil
}

// Where two readers of a header could differ, the picture is refused rather than
// decoded into memory of another size.
func TestSecondFrameIsRefused(t *testing.T) {
	t.Parallel()
	data := readFile(t, "testdata/baseline.jpg")
	frame := jpegOf(200, 200, 0xc0, 0)[2:21]
	both := append(append(bytes.Clone(data[:2]), frame...), data[2:]...)
	for name, c := range codecs(t, picture.Limits{}) {
		if err := open(t.Context(), c, both); err == nil || face.KindOf(err) != face.Invalid {
			t.Errorf("%s: got %v, want an Invalid error", name, err)
		}
	}
}

func TestAnimationIsRefused(t *testing.T) {
	t.Parallel()
	c := newCodec(t, picture.Config{})
	if err := open(t.Context(), c, readFile(t, "testdata/animated.webp")); face.KindOf(err) != face.Invalid {
		t.Errorf("got %v, want an Invalid error", err)
	}
}

// Bytes behind the end of a JPEG are harmless: cameras put further pictures there.
func TestTrailingBytes(t *testing.T) {
	t.Parallel()
	data := append(bytes.Clone(readFile(t, "testdata/baseline.jpg")), "anything at all"...)
	for name, c := range codecs(t, picture.Limits{}) {
		if err := open(t.Context(), c, data); err != nil {
			t.Errorf("%s: got %v, want no error", name, err)
		}
	}
}

// Decoding waits for memory, and a context ends the wait.
func TestDecodeWaitsForMemory(t *testing.T) {
	t.Parallel()
	data := readFile(t, "testdata/rgb.png")
	c := newCodec(t, picture.Config{Limits: picture.Limits{Memory: testWidth * testHeight * 8}})
	first, err := c.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := first.Decode(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := open(ctx, c, data); !errors.Is(err, context.Canceled) {
		t.Errorf("while another is decoded: got %v, want %v", err, context.Canceled)
	}
	first.Close()
	if err := open(t.Context(), c, data); err != nil {
		t.Errorf("afterwards: got %v, want no error", err)
	}
}

func TestNewCodecNamesAMissingLibrary(t *testing.T) {
	t.Parallel()
	_, err := picture.NewCodec(picture.Config{Library: "/nowhere/libturbojpeg.so"}, new(pixel.Buffers))
	if err == nil || !strings.Contains(err.Error(), "/nowhere/libturbojpeg.so") {
		t.Errorf("got %v, want an error that names the library", err)
	}
}

// The library stops in the middle of a bad header. What it was about to do there must not
// happen to the next picture.
func TestRefusedHarmsNoOther(t *testing.T) {
	t.Parallel()
	c := withLibrary(t, picture.Limits{})
	good := readFile(t, "testdata/baseline.jpg")
	table := bytes.Index(good, []byte("\xff\xc4"))
	bad := bytes.Clone(good)
	bad[table+4] = 0x77 // there is no such table
	for _, eighths := range []int{8, 4, 8} {
		if _, rc, msg := c.DecodeLibrary(bad, eighths); rc >= 0 {
			t.Errorf("the bad picture: got %d (%s), want an error", rc, msg)
		}
		if _, rc, msg := c.DecodeLibrary(good, eighths); rc != 0 {
			t.Errorf("the picture behind a bad one: got %d (%s), want none", rc, msg)
		}
	}
}

// A picture without tables is none, whatever came before it.
func TestTablesAreNotLent(t *testing.T) {
	t.Parallel()
	c := withLibrary(t, picture.Limits{})
	good := readFile(t, "testdata/baseline.jpg")
	bare := withoutTables(t, good)
	for range 3 {
		if _, rc, msg := c.DecodeLibrary(good, 8); rc != 0 {
			t.Fatalf("the picture with tables: got %d (%s), want none", rc, msg)
		}
		if _, rc, msg := c.DecodeLibrary(bare, 8); rc >= 0 {
			t.Errorf("the picture without tables: got %d (%s), want an error", rc, msg)
		}
	}
}

// withoutTables leaves the segments of tables out of a JPEG file.
func withoutTables(t *testing.T, file []byte) []byte {
	t.Helper()
	out, rest := bytes.Clone(file[:2]), file[2:]
	for rest[1] != 0xda {
		size := 2 + int(binary.BigEndian.Uint16(rest[2:]))
		if rest[1] != 0xc4 && rest[1] != 0xdb {
			out = append(out, rest[:size]...)
		}
		rest = rest[size:]
	}
	return append(out, rest...)
}
