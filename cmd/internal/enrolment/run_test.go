package enrolment_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/cmd/internal/enrolment"
	"github.com/facekeep/facekeep/cmd/internal/remote"
	"github.com/facekeep/facekeep/face"
)

// three are two people with three good pictures, and one whose first picture is bad.
func three() map[string]string {
	return map[string]string{
		"anna/1.jpg": "a1", "anna/2.jpg": "a2", "anna/3.jpg": "a3", "ben.jpg": "b1",
		"cleo/1.jpg": "bad c1", "cleo/2.jpg": "c2", "cleo/3.jpg": "bad c3",
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	f := newFakeServer()
	who := people(t, three())
	report := filepath.Join(t.TempDir(), "report.jsonl")
	var advanced int
	sum, err := enrol(t, f, who, report, func(o *enrolment.Options) {
		o.Concurrency, o.Progress = 1, func() { advanced++ }
	})
	if err != nil {
		t.Fatal(err)
	}
	want := enrolment.Summary{Pictures: map[enrolment.Outcome]int{enrolment.Enrolled: 5, enrolment.Refused: 2}}
	if diff := cmp.Diff(want, sum); diff != "" || !sum.Complete() {
		t.Errorf("complete: got %v, want true; summary (-want +got):\n%s", sum.Complete(), diff)
	}
	if advanced != 7 {
		t.Errorf("progress heard of %d pictures, want 7", advanced)
	}
	if diff := cmp.Diff(map[string]int{"anna": 3, "ben": 1, "cleo": 1}, f.faces()); diff != "" {
		t.Errorf("faces (-want +got):\n%s", diff)
	}

	// The same again: only what was refused is sent.
	sent := len(f.sent)
	if sum, err = enrol(t, f, who, report, nil); err != nil {
		t.Fatal(err)
	}
	want = enrolment.Summary{Pictures: map[enrolment.Outcome]int{enrolment.Refused: 2}, Before: 5}
	if diff := cmp.Diff(want, sum); diff != "" {
		t.Errorf("second run (-want +got):\n%s", diff)
	}
	if got := len(f.sent) - sent; got != 3 {
		t.Errorf("the second run sent %d requests, want 3: %q", got, f.sent[sent:])
	}

	// And without the report: everything is there.
	if sum, err = enrol(t, f, who, "", nil); err != nil {
		t.Fatal(err)
	}
	want = enrolment.Summary{Pictures: map[enrolment.Outcome]int{enrolment.Existed: 5, enrolment.Refused: 2}}
	if diff := cmp.Diff(want, sum); diff != "" {
		t.Errorf("run without a report (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"anna": 3, "ben": 1, "cleo": 1}, f.faces()); diff != "" {
		t.Errorf("faces after three runs (-want +got):\n%s", diff)
	}
}

// TestRunLosesAnswers: every third answer is lost, some of them after the server has
// done its work. Nothing is enrolled twice or forgotten.
func TestRunLosesAnswers(t *testing.T) {
	t.Parallel()
	who := people(t, three())
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer()
		f.answer = func(n int, work func() remote.Answer) (remote.Answer, error) {
			switch n % 6 {
			case 2:
				return remote.Answer{}, errBroken
			case 5:
				work()
				return remote.Answer{}, errBroken
			}
			return work(), nil
		}
		sum, err := enrol(t, f, who, "", nil)
		if err != nil || !sum.Complete() {
			t.Fatalf("got %v, %v, want a complete run", sum, err)
		}
		if diff := cmp.Diff(map[string]int{"anna": 3, "ben": 1, "cleo": 1}, f.faces()); diff != "" {
			t.Errorf("faces (-want +got):\n%s", diff)
		}
	})
}

func TestRunWaitsForRoom(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		refuse remote.Answer
		times  int
		least  time.Duration
		most   time.Duration
	}{
		{"as long as it is asked to", remote.Answer{Status: http.StatusTooManyRequests, RetryAfter: 7 * time.Second}, 3, 21 * time.Second, 22 * time.Second},
		{"longer and longer", remote.Answer{Status: http.StatusServiceUnavailable}, 4, 1500 * time.Millisecond, 8 * time.Second},
		{"a fault of the moment", remote.Answer{Status: http.StatusInternalServerError}, 2, 250 * time.Millisecond, 3 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			who := people(t, map[string]string{"anna.jpg": "a"})
			synctest.Test(t, func(t *testing.T) {
				f := newFakeServer()
				f.answer = func(n int, work func() remote.Answer) (remote.Answer, error) {
					if n > 1 && n <= 1+tt.times { // the first asks for the watchlist
						return tt.refuse, nil
					}
					return work(), nil
				}
				begun := time.Now()
				sum, err := enrol(t, f, who, "", nil)
				if err != nil || sum.Pictures[enrolment.Enrolled] != 1 {
					t.Fatalf("got %v, %v, want one enrolled", sum, err)
				}
				if took := time.Since(begun); took < tt.least || took > tt.most {
					t.Errorf("the run took %v, want %v to %v", took, tt.least, tt.most)
				}
			})
		})
	}
}

// TestRunEnds: what is in the way of every picture ends the run.
func TestRunEnds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		answer remote.Answer
		err    error
		want   face.Kind
	}{
		{"no way in", remote.Answer{Status: http.StatusUnauthorized}, nil, face.Unauthenticated},
		{"not with this key", remote.Answer{Status: http.StatusForbidden}, nil, face.Forbidden},
		{"another server", remote.Answer{Status: http.StatusNotFound}, nil, face.NotFound},
		{"full for good", remote.Answer{Status: http.StatusTooManyRequests, RetryAfter: time.Second}, nil, face.Unavailable},
		{"gone for good", remote.Answer{}, errBroken, face.Unavailable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			who := people(t, three())
			synctest.Test(t, func(t *testing.T) {
				f := newFakeServer()
				f.answer = func(n int, work func() remote.Answer) (remote.Answer, error) {
					if n < 4 {
						return work(), nil
					}
					return tt.answer, tt.err
				}
				begun := time.Now()
				sum, err := enrol(t, f, who, "", func(o *enrolment.Options) { o.Concurrency = 1 })
				if got := face.KindOf(err); err == nil || got != tt.want {
					t.Errorf("got %v (%v), want %v", err, got, tt.want)
				}
				if sum.Pictures[enrolment.Enrolled] != 2 {
					t.Errorf("got %v, want 2 enrolled before", sum)
				}
				if took := time.Since(begun); took > time.Minute {
					t.Errorf("the run ended after %v, want its patience of a minute at most", took)
				}
			})
		})
	}
}

// TestRunFails: a fault of the server, or of a file, is of one picture.
func TestRunFails(t *testing.T) {
	t.Parallel()
	who := people(t, map[string]string{"anna/1.jpg": "a1", "anna/2.jpg": "a2", "ben.jpg": "b", "cleo.jpg": "c"})
	who[2].Pictures[0].Path += ".gone"
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer()
		f.answer = func(n int, work func() remote.Answer) (remote.Answer, error) {
			if n >= 2 && n <= 4 { // anna/1.jpg, three times
				return remote.Answer{Status: http.StatusInternalServerError}, nil
			}
			return work(), nil
		}
		sum, err := enrol(t, f, who, "", func(o *enrolment.Options) { o.Concurrency = 1 })
		if err != nil {
			t.Fatal(err)
		}
		want := enrolment.Summary{Pictures: map[enrolment.Outcome]int{enrolment.Enrolled: 2, enrolment.Failed: 2}, Without: 1}
		if diff := cmp.Diff(want, sum); diff != "" || sum.Complete() {
			t.Errorf("complete: got %v, want false; summary (-want +got):\n%s", sum.Complete(), diff)
		}
	})
}

// TestRunWhole: somebody with a bad picture is not enrolled at all.
func TestRunWhole(t *testing.T) {
	t.Parallel()
	f := newFakeServer()
	sum, err := enrol(t, f, people(t, three()), "", func(o *enrolment.Options) { o.Whole = true })
	if err != nil {
		t.Fatal(err)
	}
	want := enrolment.Summary{Pictures: map[enrolment.Outcome]int{enrolment.Enrolled: 4, enrolment.Refused: 3}, Without: 1}
	if diff := cmp.Diff(want, sum); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"anna": 3, "ben": 1}, f.faces()); diff != "" {
		t.Errorf("faces (-want +got):\n%s", diff)
	}
}

// TestRunMeetsMembers: somebody who is there already gets the pictures and the
// watchlist; somebody who was deleted since the report was written is enrolled again.
func TestRunMeetsMembers(t *testing.T) {
	t.Parallel()
	f := newFakeServer()
	f.members["ben"] = map[string]bool{"his own": true}
	who := people(t, three())
	report := filepath.Join(t.TempDir(), "report.jsonl")
	if _, err := enrol(t, f, who, report, nil); err != nil {
		t.Fatal(err)
	}
	if got := f.members["ben"]; len(got) != 2 || !got["his own"] || !slices.Contains(f.lists["w"], "ben") {
		t.Errorf("ben has the faces %v and the watchlist holds %q, want one more face, and him", got, f.lists["w"])
	}
	delete(f.members, "cleo")
	who[2].Pictures = append(who[2].Pictures, enrolment.Picture{Item: "more.jpg", Path: who[0].Pictures[0].Path})
	if _, err := enrol(t, f, who, report, nil); err != nil {
		t.Fatal(err)
	}
	if got := len(f.members["cleo"]); got != 1 {
		t.Errorf("cleo has %d faces, want the one that was not reported", got)
	}
}

func TestRunWatchlist(t *testing.T) {
	t.Parallel()
	who := people(t, three())
	f := newFakeServer()
	delete(f.lists, "w")
	if _, err := enrol(t, f, who, "", nil); face.KindOf(err) != face.NotFound || len(f.sent) != 1 {
		t.Errorf("got %v and the requests %q, want one, and that there is no watchlist", err, f.sent)
	}
	if _, err := enrol(t, f, who, "", func(o *enrolment.Options) { o.Create = true }); err != nil || len(f.lists["w"]) != 3 {
		t.Errorf("got %v and %q, want all three on the watchlist", err, f.lists["w"])
	}
}

// TestRunConcurrency: one person with many pictures is enrolled by as many requests at
// a time as many people are, and never by more.
func TestRunConcurrency(t *testing.T) {
	t.Parallel()
	pictures := map[string]string{}
	for i := range 40 {
		pictures[fmt.Sprintf("anna/%d.jpg", i)] = fmt.Sprint("a", i)
		pictures[fmt.Sprintf("p%d.jpg", i)] = fmt.Sprint("p", i)
	}
	who := people(t, pictures)
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer()
		f.takes = time.Second
		begun := time.Now()
		if _, err := enrol(t, f, who, "", func(o *enrolment.Options) { o.Concurrency = 4 }); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begun); f.most != 4 || took > 23*time.Second {
			t.Errorf("%d requests at a time, %v in all, want 4 and about 21 s", f.most, took)
		}
	})
}

func TestRunOptions(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*enrolment.Options){
		"no watchlist":   func(o *enrolment.Options) { o.Watchlist = "" },
		"no concurrency": func(o *enrolment.Options) { o.Concurrency = 0 },
		"no patience":    func(o *enrolment.Options) { o.Patience = 0 },
		"a face of -1":   func(o *enrolment.Options) { o.MinFaceSize = -1 },
	} {
		f := newFakeServer()
		if _, err := enrol(t, f, people(t, three()), "", change); face.KindOf(err) != face.Invalid || len(f.sent) > 0 {
			t.Errorf("%s: got %v after %d requests, want an Invalid error after none", name, err, len(f.sent))
		}
	}
}

// TestEachAlone: every picture is a member, and no two share an id.
func TestEachAlone(t *testing.T) {
	t.Parallel()
	f := newFakeServer()
	who := enrolment.EachAlone(people(t, map[string]string{"anna/1.jpg": "a", "anna/1.png": "a", "ben/1.jpg": "b"}))
	if _, err := enrol(t, f, who, "", nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"anna/1.jpg", "anna/1.png", "ben/1.jpg"}, sortedKeys(f.faces())); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
}
