package enrolment_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/cmd/internal/enrolment"
	"github.com/facekeep/facekeep/face"
)

// TestReportGoesOn: a report whose writer was killed in the middle of a line is gone on
// with, and the last word on a picture counts.
func TestReportGoesOn(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "report.jsonl")
	r := openReport(t, path)
	for _, l := range []enrolment.Line{
		{Item: "a/1.jpg", Member: "a", Outcome: enrolment.Enrolled, Millis: 31},
		{Item: "a/2.jpg", Member: "a", Outcome: enrolment.Refused, Reason: "no face"},
		{Item: "a/3.jpg", Member: "a", Outcome: enrolment.Failed},
		{Item: "a/3.jpg", Member: "a", Outcome: enrolment.Existed},
	} {
		if err := r.Add(l); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, path, string(before)+`{"item":"a/4.jpg","member":"a","outco`)
	r = openReport(t, path)
	all := []enrolment.Picture{{Item: "a/1.jpg"}, {Item: "a/2.jpg"}, {Item: "a/3.jpg"}, {Item: "a/4.jpg"}}
	left := []enrolment.Picture{{Item: "a/2.jpg"}, {Item: "a/4.jpg"}}
	if diff := cmp.Diff(left, r.Left(enrolment.Person{ID: "a", Pictures: all})); diff != "" {
		t.Errorf("pictures that are left (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(all, r.Left(enrolment.Person{ID: "b", Pictures: all})); diff != "" {
		t.Errorf("pictures of another member that are left (-want +got):\n%s", diff)
	}
	if err := r.Add(enrolment.Line{Item: "a/4.jpg", Member: "a", Outcome: enrolment.Enrolled}); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := string(before) + `{"item":"a/4.jpg","member":"a","outcome":"enrolled","ms":0}` + "\n"
	if string(after) != want {
		t.Errorf("the file holds\n%s\nwant\n%s", after, want)
	}
}

// TestReportRefuses: a file that is about something else is left as it is.
func TestReportRefuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"another watchlist": `{"url":"http://server","watchlist":"v"}` + "\n",
		"another server":    `{"url":"http://other","watchlist":"w"}` + "\n",
		"another file":      "path,id\na.jpg,7\n",
		"no lines":          "{}",
		"other lines":       `{"url":"http://server","watchlist":"w"}` + "\n" + `{"id":1}` + "\n",
	} {
		path := filepath.Join(t.TempDir(), "report.jsonl")
		writeFile(t, path, text)
		if _, err := enrolment.OpenReport(path, head); face.KindOf(err) != face.Invalid || err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got %v, want an Invalid error that names the file", name, err)
		}
		if data, err := os.ReadFile(path); err != nil || string(data) != text {
			t.Errorf("%s: the file was changed to %q (%v)", name, data, err)
		}
	}
}
