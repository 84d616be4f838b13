package indexsync

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/face"
)

// fakeSnapshot has two batches of rows, and an outbox that they already show.
type fakeSnapshot struct{ fakeOutbox }

func (s *fakeSnapshot) AllTemplates(_ context.Context, _ int, fill func(face.TemplateLabel, []face.IndexRow) error) (int64, error) {
	for _, f := range []string{"a", "b"} {
		if err := fill("L1", []face.IndexRow{{Watchlist: id("W"), Member: id("m"), Face: id(f), Vector: unitVector(f)}}); err != nil {
			return 0, err
		}
	}
	return s.last, s.fault()
}

func TestLoad(t *testing.T) {
	t.Parallel()
	from, index := &fakeSnapshot{}, &fakeIndex{}
	from.commit(put("W", "a", "L1"), put("W", "b", "L1"))
	var text bytes.Buffer
	position, err := Load(t.Context(), from, index, slog.New(slog.NewTextHandler(&text, nil)))
	if err != nil || position != 2 {
		t.Errorf("Load = %d (%v), want 2", position, err)
	}
	if diff := cmp.Diff([]string{"put L1 W/a=[0]", "put L1 W/b=[1]"}, index.done()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	if from.left() != 0 {
		t.Errorf("%d changes are left in the outbox, want none", from.left())
	}
	if !strings.Contains(text.String(), "rows=2") || !strings.Contains(text.String(), "took=") {
		t.Errorf("the log says %q, want the count and the time", text.String())
	}
}

// fullSnapshot can be read and not written.
type fullSnapshot struct{ fakeSnapshot }

func (*fullSnapshot) ForgetChanges(context.Context, int64) error {
	return face.Errorf(face.Unavailable, "the disk is full")
}

// TestLoadFromAFullDisk holds that a server starts on a full disk.
func TestLoadFromAFullDisk(t *testing.T) {
	t.Parallel()
	from, index := &fullSnapshot{}, &fakeIndex{}
	from.commit(put("W", "a", "L1"), put("W", "b", "L1"))
	var text bytes.Buffer
	position, err := Load(t.Context(), from, index, slog.New(slog.NewTextHandler(&text, nil)))
	if err != nil || position != 2 || len(index.done()) != 2 {
		t.Errorf("Load = %d (%v) with %d calls, want 2 and 2", position, err, len(index.done()))
	}
	if !strings.Contains(text.String(), "the disk is full") {
		t.Errorf("the log says %q, want why the outbox is as it was", text.String())
	}
}

func TestLoadFails(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*fakeSnapshot, *fakeIndex){
		"the index": func(_ *fakeSnapshot, x *fakeIndex) { x.faults = 1 },
		"a read":    func(s *fakeSnapshot, _ *fakeIndex) { s.faults = 1 },
	} {
		from, index := &fakeSnapshot{}, &fakeIndex{}
		from.commit(put("W", "a", "L1"))
		spoil(from, index)
		if _, err := Load(t.Context(), from, index, silence()); !errors.Is(err, errFault) {
			t.Errorf("with a fault of %s: Load = %v", name, err)
		}
		if from.left() != 1 {
			t.Errorf("with a fault of %s: the outbox is emptied all the same", name)
		}
	}
}
