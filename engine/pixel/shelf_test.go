package pixel

import "testing"

func TestRoomFor(t *testing.T) {
	t.Parallel()
	last := 0
	for n := range 100_000 {
		size := roomFor(n)
		if size < n || size < last || n > 256 && size > n+n/4+1 {
			t.Fatalf("roomFor(%d) = %d, want it to rise, from %d to %d", n, size, n, n+n/4)
		}
		if again := roomFor(size); again != size {
			t.Fatalf("roomFor(%d) = %d, want the same again", size, again)
		}
		last = size
	}
}

func TestShelfReuses(t *testing.T) {
	t.Parallel()
	var s shelf[float32]
	p := s.get(1000)
	p[0] = 7
	s.put(p)
	if q := s.get(990); q[0] != 7 {
		t.Error("got another slice, want the one that was put back")
	}
	if s.kept != 0 {
		t.Errorf("got %d bytes kept, want 0", s.kept)
	}
}

// Pictures of many sizes share memory; a small one does not hold that of a large one.
func TestShelfFits(t *testing.T) {
	t.Parallel()
	var s shelf[byte]
	for _, n := range []int{4 << 10, 1 << 10, 16 << 10} {
		s.put(make([]byte, n))
	}
	for _, tt := range []struct{ want, got int }{{3000, 4 << 10}, {3000, roomFor(3000)}, {600, 1 << 10}, {16 << 10, 16 << 10}} {
		if p := s.get(tt.want); len(p) != tt.want || cap(p) != tt.got {
			t.Errorf("get(%d): got a length of %d, a capacity of %d, want a capacity of %d", tt.want, len(p), cap(p), tt.got)
		}
	}
	if len(s.free) != 0 || s.kept != 0 {
		t.Errorf("got %d slices of %d bytes left, want none", len(s.free), s.kept)
	}
}

func TestShelfIsBounded(t *testing.T) {
	t.Parallel()
	var s shelf[byte]
	s.put(make([]byte, keepBytes))
	if s.kept != 0 {
		t.Errorf("a huge slice: got %d bytes kept, want 0", s.kept)
	}
	for n := range 100 {
		s.put(make([]byte, keepBytes/20+n))
		if s.kept > keepBytes {
			t.Fatalf("got %d bytes kept, want at most %d", s.kept, keepBytes)
		}
	}
}
