package models

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// errLocal marks a failure of the folder that is filled, which no other source
// would mend.
var errLocal = errors.New("cannot write the models folder")

// A file under way is named .FILE.RANDOM.partial, which no model is.
const (
	partialSuffix = ".partial"
	partialStale  = 24 * time.Hour
)

// delivery is the bytes of a file on their way in.
type delivery struct {
	from  string // path or address, for errors
	phase Phase
	body  io.Reader
}

// install writes a file beside its final place, checks it, and moves it there
// in one step. No more than one byte over the model's size is ever read. Every
// error that is not the source's fault is an errLocal.
func (p *puller) install(ctx context.Context, e Entry, d delivery) error {
	tmp, err := os.CreateTemp(p.Dir, "."+e.File+".*"+partialSuffix)
	if err != nil {
		return local(err)
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // after the rename there is nothing of that name
	defer tmp.Close()
	if err := p.receive(ctx, e, d, tmp); err != nil {
		return err
	}
	return local(publish(tmp, filepath.Join(p.Dir, e.File)))
}

// receive copies what is delivered into w and checks it.
func (p *puller) receive(ctx context.Context, e Entry, d delivery, w io.Writer) error {
	sum := sha256.New()
	sink := &sink{ctx: ctx, w: io.MultiWriter(w, sum), progress: func(done int64) {
		p.Progress(Event{File: e.File, Phase: d.phase, Done: done, Total: e.Size})
	}}
	n, err := io.Copy(sink, io.LimitReader(d.body, e.Size+1))
	if err != nil {
		return err
	}
	if n > e.Size {
		return &HashError{File: e.File, Path: d.from, Want: e.SHA256, WantSize: e.Size, GotSize: -1}
	}
	return e.match(d.from, hex.EncodeToString(sum.Sum(nil)), n)
}

// publish makes a finished temporary file appear as path, and last.
func publish(tmp *os.File, path string) error {
	// Models are no secret, and the server may run as another user.
	if err := tmp.Chmod(0o644); err != nil {
		return err
	}
	if err := tmp.Sync(); err != nil {
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

func local(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", errLocal, err)
}

// removeStalePartials clears what killed pulls left long ago. A younger one may
// belong to a pull that runs just now.
func removeStalePartials(dir string) {
	entries, _ := os.ReadDir(dir) // a folder that cannot be read is found out later
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") || !strings.HasSuffix(e.Name(), partialSuffix) {
			continue
		}
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > partialStale {
			_ = os.Remove(filepath.Join(dir, e.Name())) // it only takes room
		}
	}
}

// sink writes to w until ctx ends, and tells how far it is.
type sink struct {
	ctx      context.Context // it lives for one copy
	w        io.Writer
	done     int64
	progress func(done int64)
}

func (s *sink) Write(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.w.Write(b)
	s.done += int64(n)
	s.progress(s.done)
	if err != nil {
		return n, local(err)
	}
	return n, nil
}
