package repository

import (
	"bytes"
	"math"
	"testing"
	"time"

	"github.com/google/uuid"
)

func TestVectorLayout(t *testing.T) {
	t.Parallel()
	got, err := vector{1, -2.5}.Value()
	want := []byte{0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0}
	if b, ok := got.([]byte); !ok || !bytes.Equal(b, want) || err != nil {
		t.Errorf("Value = %v (%v), want %v", got, err, want)
	}
}

func FuzzVectorScan(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0, 0, 0x80})
	f.Add([]byte{0, 0, 0x80, 0x3f})
	f.Add([]byte{1, 0, 0xc0, 0x7f, 0, 0, 0, 0x80})
	f.Fuzz(func(t *testing.T, data []byte) {
		var v vector
		if err := v.Scan(data); err != nil {
			if len(data)%4 == 0 || v != nil {
				t.Errorf("Scan of %d bytes: %v", len(data), err)
			}
			return
		}
		again, err := v.Value()
		if b, ok := again.([]byte); !ok || !bytes.Equal(b, data) || err != nil {
			t.Errorf("Value = %v (%v), want %v", again, err, data)
		}
	})
}

func TestScanOtherTypes(t *testing.T) {
	t.Parallel()
	v, m, k := vector{1}, moment{time.Now()}, key(uuid.New())
	if err := v.Scan(nil); err != nil || v != nil {
		t.Errorf("vector of null = %v (%v)", v, err)
	}
	if err := m.Scan(nil); err != nil || !m.IsZero() {
		t.Errorf("time of null = %v (%v)", m, err)
	}
	if err := k.Scan(nil); err != nil || k != (key{}) {
		t.Errorf("key of null = %v (%v)", k, err)
	}
	if err := v.Scan("text"); err == nil {
		t.Error("a vector of text is taken")
	}
	if err := m.Scan("2026-01-01"); err == nil {
		t.Error("a time of text is taken")
	}
	if err := k.Scan([]byte{1, 2, 3}); err == nil {
		t.Error("a key of three bytes is taken")
	}
}

func TestMomentKeepsMicroseconds(t *testing.T) {
	t.Parallel()
	for _, want := range []time.Time{epoch, time.UnixMicro(-1).UTC(), time.UnixMicro(math.MaxInt64 / 1000).UTC()} {
		stored, err := at(want).Value()
		var m moment
		if err := m.Scan(stored); err != nil || !m.Equal(want) || m.Location() != time.UTC {
			t.Errorf("%v is read back as %v (%v)", want, m, err)
		}
		if err != nil {
			t.Error(err)
		}
	}
}
