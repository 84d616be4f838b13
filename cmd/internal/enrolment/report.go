package enrolment

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/facekeep/facekeep/face"
)

// Outcome is what became of a picture.
type Outcome string

// Outcomes.
const (
	Enrolled Outcome = "enrolled"
	Existed  Outcome = "exists"  // enrolled before
	Refused  Outcome = "refused" // it is not to be enrolled: no face, several, none that can be decoded
	Failed   Outcome = "failed"  // it could not be tried: the file cannot be read, the server has a fault
)

// Done says that the picture needs not be sent again.
func (o Outcome) Done() bool { return o == Enrolled || o == Existed }

// Line is what the report says of a picture.
type Line struct {
	Item    string  `json:"item"`
	Member  string  `json:"member"`
	Outcome Outcome `json:"outcome"`
	Reason  string  `json:"reason,omitempty"`
	Millis  int64   `json:"ms"` // from reading the file to the answer, waits included
}

// Head is the first line of a report: where its pictures went.
type Head struct {
	URL       string `json:"url"`
	Watchlist string `json:"watchlist"`
}

// Report is a file of JSON lines, a head and then one for each picture, which is
// written as the pictures are answered. It is the journal, too: a later run goes on
// with the file of an earlier one. It is safe for concurrent use.
type Report struct {
	mu   sync.Mutex
	file *os.File
	done map[key]bool
}

type key struct{ member, item string }

// OpenReport opens the report of an enrolment, or makes it. One of another server or
// watchlist, or what is no report, is Invalid.
func OpenReport(path string, head Head) (*Report, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, face.Wrap(face.Invalid, err, "the report "+path+" cannot be written")
	}
	r := &Report{file: file, done: map[key]bool{}}
	if err := r.resume(head); err != nil {
		return nil, errors.Join(fmt.Errorf("the report %s: %w", path, err), file.Close())
	}
	return r, nil
}

// resume reads what is there, and cuts off a line that was not finished.
func (r *Report) resume(head Head) error {
	lines := bufio.NewReader(r.file)
	var read int64
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			if read == 0 && len(line) > 0 { // cutting it off would empty a file of something else
				return face.Errorf(face.Invalid, "it is a file of something else")
			}
			break
		}
		if err != nil {
			return err
		}
		if err := r.take(line, read == 0, head); err != nil {
			return err
		}
		read += int64(len(line))
	}
	if err := r.file.Truncate(read); err != nil {
		return err
	}
	if _, err := r.file.Seek(read, io.SeekStart); err != nil {
		return err
	}
	if read > 0 {
		return nil
	}
	return r.write(head)
}

func (r *Report) take(line []byte, first bool, want Head) error {
	if first {
		var head Head
		if err := strictly(line, &head); err != nil {
			return face.Wrap(face.Invalid, err, "it is a file of something else")
		}
		if head != want {
			return face.Errorf(face.Invalid, "it is about the watchlist %q of %s: name another file", head.Watchlist, head.URL)
		}
		return nil
	}
	var l Line
	if err := strictly(line, &l); err != nil {
		return face.Wrap(face.Invalid, err, "it holds a line that is none of a report")
	}
	r.done[key{l.Member, l.Item}] = l.Outcome.Done()
	return nil
}

// strictly reads a line that has no other fields.
func strictly(line []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

// Left returns the pictures of a person that it does not have as enrolled.
func (r *Report) Left(p Person) []Picture {
	r.mu.Lock()
	defer r.mu.Unlock()
	var left []Picture
	for _, picture := range p.Pictures {
		if !r.done[key{p.ID, picture.Item}] {
			left = append(left, picture)
		}
	}
	return left
}

// Add writes a line, in one piece.
func (r *Report) Add(l Line) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done[key{l.Member, l.Item}] = l.Outcome.Done()
	return r.write(l)
}

func (r *Report) write(v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if _, err = r.file.Write(append(data, '\n')); err != nil {
		return face.Wrap(face.Internal, err, "the report cannot be written")
	}
	return nil
}

// Close closes the file.
func (r *Report) Close() error { return r.file.Close() }
