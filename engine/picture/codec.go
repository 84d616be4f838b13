package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"runtime"

	"golang.org/x/sync/semaphore"

	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// soname is what the system's loader knows libjpeg-turbo by.
const soname = "libturbojpeg.so.0"

// Library names for Config.Library.
const (
	AnyLibrary = ""   // libjpeg-turbo if the system's loader finds it
	NoLibrary  = "go" // the standard library
)

// Config says how pictures are decoded. The zero value is usable.
type Config struct {
	Library string // path of libturbojpeg, or AnyLibrary, or NoLibrary
	Limits  Limits
}

// Codec decodes and encodes pictures. It may be used by many goroutines at once.
type Codec struct {
	limits Limits
	turbo  *turbo // nil without libjpeg-turbo
	bufs   *pixel.Buffers
	memory *semaphore.Weighted // bytes, of Limits.Memory
}

// NewCodec makes a Codec whose images come from bufs. It fails only if a library
// is named that cannot be loaded.
func NewCodec(cfg Config, bufs *pixel.Buffers) (*Codec, error) {
	c := &Codec{limits: cfg.Limits.withDefaults(), bufs: bufs}
	c.memory = semaphore.NewWeighted(c.limits.Memory)
	if cfg.Library == NoLibrary {
		return c, nil
	}
	name := cfg.Library
	if name == AnyLibrary {
		name = soname
	}
	t, err := openTurbo(name, runtime.GOMAXPROCS(0))
	switch {
	case err == nil:
		c.turbo = t
	case cfg.Library != AnyLibrary:
		return nil, fmt.Errorf("load libjpeg-turbo: %w", err)
	}
	return c, nil
}

// Name says which JPEG decoder runs, for logs and the version page.
func (c *Codec) Name() string {
	if c.turbo == nil {
		return "image/jpeg"
	}
	return "libjpeg-turbo (" + c.turbo.name + ")"
}

// Close frees what the Codec keeps for the next picture. No call may be running.
func (c *Codec) Close() {
	if c.turbo != nil {
		c.turbo.close()
	}
}

// Open judges a file by its header. The errors are Invalid if it is no picture
// that can be decoded and TooLarge if it is over a limit. The file's bytes must
// not change while the Source is used.
func (c *Codec) Open(data []byte) (*Source, error) {
	if len(data) == 0 {
		return nil, face.Errorf(face.Invalid, "the picture is empty")
	}
	if len(data) > c.limits.MaxBytes {
		return nil, face.Errorf(face.TooLarge, "the picture has %d bytes, at most %d are accepted", len(data), c.limits.MaxBytes)
	}
	h, err := readHeader(data)
	if err != nil {
		return nil, err
	}
	memory := h.memory(c.turbo != nil)
	if err := c.limits.check(h, memory); err != nil {
		return nil, err
	}
	return &Source{codec: c, data: data, header: *h, memory: memory}, nil
}

// Encode writes an image as a JPEG of a quality of 1…100.
func (c *Codec) Encode(m *pixel.Image, quality int) ([]byte, error) {
	if c.turbo != nil {
		return c.turbo.encode(m, quality)
	}
	rgba := image.NewRGBA(image.Rect(0, 0, m.Width, m.Height))
	for i, o := 0, 0; i < len(m.Pix); i, o = i+3, o+4 {
		rgba.Pix[o], rgba.Pix[o+1], rgba.Pix[o+2], rgba.Pix[o+3] = m.Pix[i], m.Pix[i+1], m.Pix[i+2], 0xff
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, rgba, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encode JPEG: %w", err)
	}
	return out.Bytes(), nil
}
