// Package progress shows how far long work has come: a bar on a terminal, a
// line now and then in a log file.
package progress

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// Bar counts steps of some work towards a known total. It is safe for
// concurrent use.
type Bar struct {
	mu    sync.Mutex
	bar   *progressbar.ProgressBar // on a terminal
	out   io.Writer                // elsewhere
	title string
	unit  func(int64) string
	done  int64
	total int64
	begun time.Time
	last  time.Time
}

// between is the least time between two lines in a log file.
const between = 10 * time.Second

// Steps returns a bar of countable things, as in "pictures 512/5373".
func Steps(out *os.File, title string, total int64) *Bar {
	return newBar(out, title, total, func(n int64) string { return fmt.Sprint(n) })
}

// Bytes returns a bar of bytes.
func Bytes(out *os.File, title string, total int64) *Bar {
	return newBar(out, title, total, func(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) })
}

func newBar(out *os.File, title string, total int64, unit func(int64) string) *Bar {
	b := &Bar{out: out, title: title, total: total, unit: unit, begun: time.Now(), last: time.Now()}
	if !term.IsTerminal(int(out.Fd())) {
		return b
	}
	b.bar = progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(out), progressbar.OptionSetDescription(title),
		progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetPredictTime(true),
		progressbar.OptionSetWidth(30), progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish())
	return b
}

// Add counts n more steps.
func (b *Bar) Add(n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.set(b.done + n)
}

// Set says that n steps are done.
func (b *Bar) Set(n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.set(n)
}

// SetOf says that done of total steps are done, for work that learns its total
// on the way.
func (b *Bar) SetOf(done, total int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.total != int64(total) {
		b.total = int64(total)
		if b.bar != nil {
			b.bar.ChangeMax64(b.total)
		}
	}
	b.set(int64(done))
}

func (b *Bar) set(n int64) {
	b.done = n
	if b.bar != nil {
		_ = b.bar.Set64(n) // a terminal that cannot be written to is no reason to stop
		return
	}
	if now := time.Now(); now.Sub(b.last) >= between && n < b.total {
		b.last = now
		_, _ = fmt.Fprintf(b.out, "%s: %s of %s\n", b.title, b.unit(n), b.unit(b.total))
	}
}

// Done ends the bar and says how long the work took.
func (b *Bar) Done() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.bar != nil {
		_ = b.bar.Finish()
	}
	took := time.Since(b.begun)
	_, _ = fmt.Fprintf(b.out, "%s: %s in %s (%.0f/s)\n",
		b.title, b.unit(b.done), took.Round(10*time.Millisecond), float64(b.done)/max(took.Seconds(), 1e-9))
}
