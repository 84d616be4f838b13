package models_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/face"
)

// outcomes sums up a report.
func outcomes(r models.Report) map[string]models.Outcome {
	got := map[string]models.Outcome{}
	for _, f := range r.Files {
		got[f.Entry.File] = f.Outcome
	}
	return got
}

func fileReport(t *testing.T, r models.Report, file string) models.FileReport {
	t.Helper()
	for _, f := range r.Files {
		if f.Entry.File == file {
			return f
		}
	}
	t.Fatalf("no %s in the report", file)
	return models.FileReport{}
}

func TestPull_everySource(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new", "models")
	npm, python := goodNPM(t), goodPython(t)
	web := newHost(t, serveModels)
	report, err := manifest().Pull(t.Context(), models.Options{
		Dir: dir, LookIn: []string{folder(t, "light.onnx"), dir}, Mirror: web.URL + "/", NPM: npm.program, Python: python.program,
	})
	if err != nil {
		t.Fatalf("Pull() error = %v", err)
	}
	want := map[string]models.Outcome{
		"detector.onnx": models.Downloaded, "age.onnx": models.Extracted,
		"light.onnx": models.Copied, "mask.onnx": models.Absent,
	}
	if diff := cmp.Diff(want, outcomes(report)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	if report.Pack != models.Standard || report.FellBack != nil {
		t.Errorf("got pack %q, fell back %v, want standard, nil", report.Pack, report.FellBack)
	}
	wantFiles(t, dir, "age.onnx", "detector.onnx", "light.onnx")
	if calls := npm.calls(t); calls != nil {
		t.Errorf("npm was asked %q, want nothing: the standard pack here needs none of it", calls)
	}
	mask := fileReport(t, report, "mask.onnx")
	if last := mask.Attempts[len(mask.Attempts)-1]; !strings.Contains(last.Err.Error(), "convert it") {
		t.Errorf("mask.onnx: got %v, want how to make it", last.Err)
	}
}

func TestPull_secondTimeFetchesNothing(t *testing.T) {
	t.Parallel()
	dir := folder(t, "detector.onnx", "age.onnx", "light.onnx")
	web := newHost(t, serveModels)
	python := goodPython(t)
	report, err := manifest().Pull(t.Context(), models.Options{
		Dir: dir, Pack: models.Standard, Mirror: web.URL, Python: python.program, NPM: deadClient(t),
	})
	if err != nil {
		t.Fatalf("Pull() error = %v", err)
	}
	if got := outcomes(report)["detector.onnx"]; got != models.Present {
		t.Errorf("detector.onnx: got %q, want %q", got, models.Present)
	}
	if len(web.requests()) != 0 || python.calls(t) != nil {
		t.Errorf("got requests %v and calls %v, want none", web.requests(), python.calls(t))
	}
}

func TestPull_requiredOnly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	report, err := manifest().Pull(t.Context(), models.Options{
		Dir: dir, RequiredOnly: true, LookIn: []string{folder(t, "light.onnx", "detector.onnx", "age.onnx")},
		Mirror: closedHost(t), NPM: deadClient(t), Python: deadClient(t),
	})
	if err != nil {
		t.Fatalf("Pull() error = %v", err)
	}
	if len(report.Files) != 2 {
		t.Errorf("got %v, want the two required files", outcomes(report))
	}
	wantFiles(t, dir, "age.onnx", "detector.onnx")
}

func TestPull_fallsBackToRegistries(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	npm, python := goodNPM(t), goodPython(t)
	report, err := manifest().Pull(t.Context(), models.Options{
		Dir: dir, Mirror: closedHost(t), NPM: npm.program, Python: python.program,
	})
	if err != nil {
		t.Fatalf("Pull() error = %v", err)
	}
	want := map[string]models.Outcome{
		"registry.onnx": models.Extracted, "eye.onnx": models.Extracted, "age.onnx": models.Extracted,
	}
	if diff := cmp.Diff(want, outcomes(report)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	if report.Pack != models.Registry {
		t.Errorf("Pack = %q, want %q", report.Pack, models.Registry)
	}
	why, ok := errors.AsType[*models.PullError](report.FellBack)
	if !ok || len(why.Files) != 1 || why.Files[0].Entry.File != "detector.onnx" {
		t.Errorf("FellBack = %v, want a PullError about detector.onnx", report.FellBack)
	}
	wantFiles(t, dir, "age.onnx", "eye.onnx", "registry.onnx")
	if calls := npm.calls(t); len(calls) != 1 || !strings.HasSuffix(calls[0], " some-package@0.0.1") {
		t.Errorf("npm was called with %q, want once, for some-package@0.0.1", calls)
	}
	if calls := python.calls(t); len(calls) != 2 || !strings.HasSuffix(calls[1], " some_models==2.0.0") {
		t.Errorf("python was called with %q, want --version, then some_models==2.0.0 once", calls)
	}
}

func TestPull_nothingToBeHad(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	shelf := t.TempDir()
	write(t, filepath.Join(shelf, "age.onnx"), "rubbish")
	mirror := closedHost(t)
	_, err := manifest().Pull(t.Context(), models.Options{
		Dir: dir, LookIn: []string{shelf}, Mirror: mirror, NPM: "/nowhere/npm", Python: deadClient(t),
	})
	if face.KindOf(err) != face.Unavailable {
		t.Fatalf("Pull() error = %v, want kind %v", err, face.Unavailable)
	}
	for _, part := range []string{
		"the standard pack is not complete", "the registry pack is not complete",
		"detector.onnx (detector)", shelf + ": no such file there", mirror + "/owner/repo/", "connection refused",
		"registry.onnx (detector)", "npm some-package@0.0.1: ", "/nowhere/npm",
		"age.onnx (age)", sum("rubbish"), sum(content("age.onnx")), "pypi some_models==2.0.0: client: exit status 1: npm error code ENOTFOUND",
	} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("Pull() error lacks %q:\n%v", part, err)
		}
	}
	wantFiles(t, dir)
}

func TestPull_replacesWrongFile(t *testing.T) {
	t.Parallel()
	dir := folder(t, "age.onnx")
	write(t, filepath.Join(dir, "detector.onnx"), "tampered with")
	report, err := manifest().Pull(t.Context(), models.Options{
		Dir: dir, Pack: models.Standard, RequiredOnly: true, LookIn: []string{folder(t, "detector.onnx")},
	})
	if err != nil {
		t.Fatalf("Pull() error = %v", err)
	}
	got := fileReport(t, report, "detector.onnx")
	if got.Outcome != models.Copied || got.Replaced != sum("tampered with") {
		t.Errorf("got %q, replaced %q, want %q, %q", got.Outcome, got.Replaced, models.Copied, sum("tampered with"))
	}
	wantFiles(t, dir, "age.onnx", "detector.onnx")
}

func TestPull_wrongFileThatCannotBeReplaced(t *testing.T) {
	t.Parallel()
	dir := folder(t, "age.onnx")
	write(t, filepath.Join(dir, "detector.onnx"), "tampered with")
	report, err := manifest().Pull(t.Context(), models.Options{Dir: dir, Pack: models.Standard, Mirror: closedHost(t)})
	if face.KindOf(err) != face.Unavailable {
		t.Errorf("Pull() error = %v, want kind %v", err, face.Unavailable)
	}
	got := fileReport(t, report, "detector.onnx")
	if got.Outcome != models.Absent || got.Replaced != sum("tampered with") {
		t.Errorf("got %q, hash %q, want %q and the hash found", got.Outcome, got.Replaced, models.Absent)
	}
}

func TestPull_badOptions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		o    models.Options
	}{
		{"no folder", models.Options{}},
		{"unknown pack", models.Options{Dir: t.TempDir(), Pack: "deluxe"}},
	}
	for _, tt := range tests {
		if _, err := manifest().Pull(t.Context(), tt.o); face.KindOf(err) != face.Invalid {
			t.Errorf("%s: Pull() error = %v, want kind %v", tt.name, err, face.Invalid)
		}
	}
}

// A folder that cannot be written is no fault of a source: trying the next one
// would only hide it.
func TestPull_folderIsAFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "models")
	write(t, path, "")
	if _, err := manifest().Pull(t.Context(), models.Options{Dir: path}); err == nil {
		t.Error("Pull() error = nil, want one about the folder")
	}
	dir := folder(t, "age.onnx")
	mkdir(t, filepath.Join(dir, "detector.onnx", "in the way"))
	web := newHost(t, serveModels)
	_, err := manifest().Pull(t.Context(), models.Options{
		Dir: dir, Mirror: web.URL, LookIn: []string{folder(t, "detector.onnx")}, NPM: deadClient(t),
	})
	if err == nil || !strings.Contains(err.Error(), "cannot write the models folder") {
		t.Errorf("Pull() error = %v, want one about the folder", err)
	}
	if got := web.requests(); len(got) != 0 {
		t.Errorf("got requests %v, want none after the folder failed", got)
	}
}

func TestPull_clearsOldPartials(t *testing.T) {
	t.Parallel()
	dir := folder(t, "age.onnx", "detector.onnx")
	old, young := filepath.Join(dir, ".age.onnx.1.partial"), filepath.Join(dir, ".age.onnx.2.partial")
	write(t, old, "half")
	write(t, young, "half")
	week := time.Now().Add(-7 * 24 * time.Hour)
	if err := os.Chtimes(old, week, week); err != nil {
		t.Fatal(err)
	}
	if _, err := manifest().Pull(t.Context(), models.Options{Dir: dir, RequiredOnly: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Stat(old partial) error = %v, want none there", err)
	}
	if _, err := os.Stat(young); err != nil {
		t.Errorf("Stat(young partial) error = %v, want it left: it may be under way", err)
	}
}

func TestPull_progress(t *testing.T) {
	t.Parallel()
	var got []models.Event
	web := newHost(t, http.NotFound)
	_, err := manifest().Pull(t.Context(), models.Options{
		Dir: folder(t, "detector.onnx"), Pack: models.Standard, LookIn: []string{folder(t, "age.onnx")}, Mirror: web.URL,
		Progress: func(e models.Event) { got = append(got, e) },
	})
	if err != nil {
		t.Fatal(err)
	}
	size := func(file string) int64 { return int64(len(content(file))) }
	want := []models.Event{
		{File: "detector.onnx", Phase: models.Checking, Total: size("detector.onnx")},
		{File: "detector.onnx", Phase: models.Finished, Done: size("detector.onnx"), Total: size("detector.onnx")},
		{File: "age.onnx", Phase: models.Checking, Total: size("age.onnx")},
		{File: "age.onnx", Phase: models.Copying, Done: size("age.onnx"), Total: size("age.onnx")},
		{File: "age.onnx", Phase: models.Finished, Done: size("age.onnx"), Total: size("age.onnx")},
		{File: "light.onnx", Phase: models.Checking, Total: size("light.onnx")},
		{File: "light.onnx", Phase: models.Unavailable, Total: size("light.onnx")},
		{File: "mask.onnx", Phase: models.Checking, Total: size("mask.onnx")},
		{File: "mask.onnx", Phase: models.Unavailable, Total: size("mask.onnx")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}
