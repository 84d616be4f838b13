package pixel

import (
	"math/bits"
	"sync"
	"unsafe"
)

// shelf keeps slices for reuse, sorted by size. A sync.Pool would not do: it hands
// out a slice of any size, and pictures come in all sizes.
type shelf[T any] struct {
	mu   sync.Mutex
	free map[int][][]T // by capacity
	kept int           // bytes
}

// get returns a slice of length n whose elements are not cleared.
func (s *shelf[T]) get(n int) []T {
	size := roomFor(n)
	s.mu.Lock()
	defer s.mu.Unlock()
	if have := s.free[size]; len(have) > 0 {
		last := len(have) - 1
		p := have[last]
		have[last], s.free[size] = nil, have[:last]
		s.kept -= bytesOf(p)
		return p[:n]
	}
	return make([]T, n, size)
}

// put takes a slice back that get has lent.
func (s *shelf[T]) put(p []T) {
	n := bytesOf(p)
	if n > keepBytes/2 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.free == nil || s.kept+n > keepBytes {
		// Sizes go out of use as pictures change: begin anew rather than choose.
		s.free, s.kept = make(map[int][][]T), 0
	}
	s.free[cap(p)] = append(s.free[cap(p)], p)
	s.kept += n
}

// roomFor returns the capacity that a slice of n elements gets: n, rounded up by
// less than a quarter, so that there are few capacities.
func roomFor(n int) int {
	const least = 1 << 8
	if n <= least {
		return least
	}
	step := 1 << (bits.Len(uint(n-1)) - 3)
	return (n + step - 1) / step * step
}

func bytesOf[T any](p []T) int {
	var one T
	return cap(p) * int(unsafe.Sizeof(one))
}
