package pixel

import (
	"math/bits"
	"slices"
	"sync"
	"unsafe"
)

// shelf keeps slices for reuse, sorted by size. A sync.Pool would not do: it hands
// out a slice of any size, and pictures come in all sizes.
type shelf[T any] struct {
	mu   sync.Mutex
	free [][]T // by capacity, the smallest first
	kept int   // bytes
}

// get returns a slice of length n whose elements are not cleared: the smallest that is
// free, unless that is more than twice as large.
func (s *shelf[T]) get(n int) []T {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.find(n); i < len(s.free) && cap(s.free[i]) <= 2*roomFor(n) {
		return s.take(i)[:n]
	}
	return make([]T, n, roomFor(n))
}

// find returns where the first slice is that has room for n elements.
func (s *shelf[T]) find(n int) int {
	i, _ := slices.BinarySearchFunc(s.free, n, func(p []T, n int) int { return cap(p) - n })
	return i
}

// take removes a slice.
func (s *shelf[T]) take(i int) []T {
	p := s.free[i]
	s.free = slices.Delete(s.free, i, i+1)
	s.kept -= bytesOf(p)
	return p
}

// put takes a slice back that get has lent.
func (s *shelf[T]) put(p []T) {
	n := bytesOf(p)
	if n > keepBytes/2 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept+n > keepBytes {
		// Sizes go out of use as pictures change: begin anew rather than choose.
		clear(s.free)
		s.free, s.kept = s.free[:0], 0
	}
	s.free = slices.Insert(s.free, s.find(cap(p)), p)
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
