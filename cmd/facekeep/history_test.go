package main_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// fact is what a history is about: that a person is on a watchlist, or, with no
// person, that there is a watchlist of this id. In the beginning it is false.
type fact struct{ person, list string }

// access is a read or a write of a fact, as a client saw it: it took effect at one
// instant between its beginning and its end.
type access struct {
	write bool
	value bool // that was read or written
	lost  bool // a write whose answer was lost: it took effect by its end, or never
	begun time.Duration
	ended time.Duration
	what  string
}

func (a access) String() string {
	verb := "saw"
	switch {
	case a.lost:
		verb = "perhaps made it"
	case a.write:
		verb = "made it"
	}
	return fmt.Sprintf("%9.3f to %9.3f s: %s %s %t", a.begun.Seconds(), a.ended.Seconds(), a.what, verb, a.value)
}

// ledger holds the histories of all facts.
type ledger struct {
	mu    sync.Mutex
	facts map[fact][]access
}

func (l *ledger) note(f fact, a access) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.facts == nil {
		l.facts = map[fact][]access{}
	}
	l.facts[f] = append(l.facts[f], a)
}

// violation is an access that no order of effects explains.
type violation struct {
	fact    fact
	access  access
	history []access // what surrounds it
}

func (v violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q on %q: no order of effects explains\n\t%s\n    in", v.fact.person, v.fact.list, v.access)
	for _, a := range v.history {
		fmt.Fprintf(&b, "\n\t%s", a)
	}
	return b.String()
}

// violations checks every history, and returns the first violation of each fact.
func (l *ledger) violations() (out []violation) {
	for f, history := range l.facts {
		if i := inexplicable(history); i >= 0 {
			bad := history[i]
			out = append(out, violation{f, bad, surroundings(history, bad)})
		}
	}
	return out
}

// surroundings returns the writes around an access, and the reads close to it.
func surroundings(history []access, bad access) []access {
	const wide, narrow = 20 * time.Second, time.Second
	out := slices.DeleteFunc(slices.Clone(history), func(a access) bool {
		span := narrow
		if a.write {
			span = wide
		}
		return a.ended < bad.begun-span || a.begun > bad.ended+span
	})
	slices.SortFunc(out, func(a, b access) int { return cmp.Compare(a.begun, b.begun) })
	return out
}

// world is one way in which things may stand: the value of a fact, and which of
// the accesses under way have taken effect (a bit for the place of each).
type world struct {
	value bool
	done  uint64
}

// moment is the beginning or the end of an access.
type moment struct {
	at     time.Duration
	end    bool
	access int
}

// inexplicable returns the first access by its end that cannot be explained, or
// -1: it goes through the history and keeps all the worlds that are possible.
func inexplicable(history []access) int {
	moments := make([]moment, 0, 2*len(history))
	for i, a := range history {
		moments = append(moments, moment{a.begun, false, i}, moment{a.ended, true, i})
	}
	slices.SortStableFunc(moments, func(a, b moment) int {
		if c := cmp.Compare(a.at, b.at); c != 0 {
			return c
		}
		return cmp.Compare(number(a.end), number(b.end)) // whoever ends now overlaps whoever begins now
	})
	var open [64]*access
	place := make([]int, len(history))
	worlds := map[world]bool{{}: true}
	for _, m := range moments {
		a := &history[m.access]
		if !m.end {
			place[m.access] = slices.Index(open[:], nil) // 64 at a time are far more than there are clients
			open[place[m.access]] = a
			continue
		}
		worlds = explore(worlds, &open)
		if worlds = conclude(worlds, place[m.access], a.lost); len(worlds) == 0 {
			return m.access
		}
		open[place[m.access]] = nil
	}
	return -1
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// explore adds the worlds that come about when accesses under way take effect.
func explore(worlds map[world]bool, open *[64]*access) map[world]bool {
	out := make(map[world]bool, len(worlds))
	var todo []world
	add := func(w world) {
		if w = w.read(open); !out[w] {
			out[w] = true
			todo = append(todo, w)
		}
	}
	for w := range worlds {
		add(w)
	}
	for len(todo) > 0 {
		w := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for i, a := range open {
			if a != nil && a.write && w.done&(1<<i) == 0 {
				add(world{a.value, w.done | 1<<i})
			}
		}
	}
	return out
}

// read lets every read that can take effect do so: that changes nothing for the
// others.
func (w world) read(open *[64]*access) world {
	for i, a := range open {
		if a != nil && !a.write && a.value == w.value {
			w.done |= 1 << i
		}
	}
	return w
}

// conclude keeps the worlds in which an access has taken effect, or may not have.
func conclude(worlds map[world]bool, place int, lost bool) map[world]bool {
	out := make(map[world]bool, len(worlds))
	for w := range worlds {
		if w.done&(1<<place) != 0 || lost {
			w.done &^= 1 << place
			out[w] = true
		}
	}
	return out
}

// TestHistories holds the checker itself to what it must find.
func TestHistories(t *testing.T) {
	t.Parallel()
	read := func(value bool, begun, ended time.Duration) access {
		return access{value: value, begun: begun, ended: ended}
	}
	write := func(value bool, begun, ended time.Duration) access {
		return access{write: true, value: value, begun: begun, ended: ended}
	}
	lost := func(value bool, begun, ended time.Duration) access {
		return access{write: true, value: value, lost: true, begun: begun, ended: ended}
	}
	tests := []struct {
		name    string
		history []access
		want    int
	}{
		{"nothing", nil, -1},
		{"false in the beginning", []access{read(false, 0, 1)}, -1},
		{"true out of nothing", []access{read(true, 0, 1)}, 0},
		{"seen after the answer", []access{write(true, 0, 1), read(true, 2, 3)}, -1},
		{"lost read", []access{write(true, 0, 1), read(false, 2, 3)}, 1},
		{"stale read", []access{write(true, 0, 1), write(false, 2, 3), read(true, 4, 5)}, 2},
		{"either while it is written", []access{write(true, 0, 5), read(false, 1, 2), read(true, 3, 4)}, -1},
		{"not back again", []access{write(true, 0, 5), read(true, 1, 2), read(false, 3, 4)}, 2},
		{"back while it is removed", []access{write(true, 0, 1), write(false, 2, 9), read(true, 3, 4), read(false, 5, 6), read(true, 7, 8)}, 4},
		{"a read across two writes", []access{write(true, 0, 1), read(false, 1, 6), write(false, 2, 3), write(true, 4, 5)}, -1},
		{"an answer that was lost, done", []access{lost(true, 0, 9), read(true, 2, 3)}, -1},
		{"an answer that was lost, not done", []access{lost(true, 0, 9), read(false, 2, 3), read(false, 10, 11)}, -1},
		{"an answer that was lost, done late", []access{lost(true, 0, 9), read(false, 2, 3), read(true, 10, 11)}, -1},
		{"a lost answer that a read has fixed", []access{lost(true, 0, 9), read(true, 2, 3), read(false, 10, 11)}, 2},
		{"fixed once, not done afterwards", []access{lost(true, 0, 9), read(false, 10, 11), read(true, 12, 13)}, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := inexplicable(tt.history); got != tt.want {
				t.Errorf("inexplicable() = %d, want %d", got, tt.want)
			}
		})
	}
}
