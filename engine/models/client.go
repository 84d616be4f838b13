package models

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// outputKept is how much of a client's output is kept to explain a failure.
const outputKept = 8 << 10

// runIn runs a program in dir and waits for it. It has a process group of its
// own, so that the end of ctx ends its children too. The error holds the last of
// what the program said.
func runIn(ctx context.Context, dir, program string, args ...string) error {
	cmd := exec.CommandContext(ctx, program, args...) //nolint:gosec // the programs are named by the operator
	var out tail
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 2 * time.Second
	err := cmd.Run()
	if err == nil {
		return nil
	}
	name := filepath.Base(program)
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("there is no %s on this machine", name)
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", name, context.Cause(ctx))
	}
	if said := out.reason(); said != "" {
		return fmt.Errorf("%s: %w: %s", name, err, said)
	}
	return fmt.Errorf("%s: %w", name, err)
}

// tail keeps the last bytes written to it.
type tail struct{ buf []byte }

func (t *tail) Write(b []byte) (int, error) {
	t.buf = append(t.buf, b...)
	if over := len(t.buf) - outputKept; over > 0 {
		t.buf = append(t.buf[:0], t.buf[over:]...)
	}
	return len(b), nil
}

// reason picks the lines that tell why a client failed: the first two that call
// themselves an error, or else the last two.
func (t *tail) reason() string {
	var lines, marked []string
	for line := range bytes.Lines(t.buf) {
		text := strings.TrimSpace(string(line))
		if text == "" {
			continue
		}
		lines = append(lines, text)
		lower := strings.ToLower(text)
		if strings.HasPrefix(lower, "error") || strings.HasPrefix(lower, "npm err") {
			marked = append(marked, text)
		}
	}
	if len(marked) > 0 {
		return strings.Join(marked[:min(2, len(marked))], "; ")
	}
	return strings.Join(lines[max(0, len(lines)-2):], "; ")
}
