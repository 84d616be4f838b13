package indexsync

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/face"
)

// TestFlushOrder holds that changes are applied in order, in runs of one kind.
func TestFlushOrder(t *testing.T) {
	t.Parallel()
	outbox, index := &fakeOutbox{}, &fakeIndex{}
	gone := put("W", "x", "L1")
	gone.Vector = nil
	outbox.commit(
		put("W", "a", "L1"), put("V", "a", "L1"), put("W", "b", "L2"), put("W", "c", "L1"), gone,
		remove("W", "a"), remove("V", "a"), put("W", "a", "L1"), drop("W"), drop("V"), gone, put("U", "d", "L1"),
	)
	relay := NewRelay(outbox, index, 1, silence()) // the first change is known to be shown
	if err := relay.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"put L1 V/a=[0]", "put L2 W/b=[1]", "put L1 W/c=[2]", "remove W/a<6 V/a<7", "put L1 W/a=[0]", "drop W", "drop V", "put L1 U/d=[3]",
	}
	if diff := cmp.Diff(want, index.done()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	if err := relay.Flush(t.Context()); err != nil || len(index.done()) != len(want) {
		t.Errorf("a second flush (%v) does something: %v", err, index.done())
	}
}

// TestFlushMany applies more changes than are read at once.
func TestFlushMany(t *testing.T) {
	t.Parallel()
	outbox, index := &fakeOutbox{}, &fakeIndex{}
	const n = 3*flushBatch + 1
	for range n {
		outbox.commit(drop("W"))
	}
	relay := NewRelay(outbox, index, 0, silence())
	if err := relay.Flush(t.Context()); err != nil || len(index.done()) != n {
		t.Errorf("%d of %d changes are applied (%v)", len(index.done()), n, err)
	}
}

// TestFlushGoesOn fails in the middle; what was applied is not applied again,
// what was not is not left out.
func TestFlushGoesOn(t *testing.T) {
	t.Parallel()
	outbox, index := &fakeOutbox{}, &fakeIndex{}
	outbox.commit(drop("A"))
	relay := NewRelay(outbox, index, 0, silence())
	if err := relay.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	outbox.commit(drop("B"), drop("C"))
	index.faults = 1
	if err := relay.Flush(t.Context()); err == nil {
		t.Error("Flush with a fault: no error")
	}
	outbox.faults = 1
	if err := relay.CatchUp(t.Context()); face.KindOf(err) != face.Unavailable {
		t.Errorf("CatchUp with a fault: %v, want an Unavailable error", err)
	}
	if err := relay.CatchUp(t.Context()); err != nil {
		t.Errorf("CatchUp: %v", err)
	}
	if diff := cmp.Diff([]string{"drop A", "drop B", "drop C"}, index.done()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	reads := outbox.reads
	if err := relay.CatchUp(t.Context()); err != nil || outbox.reads != reads {
		t.Errorf("CatchUp of an index that is not behind (%v) reads the outbox", err)
	}
}

func TestFlushUnknownOperation(t *testing.T) {
	t.Parallel()
	outbox, index := &fakeOutbox{}, &fakeIndex{}
	outbox.commit(face.IndexChange{Op: "shuffle"}, drop("A"))
	relay := NewRelay(outbox, index, 0, silence())
	if err := relay.Flush(t.Context()); err == nil || len(index.done()) > 0 {
		t.Errorf("Flush = %v and calls %v, want an error and none", err, index.done())
	}
}

// TestFlushWaitsItsTurn holds that a flush gives up waiting for another when its
// context ends, and that its change is not forgotten, though the other succeeds.
func TestFlushWaitsItsTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		outbox, index := &fakeOutbox{}, &fakeIndex{gate: make(chan struct{})}
		outbox.commit(drop("A"))
		relay := NewRelay(outbox, index, 0, silence())
		first := make(chan error)
		go func() { first <- relay.Flush(t.Context()) }()
		synctest.Wait()
		outbox.commit(drop("B")) // after the first flush has read
		for _, tt := range []struct {
			after time.Duration
			kind  face.Kind
		}{{time.Second, face.Timeout}, {0, face.Canceled}} {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			if tt.after == 0 {
				cancel()
			}
			start := time.Now()
			if err := relay.Flush(ctx); face.KindOf(err) != tt.kind || time.Since(start) != tt.after {
				t.Errorf("a second flush: %v after %v, want kind %v after %v", err, time.Since(start), tt.kind, tt.after)
			}
			cancel()
		}
		close(index.gate)
		if err := <-first; err != nil {
			t.Errorf("the first flush: %v", err)
		}
		if err := relay.CatchUp(t.Context()); err != nil {
			t.Errorf("CatchUp: %v", err)
		}
		if diff := cmp.Diff([]string{"drop A", "drop B"}, index.done()); diff != "" {
			t.Errorf("calls (-want +got):\n%s", diff)
		}
	})
}

// TestRunRetries lets the index fail for a while: Run goes on trying, with
// growing pauses, until it is no longer behind.
func TestRunRetries(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		outbox, index := &fakeOutbox{}, &fakeIndex{faults: 6}
		outbox.commit(drop("A"))
		relay := NewRelay(outbox, index, 0, silence())
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- relay.Run(ctx) }()
		start := time.Now()
		if err := relay.Flush(t.Context()); err == nil {
			t.Fatal("Flush with a fault: no error")
		}
		for relay.behind() {
			time.Sleep(time.Millisecond) // bubble time
		}
		// Five failures more, and pauses of 100, 200, 400, 800 and 1,600 ms.
		if took := time.Since(start).Round(10 * time.Millisecond); took != 3100*time.Millisecond {
			t.Errorf("the index caught up after %v, want 3.1s", took)
		}
		if diff := cmp.Diff([]string{"drop A"}, index.done()); diff != "" {
			t.Errorf("calls (-want +got):\n%s", diff)
		}
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

// TestRunForgets holds that applied changes leave the outbox in time, and that a
// failure to delete them is made up for.
func TestRunForgets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		outbox, index := &fakeOutbox{}, &fakeIndex{}
		relay := NewRelay(outbox, index, 0, silence())
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- relay.Run(ctx) }()
		outbox.commit(drop("A"), drop("B"))
		if err := relay.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		outbox.commit(drop("C"))
		for i, want := range []int{3, 1, 1} { // not yet, then all that is applied
			if got := outbox.left(); got != want {
				t.Errorf("after %d rounds %d changes are left, want %d", i, got, want)
			}
			time.Sleep(forgetEvery + time.Second) // bubble time
			synctest.Wait()
		}
		if err := relay.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		outbox.mu.Lock()
		outbox.faults = 1
		outbox.mu.Unlock()
		for i, want := range []int{1, 0} { // the first deletion fails
			time.Sleep(forgetEvery) // bubble time
			synctest.Wait()
			if got := outbox.left(); got != want {
				t.Errorf("after %d more rounds %d changes are left, want %d", i+1, got, want)
			}
		}
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

// TestFlushForgets holds that the outbox stays bounded even without Run.
func TestFlushForgets(t *testing.T) {
	t.Parallel()
	outbox, index := &fakeOutbox{}, &fakeIndex{}
	relay := NewRelay(outbox, index, 0, silence())
	most := 0
	for range 5 * forgetAfter / 100 {
		for range 100 {
			outbox.commit(drop("A"))
		}
		if err := relay.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		most = max(most, outbox.left())
	}
	if most >= forgetAfter+100 {
		t.Errorf("the outbox grew to %d changes, want fewer than %d", most, forgetAfter+100)
	}
}

// TestFlushAtOnce has many commit and flush: when a flush returns, the change of
// its caller is applied, and each change is applied once.
func TestFlushAtOnce(t *testing.T) {
	t.Parallel()
	outbox, index := &fakeOutbox{}, &fakeIndex{}
	relay := NewRelay(outbox, index, 0, silence())
	const writers, each = 8, 50
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for range each {
				outbox.commit(drop(string(rune('A' + w))))
				if err := relay.Flush(t.Context()); err != nil {
					t.Error(err)
				}
			}
			n := 0
			for _, c := range index.done() {
				if c == fmt.Sprintf("drop %c", 'A'+w) {
					n++
				}
			}
			if n != each {
				t.Errorf("writer %d: %d changes are applied, want %d", w, n, each)
			}
		})
	}
	wg.Wait()
	if got := len(index.done()); got != writers*each {
		t.Errorf("%d changes are applied, want %d", got, writers*each)
	}
}
